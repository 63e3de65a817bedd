import type { FlagsError } from './flags-error.ts';
import type { EvaluationContext, Json, Reason, Revision } from './protocol.ts';

/** How much the answers can be trusted. More states may be added; treat an unknown one like `stale`. */
export type FlagsState =
  /** No values have arrived: every answer is the caller's default. */
  | 'default'
  /** The values are those that the page was given: `bootstrap`. */
  | 'bootstrapped'
  /** The values are those that an earlier page had for this context. */
  | 'cached'
  /** The values are for the present context, and confirmed within `staleAfterMs`. */
  | 'live'
  /** The values are for an earlier context, or unconfirmed for longer. Answers go on coming from them. */
  | 'stale';

/** OpenFeature's error codes, those that can occur in a page. */
export type ErrorCode = 'PROVIDER_NOT_READY' | 'PROVIDER_FATAL' | 'FLAG_NOT_FOUND' | 'TYPE_MISMATCH';

/** An answer with how it came about. */
export interface EvaluationDetails<T extends Json> {
  readonly key: string;
  /** The served value, or the caller's default when `errorCode` is set. */
  readonly value: T;
  readonly variant: string | undefined;
  readonly reason: Reason;
  readonly errorCode: ErrorCode | undefined;
  readonly errorMessage: string | undefined;
  readonly flagMetadata: Readonly<Record<string, string | number | boolean>>;
  readonly state: FlagsState;
  readonly dataAgeMs: number | undefined;
}

/** What waiting for readiness came to. */
export interface Readiness {
  readonly state: FlagsState;
  readonly revision: Revision | undefined;
  readonly waitedMs: number;
  /** The latest problem when there are no values, as far as one is known. */
  readonly error: FlagsError | undefined;
}

/** What each event tells its listeners. */
export interface FlagsEvents {
  /** The values are the present context's and fresh: at first, after `identify`, and after `stale`. */
  ready: { readonly revision: Revision };
  /** Values changed. */
  change: { readonly revision: Revision; readonly keys: readonly string[]; readonly committedAtMs: number };
  stale: { readonly dataAgeMs: number };
  /** Nothing is thrown when nobody listens. */
  error: FlagsError;
}
export type FlagsEventName = keyof FlagsEvents;
export type FlagsListener<Name extends FlagsEventName> = (event: FlagsEvents[Name]) => void;

/** What `ready` may be told. */
export interface WaitOptions {
  /** Default 5000. */
  readonly timeoutMs?: number;
}

/** What `identify` may be told. */
export interface IdentifyOptions extends WaitOptions {
  /** Proves the context where the environment requires it; see `contextHash` of `connect`. */
  readonly contextHash?: string;
}

/** The flags of one page for its context. No method throws or rejects, whatever it is given. */
export interface Flags {
  isEnabled(key: string, defaultValue?: boolean): boolean;

  getBooleanValue(key: string, defaultValue: boolean): boolean;
  getStringValue<T extends string = string>(key: string, defaultValue: NoInfer<T>): T;
  getNumberValue<T extends number = number>(key: string, defaultValue: NoInfer<T>): T;
  /** The object is shared by all callers: do not change it. */
  getObjectValue<T extends Json = Json>(key: string, defaultValue: T): T;

  getBooleanDetails(key: string, defaultValue: boolean): EvaluationDetails<boolean>;
  getStringDetails<T extends string = string>(key: string, defaultValue: NoInfer<T>): EvaluationDetails<T>;
  getNumberDetails<T extends number = number>(key: string, defaultValue: NoInfer<T>): EvaluationDetails<T>;
  getObjectDetails<T extends Json = Json>(key: string, defaultValue: T): EvaluationDetails<T>;

  /** Resolves when the values of the present context are there, or never will be; after `timeoutMs` at the latest. */
  ready(options?: WaitOptions): Promise<Readiness>;

  /**
   * Answers for another context from now on, such as after a sign-in; resolves as `ready` does. Until its values are
   * there the earlier ones are served, in state `stale`. Of several calls the last one counts.
   */
  identify(context: EvaluationContext, options?: IdentifyOptions): Promise<Readiness>;

  /**
   * Counts an event, such as an order, and adds up its value. The server shows the sums by name, apart from those of its own
   * SDKs: whoever has the page can make them up.
   */
  track(name: string, details?: { readonly value?: number }): void;

  readonly state: FlagsState;
  readonly revision: Revision | undefined;
  /** Milliseconds since the values were what the origin has; undefined while there are none. */
  readonly dataAgeMs: number | undefined;

  /**
   * Calls `listener` at each such event; returns the function that unsubscribes. A listener of `ready` or `stale` is
   * called soon after subscribing, too, if that is the state already.
   */
  on<Name extends FlagsEventName>(name: Name, listener: FlagsListener<Name>): () => void;

  /** Closes the connection for good. Answers go on coming from the last values. */
  close(): void;
}
