import type { ErrorCode, EvaluationContext, Json, Reason, Revision } from '@bunting/core';
import type { AllOptions, AllValues } from './all-values.ts';
import type { FlagsEventName, FlagsListener, ListenerOptions } from './events.ts';
import type { FlagsError } from './flags-error.ts';
import type { Hook } from './hooks.ts';
import type { CodePaths } from './paths/code-paths.ts';
import type { TransportName } from './transports/transport.ts';

/** How much the answers can be trusted. More states may be added; treat an unknown one like `stale`. */
export type FlagsState =
  /** No ruleset is there: every answer is the caller's default. */
  | 'default'
  /** Answers come from the `bootstrap` option; no server has confirmed them. */
  | 'bootstrapped'
  /** Answers come from what an earlier process kept in `cacheDir`; no server has confirmed them to this one. */
  | 'cached'
  /** The server confirmed the ruleset within `staleAfterMs`. */
  | 'live'
  /** The ruleset has not been confirmed for longer than that. Answers go on coming from it. */
  | 'stale';

/** An answer with how it came about. */
export interface EvaluationDetails<T extends Json> {
  readonly key: string;
  /** The served value, or the caller's default when `errorCode` is set. */
  readonly value: T;
  /** Name of the variant; undefined when the caller's default was served. */
  readonly variant: string | undefined;
  /** What decided. It stays what it is when the data is stale; `state` says that. */
  readonly reason: Reason;
  readonly errorCode: ErrorCode | undefined;
  readonly errorMessage: string | undefined;
  /** Facts about the decision, such as `ruleId`. */
  readonly flagMetadata: Readonly<Record<string, string | number | boolean>>;
  readonly state: FlagsState;
  /** As `Flags.dataAgeMs`. */
  readonly dataAgeMs: number | undefined;
}

/** What waiting for readiness came to. */
export interface Readiness {
  readonly state: FlagsState;
  /** The ruleset in memory; undefined in state `default`. */
  readonly revision: Revision | undefined;
  /** As `Flags.transport`. */
  readonly transport: TransportName | undefined;
  readonly waitedMs: number;
  /** The latest problem when no ruleset has come from the server, as far as one is known. */
  readonly error: FlagsError | undefined;
}

/** What may be said of an event. */
export interface TrackingDetails {
  readonly value?: number;
  /**
   * Keys of the flags that the event is about, 10 at most: it is counted by the variant that each serves to the context,
   * for safeguards to compare. The name has 44 characters at most then.
   */
  readonly flags?: readonly string[];
  readonly [field: string]: unknown;
}

/** What flags answer, for the context of each call. */
export interface Evaluations extends CodePaths {
  /** The value of a boolean flag. Counts as an exposure, as do the other evaluations. */
  isEnabled(key: string, context?: EvaluationContext, defaultValue?: boolean): boolean;

  getBooleanValue(key: string, defaultValue: boolean, context?: EvaluationContext): boolean;
  getStringValue<T extends string = string>(key: string, defaultValue: NoInfer<T>, context?: EvaluationContext): T;
  getNumberValue<T extends number = number>(key: string, defaultValue: NoInfer<T>, context?: EvaluationContext): T;
  /** The object is shared by all callers: do not change it. */
  getObjectValue<T extends Json = Json>(key: string, defaultValue: T, context?: EvaluationContext): T;

  getBooleanDetails(key: string, defaultValue: boolean, context?: EvaluationContext): EvaluationDetails<boolean>;
  getStringDetails<T extends string = string>(
    key: string,
    defaultValue: NoInfer<T>,
    context?: EvaluationContext,
  ): EvaluationDetails<T>;
  getNumberDetails<T extends number = number>(
    key: string,
    defaultValue: NoInfer<T>,
    context?: EvaluationContext,
  ): EvaluationDetails<T>;
  getObjectDetails<T extends Json = Json>(
    key: string,
    defaultValue: T,
    context?: EvaluationContext,
  ): EvaluationDetails<T>;

  /**
   * What every flag that pages may see answers, for a page's `bootstrap`. Counts no exposures. Undefined while there is no
   * ruleset.
   */
  all(context?: EvaluationContext, options?: AllOptions): AllValues | undefined;

  /**
   * The same flags with a context of their own: each call's context is laid over it, attribute by attribute. Cheap
   * enough to make for each request; nothing to close.
   */
  withContext(context: EvaluationContext): Evaluations;

  /**
   * Counts an event, such as `checkout`, and adds up its `value`; with `flags`, also by what these serve to the context. Only
   * counts and sums leave the process: other fields are there so that calls look like OpenFeature's.
   */
  track(name: string, context?: EvaluationContext, details?: TrackingDetails): void;
}

/**
 * The flags of one environment, answered from memory. No method throws or rejects, whatever it is given: evaluation
 * answers the caller's default instead, and the details say why. What the host's own functions throw in `run`, `shadow`
 * and `migrate` passes through.
 */
export interface Flags extends Evaluations {
  /**
   * Resolves once the server's ruleset is in memory, or it is certain that none will come (the key was refused, the
   * options are unusable, the client is closed), at the latest after `timeoutMs` (default 5000). Holds the process until then.
   */
  ready(options?: { readonly timeoutMs?: number }): Promise<Readiness>;

  readonly state: FlagsState;
  /** The ruleset in memory; undefined before the first. */
  readonly revision: Revision | undefined;
  /** Milliseconds since the data was what the origin has; undefined while there is none, or nobody knows. */
  readonly dataAgeMs: number | undefined;
  /** What the connection to the server runs over at the moment; undefined while there is none. */
  readonly transport: TransportName | undefined;

  /**
   * Calls `listener` at each `ready`, `change`, `stale` or `error`; returns the function that unsubscribes. A listener
   * of `ready` or `stale` is called soon after subscribing, too, if that is the state already. With `key`, a listener of
   * `change` is called only when that flag was added, changed or removed.
   */
  on<Name extends FlagsEventName>(name: Name, listener: FlagsListener<Name>, options?: ListenerOptions): () => void;

  /** Runs the hook around each evaluation from now on; returns the function that removes it. */
  addHook(hook: Hook): () => void;

  /**
   * Sends what was counted, closes the connection and stops all timers; resolves within about a second. Evaluation
   * goes on answering from the last ruleset.
   */
  close(): Promise<void>;
}
