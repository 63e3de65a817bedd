import type { Json } from './model.ts';

/** Why an evaluation answered as it did. OpenFeature's words. */
export type Reason =
  /** The flag has no rules and its default rule serves one variant: the same for everyone. */
  | 'STATIC'
  /** A rule matched (or an individual target was named) and served one variant. */
  | 'TARGETING_MATCH'
  /** A split decided. */
  | 'SPLIT'
  /**
   * No rule matched and the default rule served one variant; or the subject is held out, outside a layer's claim or
   * below a version floor (`metadata.cause` says so) and was served the off or safe variant.
   */
  | 'DEFAULT'
  /** The flag is off or killed, depends on a killed flag, or its prerequisites do not hold: `metadata.cause` says which. */
  | 'DISABLED'
  /** The answer came from a cache (browser SDK). */
  | 'CACHED'
  /** A split decided, but the variant is leased, and no server has vouched for it for too long (`metadata.cause`: `lease`). */
  | 'STALE'
  /** The caller's default was served; `errorCode` says why. */
  | 'ERROR';

/** OpenFeature's error codes. */
export type ErrorCode =
  /** No ruleset has been received yet. */
  | 'PROVIDER_NOT_READY'
  /** The ruleset has no such flag. */
  | 'FLAG_NOT_FOUND'
  /** The flag's document is malformed. */
  | 'PARSE_ERROR'
  /** The flag is of another type than the caller asked for. */
  | 'TYPE_MISMATCH'
  /** A split needs a subject and the context has none. */
  | 'TARGETING_KEY_MISSING'
  /** The context is not an object, or reading it threw. */
  | 'INVALID_CONTEXT'
  /** The SDK can never become ready, for example because its key was refused. */
  | 'PROVIDER_FATAL'
  /** Anything else: the flag depends on the time and the ruleset has no clock. */
  | 'GENERAL';

/**
 * The outcome of one evaluation. Outcomes are built when a flag is compiled and shared by all evaluations that end
 * the same way: the hot path allocates nothing. Treat them as frozen.
 */
export interface Evaluation {
  /** The served value; `undefined` when `errorCode` is set (the caller's default then stands). */
  readonly value: Json | undefined;
  readonly variant: string | undefined;
  readonly reason: Reason;
  readonly errorCode: ErrorCode | undefined;
  readonly errorMessage: string | undefined;
  /**
   * Facts about the decision; primitives only, as OpenFeature's flag metadata asks. `ruleId`: the rule that decided.
   * `cause`: `off`, `kill` (with `killedFlag` when another flag was killed), `prerequisite` (with `prerequisite`),
   * `prerequisite-cycle`, `prerequisite-limit`, `target`, `holdout` (with `holdout`), `layer`, or `version-floor` (with
   * the `wanted` variant), or `lease`.
   */
  readonly metadata: Readonly<Record<string, string | number | boolean>>;
  /** How often this outcome was counted since the owner last reset it. Written by an SDK, never by the evaluator. */
  exposures: number;
}
