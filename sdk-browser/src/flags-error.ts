/** What can go wrong. The client keeps answering and retrying throughout. */
export type FlagsErrorCode =
  /** `connect` was not given a usable `url` and `clientKey`: it never connects. */
  | 'options_invalid'
  /** No connection, or it broke. Retried with backoff. */
  | 'connection_failed'
  /** The server does not accept the client key or this page's origin. Retried slowly. */
  | 'key_refused'
  /** The server wants the context proved, and `contextHash` does not. Retried slowly. */
  | 'context_refused'
  /** The server does not speak this SDK's protocol version. Retried slowly. */
  | 'protocol_unsupported'
  /** The server sent something that cannot be used. The client reconnects. */
  | 'message_unusable';

/** Carried by the `error` event and by `ready()`. Never thrown. */
export class FlagsError extends Error {
  readonly code: FlagsErrorCode;
  /** True when nothing will change until someone changes the configuration. */
  readonly fatal: boolean;

  constructor(code: FlagsErrorCode, detail: string) {
    super(`${detail}. ${FIXES[code]}`);
    this.name = 'FlagsError';
    this.code = code;
    this.fatal = code !== 'connection_failed' && code !== 'message_unusable';
  }
}

const FIXES: Readonly<Record<FlagsErrorCode, string>> = {
  options_invalid:
    'Pass url, such as https://flags.example.com, and clientKey, a client key (bnt_cli_...) and never a server key',
  connection_failed: 'Retrying with backoff',
  key_refused: 'Set clientKey to a client key of the environment, made in the admin UI under Keys',
  context_refused: 'Pass contextHash, made by signContext() of @bunting/node for exactly this context',
  protocol_unsupported: 'Upgrade the older of server and SDK',
  message_unusable: 'Reconnecting; if it repeats, compare the versions of server and SDK',
};
