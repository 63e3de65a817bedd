/** What can go wrong, each with what it means and what to do. The client keeps answering and retrying throughout. */
export type FlagsErrorCode =
  /** `connect` was given an option it cannot use. Without a usable `url` and `sdkKey` it never connects. */
  | 'options_invalid'
  /** No connection could be made. Retried with backoff. */
  | 'connection_failed'
  /** An established connection broke or fell silent. Retried with backoff. */
  | 'connection_lost'
  /** The server does not accept the SDK key. Retried slowly, so that a repaired key works without a restart. */
  | 'key_refused'
  /** The server does not speak this SDK's protocol version. Retried slowly. */
  | 'protocol_unsupported'
  /** The server sent something that cannot be used. The client reconnects and asks for a snapshot. */
  | 'message_unusable'
  /** Flags that could not be understood; each answers the caller's default with PARSE_ERROR. */
  | 'flags_broken';

/** Carried by the `error` event and by `ready()`. Never thrown. */
export class FlagsError extends Error {
  readonly code: FlagsErrorCode;

  constructor(code: FlagsErrorCode, message: string) {
    super(message);
    this.name = 'FlagsError';
    this.code = code;
  }

  /** True when nothing will change until someone changes the configuration. */
  get fatal(): boolean {
    return this.code === 'options_invalid' || this.code === 'key_refused' || this.code === 'protocol_unsupported';
  }
}

/** Builds the error for a problem: what happened, then what to do about it. */
export function describeProblem(code: FlagsErrorCode, detail: string): FlagsError {
  return new FlagsError(code, SENTENCES[code](detail));
}

const SENTENCES: Readonly<Record<FlagsErrorCode, (detail: string) => string>> = {
  options_invalid: (detail) => `connect(): ${detail}`,
  connection_failed: (detail) =>
    `Cannot connect: ${detail}. Check that url names a running Bunting server and that a proxy in between lets ` +
    'WebSockets through. Retrying with backoff, and by the other transports; answers come from what is in memory.',
  connection_lost: (detail) =>
    `Connection lost: ${detail}. Reconnecting with backoff; answers come from what is in memory.`,
  key_refused: (detail) =>
    `The server refused the SDK key: ${detail}. Set sdkKey to a server key of the environment, as made in the admin ` +
    'UI under Keys. Retrying every 30 to 60 s, so a key that becomes valid needs no restart.',
  protocol_unsupported: (detail) =>
    `The server does not speak this SDK's protocol: ${detail}. Upgrade the older of the two. Retrying every 30 to 60 s.`,
  message_unusable: (detail) =>
    `The server sent something unusable: ${detail}. Reconnecting for a snapshot; answers come from what is in memory. ` +
    'If it repeats, compare the versions of server and SDK.',
  flags_broken: (detail) =>
    `Flags that cannot be understood answer their callers' defaults: ${detail}. Open each in the admin UI and save it ` +
    'again, or upgrade the SDK if it is older than the server.',
};
