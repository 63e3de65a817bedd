/**
 * The part of the sync protocol (`bunting.v1`) that a page speaks. Declared here, so that this package and its types
 * depend on nothing; tests hold it to the server's side.
 */
export const SUBPROTOCOL = 'bunting.v1';
export const PROTOCOL_VERSION = 1;

/** Close codes after which trying again soon is useless. */
export const CLOSE = { keyRefused: 4401, contextRefused: 4403, protocolUnsupported: 4406 } as const;

/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What the page knows about its user, as JSON. */
export interface EvaluationContext {
  /** Identifies the user (or session, or device). */
  readonly targetingKey?: string;
  readonly [attribute: string]: unknown;
}

/** Why an evaluation answered as it did. OpenFeature's words. */
export type Reason = 'STATIC' | 'TARGETING_MATCH' | 'SPLIT' | 'DEFAULT' | 'DISABLED' | 'CACHED' | 'STALE' | 'ERROR';

/** Identifies the ruleset that the values were evaluated by. */
export interface Revision {
  readonly incarnation: string;
  readonly number: number;
  readonly hash: string;
}

export interface EvaluatedValue {
  readonly value: Json;
  readonly variant: string;
  readonly reason: Reason;
  /** Answered instead when no server has vouched for it for so many seconds. */
  readonly lease?: EvaluatedValue & { readonly seconds: number };
}

/** In milliseconds. */
export interface Ages {
  /** How old the server's own data is. */
  readonly dataAgeMs?: number;
  /** How long ago it looked after what is leased, where that is longer ago. */
  readonly vouchAgeMs?: number;
}

/** The server's messages that matter to a page; it lets others pass. */
export interface ValuesMessage extends Ages {
  readonly type: 'values';
  readonly revision: Revision;
  /** When the revision was committed, milliseconds since 1970, UTC. */
  readonly committedAtMs: number;
  /** Counts these messages on a connection; absent from servers of earlier times. */
  readonly seq?: number;
  /** True: these are all values. False: these replace those of the same key. */
  readonly whole: boolean;
  readonly values: Readonly<Record<string, EvaluatedValue>>;
  readonly delete: readonly string[];
}
export interface HeartbeatMessage extends Ages {
  readonly type: 'heartbeat';
}
export interface GoodbyeMessage {
  readonly type: 'goodbye';
  readonly retryAfterMs: number;
}
export interface ErrorMessage {
  readonly type: 'error';
  readonly code: string;
  readonly message: string;
}
export type ServerMessage = ValuesMessage | HeartbeatMessage | GoodbyeMessage | ErrorMessage;

/** Reads a frame. Undefined: a message of a kind that does not concern a page. Throws when it is malformed. */
export function readMessage(frame: unknown): ServerMessage | undefined {
  const message: unknown = JSON.parse(String(frame));
  if (!isRecord(message) || typeof message.type !== 'string') throw new TypeError('a message without a type');
  // Names such as `constructor` are no types either.
  if (!Object.hasOwn(SHAPES, message.type)) return undefined;
  if (!SHAPES[message.type]?.(message)) throw new TypeError(`a malformed ${message.type} message`);
  return message as unknown as ServerMessage;
}

type Fields = Readonly<Record<string, unknown>>;

const SHAPES: Readonly<Record<string, (message: Fields) => boolean>> = {
  values: ({ revision, committedAtMs, whole, values, delete: deleted }) =>
    isRecord(revision) &&
    Number.isSafeInteger(revision.number) &&
    Number.isFinite(committedAtMs) &&
    typeof whole === 'boolean' &&
    isRecord(values) &&
    Object.values(values).every((value) => isRecord(value) && 'value' in value && typeof value.variant === 'string') &&
    Array.isArray(deleted),
  heartbeat: ({ dataAgeMs = 0 }) => Number.isFinite(dataAgeMs),
  goodbye: ({ retryAfterMs }) => Number.isFinite(retryAfterMs),
  error: ({ code, message }) => typeof code === 'string' && typeof message === 'string',
};

export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
