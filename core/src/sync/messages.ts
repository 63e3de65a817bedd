import type { Reason } from '../evaluation.ts';
import type { EvaluationContext, Flag, Json, Kill, Revision } from '../model.ts';

/**
 * The sync protocol, subprotocol `bunting.v1`. A message is one WebSocket text frame: a JSON header on the first line
 * and, for `snapshot` and `changes`, one line for each item: `flag <key> <json>`, `segment <key> <json>` and so on.
 * Items stay text until they are needed, so a ruleset of 10 000 flags is ready in the time it takes to find the line
 * ends.
 */
export const SUBPROTOCOL = 'bunting.v1';
export const PROTOCOL_VERSION = 1;

/** WebSocket close codes. The frame before a close is an `error` message that says what to do. */
export const CLOSE = {
  /** The server is going away; a `goodbye` said when to come back. */
  serviceRestart: 1012,
  /** A message could not be understood. */
  badMessage: 4400,
  /** The key is unknown, revoked or of the wrong kind. Retry slowly: someone may fix it. */
  keyRefused: 4401,
  /** The page's context is not proved. Retry slowly, as above. */
  contextRefused: 4403,
  /** The server does not speak the client's protocol version. */
  protocolUnsupported: 4406,
  /** No `hello` came in time. */
  helloTimeout: 4408,
  /** The client reads too slowly; it should reconnect and resume. */
  tooSlow: 4413,
} as const;

// ---- client to server

/** The first message of a connection. The key is here, so that no secret stands in a URL. */
export interface HelloMessage {
  readonly type: 'hello';
  readonly protocol: number;
  /** A server SDK key, or a client key together with `context`. */
  readonly key: string;
  readonly sdk: { readonly name: string; readonly version: string };
  readonly instance: { readonly id: string; readonly app?: string; readonly host?: string };
  readonly deploy?: { readonly version?: string; readonly stage?: string; readonly color?: string };
  /** The revision the client already runs; null asks for a snapshot. */
  readonly have: Pick<Revision, 'incarnation' | 'number' | 'hash'> | null;
  /** Client keys only: the context to evaluate for. */
  readonly context?: EvaluationContext;
  /** Proves the context where that is required: HMAC-SHA256, hex, of its canonical JSON by a secret of the environment. */
  readonly contextHash?: string;
  /**
   * How frames may be packed. `gzip`: a binary frame holds a message's text, compressed, in one gzip member or several;
   * the server does so where it pays (snapshots).
   */
  readonly accept?: readonly ('gzip' | 'context-proof')[];
}

/** Says that the instance now answers by `revision`. */
export interface ReceiptMessage {
  readonly type: 'receipt';
  readonly revision: Revision;
  /** Flags that the instance could not understand; `keys` names 20 at most. */
  readonly broken: { readonly count: number; readonly keys: readonly string[] };
}

/** Says that the instance now answers by a kill or re-arm. */
export interface KillReceiptMessage extends Kill {
  readonly type: 'kill-receipt';
}

/** What was counted since the last telemetry message. */
export interface TelemetryMessage {
  readonly type: 'telemetry';
  readonly exposures: readonly Exposure[];
  /** Of server keys. Servers that do not know them ignore them. */
  readonly events?: readonly MetricEvent[];
}
/** What the host tracked under one name: how often, and the sum of the values it gave. */
export interface MetricEvent {
  readonly name: string;
  readonly count: number;
  readonly sum: number;
}
export interface Exposure {
  readonly flag: string;
  /** Absent when the caller's default was served. */
  readonly variant?: string;
  readonly reason: Reason;
  readonly count: number;
}

/**
 * What code paths that flags choose between did in a stretch of time. Of server keys, and only to servers whose `welcome`
 * says that they take it.
 */
export interface MeasurementsMessage {
  readonly type: 'measurements';
  /** Grows from message to message of one instance, also over its restarts: one that comes twice counts once. */
  readonly seq: number;
  /** When the stretch began, by the origin's clock as the SDK knows it: milliseconds since 1970, UTC. */
  readonly startMs: number;
  /** 1 000 as a rule; longer after a pause or a lost connection. */
  readonly durationMs: number;
  readonly paths: readonly PathCount[];
  readonly comparisons?: readonly ComparisonCount[];
  /** How much was measured and is not in here, for want of room or of a connection. */
  readonly dropped?: number;
}
/**
 * One side of a choice: of `flags.run`, of a migration's reads or writes, or of `flags.shadow`. For `run` the variant
 * tells the sides apart.
 */
export type PathName =
  | 'run'
  | 'read.old'
  | 'read.new'
  | 'write.old'
  | 'write.new'
  | 'current'
  | 'candidate'
  /** What the host tracked and says is about the flag: there are no errors, and `durations` are values in thousandths. */
  | `event:${string}`;
/** What one path did for those who were served alike. May come more than once in a message: counts add up. */
export interface PathCount {
  readonly flag: string;
  /** That the flag served; empty where it was the caller's default. */
  readonly variant: string;
  /** `SPLIT`: the variants are exchangeable. */
  readonly reason: Reason;
  /** The rule that decided; absent: the default rule, or none. */
  readonly ruleId?: string;
  readonly path: PathName;
  /** How often it ran; errors and timeouts are among these. */
  readonly count: number;
  /** It threw or rejected. */
  readonly errors: number;
  /** It was not done by its deadline. Only of a side that nobody waits for. */
  readonly timeouts?: number;
  /** A `DurationSketch` of what ended in time, encoded; microseconds. */
  readonly durations?: string;
  /** A `SubjectSketch` of whom it failed for, encoded. */
  readonly failing?: string;
  /** Of flags with `slices`: triples of slice (0 to 99), count and errors, one after the other. */
  readonly slices?: readonly number[];
  /** Of flags with `slices`: subjects that a split served, each once as a rule; repeats do no harm. */
  readonly firsts?: FirstExposures;
}
/** Subjects that one state of a split served, as `Subjects.firsts` hashes them. */
export interface FirstExposures {
  /** Of the split. */
  readonly mark: number;
  readonly hashes: readonly number[];
}
/** Of one `PathCount`. */
export const MAX_FIRSTS = 2_000;
/** How two sides' results compared, in a migration's reads or in `flags.shadow`. */
export interface ComparisonCount {
  readonly flag: string;
  readonly variant: string;
  readonly path: 'read' | 'shadow';
  readonly compared: number;
  /** Among the compared. */
  readonly mismatched: number;
  /** Not compared: a side failed or was late, or too many were under way. */
  readonly skipped: number;
}

/** Sent both ways when nothing else was for a while. */
export interface HeartbeatMessage {
  readonly type: 'heartbeat';
  /** From the server: the origin's clock, milliseconds since 1970, UTC. */
  readonly timeMs?: number;
  /**
   * How old the sender's data is, in milliseconds: how long ago the origin last confirmed that it is the newest. 0 at the
   * origin; a relay adds its own wait to what it was told, and an SDK reports what it has.
   */
  readonly dataAgeMs?: number;
  /**
   * From the server: how long ago the origin looked after what is leased (`Lease`), in milliseconds, where that is longer ago
   * than `dataAgeMs`.
   */
  readonly vouchAgeMs?: number;
}

/**
 * What contexts were evaluated for, as far as the server's `settings` allow. Of server keys, and only to servers that
 * sent settings.
 */
export interface ContextsMessage {
  readonly type: 'contexts';
  readonly attributes: readonly SeenAttribute[];
  /** None unless whole contexts are wanted. Those of one targeting key are one, the latest. */
  readonly samples: readonly SampledContext[];
  /** Samples that were not sent for want of room. */
  readonly dropped?: number;
}
export interface SeenAttribute {
  /** As conditions name it: `country`, `org.plan`. */
  readonly path: string;
  readonly type: AttributeType;
  /** In how many of the sampled contexts. */
  readonly count: number;
}
/** Of a value as it is in JSON. A list whose elements differ is a `list`. */
export type AttributeType =
  | 'string'
  | 'number'
  | 'boolean'
  | 'object'
  | 'list'
  | `list of ${'string' | 'number' | 'boolean' | 'object'}`;
export interface SampledContext {
  /** Without its private attributes. */
  readonly context: { readonly [attribute: string]: Json };
  /** When it was sampled last, by the origin's clock, milliseconds since 1970, UTC. */
  readonly seenAtMs: number;
  readonly count: number;
  /** Something was left out or cut for its size. */
  readonly isCut?: boolean;
}

export type ClientMessage =
  | HelloMessage
  | ReceiptMessage
  | KillReceiptMessage
  | TelemetryMessage
  | MeasurementsMessage
  | ContextsMessage
  | HeartbeatMessage;

// ---- server to client

/**
 * To server keys, when their hello was admitted. Without it nothing further is taken. Over HTTP the answer to a report
 * says the same.
 */
export interface WelcomeMessage {
  readonly type: 'welcome';
  /** Types of client messages that not every server takes, such as `measurements`. Names that one does not know are none. */
  readonly takes: readonly string[];
}

/** A flag or other item as it travels: its document as JSON text. */
export interface Item {
  readonly kind: ItemKind;
  readonly key: string;
  readonly json: string;
}
/** `keys` is a page of a segment's keys. */
export type ItemKind = 'flag' | 'segment' | 'keys' | 'layer' | 'holdout';
export type ItemName = Pick<Item, 'kind' | 'key'>;

interface RulesetHeader {
  readonly revision: Revision;
  /** When the revision was committed, milliseconds since 1970, UTC. */
  readonly committedAtMs: number;
  /** The origin's clock when the message was made. */
  readonly timeMs: number;
  /** How old the sender's data was then, as in a heartbeat. Absent: 0. */
  readonly dataAgeMs?: number;
  /** As in a heartbeat. */
  readonly vouchAgeMs?: number;
}

/** The whole ruleset. */
export interface SnapshotMessage extends RulesetHeader {
  readonly type: 'snapshot';
  readonly kills: readonly Kill[];
  readonly items: readonly Item[];
}

/** What leads from revision `from` to `revision`, whole: it is applied entirely or not at all. */
export interface ChangesMessage extends RulesetHeader {
  readonly type: 'changes';
  /** Number of the revision that these changes start from, of the same incarnation. */
  readonly from: number;
  readonly delete: readonly ItemName[];
  /** New or replaced items. */
  readonly items: readonly Item[];
}

/** A kill or re-arm. Outside the revision sequence: it may overtake changes, and comes again in every snapshot. */
export interface KillMessage extends Kill {
  readonly type: 'kill';
}

/**
 * To server keys and relays: what may be told of the contexts that flags are evaluated for. After the hello, and whenever
 * it changes. Who was sent none tells nothing.
 */
export interface SettingsMessage {
  readonly type: 'settings';
  readonly contextSampling: ContextSampling;
  /** Attribute paths. What is there, and below, must not leave the process. */
  readonly privateAttributes: readonly string[];
  /** What a private targeting key is hashed with. */
  readonly salt: string;
  /** How many contexts an instance may sample in a minute, at most. */
  readonly maxPerMinute: number;
}
/** `attributes`: their names and types, never values. `contexts`: whole contexts as well. */
export type ContextSampling = 'off' | 'attributes' | 'contexts';

/** To client keys: evaluated values for the connection's context. */
export interface ValuesMessage extends RulesetHeader {
  readonly type: 'values';
  /**
   * Counts the messages of this type on a connection, +1 each. Differences follow on the one before: after a gap they are
   * of no use. Absent: from a server of earlier times, or an answer that stands alone.
   */
  readonly seq?: number;
  /** True: these are all values, forget the others. False: these replace those of the same key. */
  readonly whole: boolean;
  readonly values: Readonly<Record<string, EvaluatedValue>>;
  readonly delete: readonly string[];
}
/** With for how long, in seconds. */
export interface LeasedValue extends Pick<EvaluatedValue, 'value' | 'variant' | 'reason'> {
  readonly seconds: number;
}

export interface EvaluatedValue {
  readonly value: Json;
  readonly variant: string;
  readonly reason: Reason;
  /** Served instead when no server has vouched for it for so long. Pages of earlier times let it pass. */
  readonly lease?: LeasedValue;
}

/** The server is about to close the connection; come back after this long, plus jitter. */
export interface GoodbyeMessage {
  readonly type: 'goodbye';
  readonly retryAfterMs: number;
}

/** Why the connection is about to be closed, in the API's error form. */
export interface ErrorMessage {
  readonly type: 'error';
  readonly code: string;
  readonly message: string;
  readonly details?: Json;
  readonly requestId: string;
}

export type ServerMessage =
  | WelcomeMessage
  | SnapshotMessage
  | ChangesMessage
  | KillMessage
  | SettingsMessage
  | ValuesMessage
  | HeartbeatMessage
  | GoodbyeMessage
  | ErrorMessage;

/** What a receiver makes of a message whose type only newer servers know. It is to be ignored. */
export interface UnknownMessage {
  readonly type: 'unknown';
  /** The type that the server gave it. */
  readonly name: string;
}

/** The item that carries a flag. */
export function flagItem(flag: Flag): Item {
  return toItem('flag', flag);
}

/** The item that carries a document. */
export function toItem(kind: ItemKind, document: { readonly key: string }): Item {
  return { kind, key: document.key, json: JSON.stringify(document) };
}
