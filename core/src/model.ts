/**
 * The stored and travelling shape of a ruleset: plain JSON, one document for each flag and segment.
 * Everything here is data; what it means is decided in `compile/`.
 */

/** Any JSON value. Variant values and condition operands are made of it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What a caller knows about the subject of an evaluation. Values are never coerced from one type to another. */
export interface EvaluationContext {
  /** Identifies the subject (a user, a session, a device). Splits hash it unless they name another attribute. */
  readonly targetingKey?: string;
  readonly [attribute: string]: unknown;
}

/** The type of every value that a flag may serve. */
export type FlagType = 'boolean' | 'string' | 'number' | 'object';

/** One of the answers a flag can give. Names are unique within a flag. */
export interface Variant {
  readonly name: string;
  readonly value: Json;
}

/** Weights and bucket numbers are counted in parts of this: 100 000 is everyone, 1 is 0.001 %. */
export const BUCKET_COUNT = 100_000;

/** The half-open range of buckets `[from, to)` that a variant owns in a split. Bounds are integers in 0..100 000. */
export interface BucketRange {
  readonly variant: string;
  readonly from: number;
  readonly to: number;
}

/**
 * A weighted distribution. It stores bucket ranges, not weights, so that a change of weights can move the fewest
 * subjects (see `reweigh`). A bucket that no range owns is served the flag's off variant.
 */
export interface Split {
  /** Attribute path whose value is hashed. Default: `targetingKey`. */
  readonly by?: string;
  /** What is hashed before the value. Default: the flag's `bucketKey`. Two splits with one seed bucket alike. */
  readonly seed?: string;
  /** How a subject becomes a bucket. Default: `native`. */
  readonly bucketer?: string;
  readonly ranges: readonly BucketRange[];
}

/** What a rule answers with: one variant, or a split over several. */
export type Serve = { readonly variant: string } | { readonly split: Split };

/** A comparison of one attribute with constants. A missing or wrong-typed attribute makes it *unknown*. */
export interface Comparison {
  /** Attribute path: `country`, or `org.plan` for a nested object. */
  readonly attribute: string;
  readonly operator: 'in';
  readonly values: readonly Json[];
}

/** A tree of comparisons under three-valued logic; a rule matches only when its tree is *true*. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | Comparison;

/** Rules are tried in order; the first that matches decides. */
export interface Rule {
  /** Unique within the flag; stable across edits, so that traces and metrics can name it. */
  readonly id: string;
  readonly name?: string;
  readonly when: Condition;
  readonly serve: Serve;
}

/** One flag as one environment serves it. */
export interface Flag {
  readonly key: string;
  readonly type: FlagType;
  readonly variants: readonly Variant[];
  /** What splits hash in front of the subject. Default: `key`. Kept when a flag is renamed, so nobody moves. */
  readonly bucketKey?: string;
  /** False serves `offVariant` to everyone. */
  readonly enabled: boolean;
  readonly offVariant: string;
  /** What a kill serves. Default: `offVariant`. */
  readonly safeVariant?: string;
  readonly rules?: readonly Rule[];
  /** What is served when no rule matches. */
  readonly defaultRule: Serve;
  /** True lets pages (client keys) see the flag's evaluated value. Default false. */
  readonly clientVisible?: boolean;
}

/**
 * A ruleset's identity. `number` grows by 1 with each change; `incarnation` names the database that counted, so that
 * numbers of a restored or copied database never mean two things; `hash` is the content's hash.
 */
export interface Revision {
  readonly incarnation: string;
  readonly number: number;
  readonly hash: string;
}

/** A latched override: the flag serves its safe variant until someone re-arms it (`engaged: false`). */
export interface Kill {
  readonly flag: string;
  /** Orders kills of one flag; at equal epochs `engaged: true` wins. */
  readonly epoch: number;
  readonly engaged: boolean;
}

/** All that an SDK needs for one environment. */
export interface Ruleset {
  readonly revision: Revision;
  /** When the revision was committed, milliseconds since 1970, UTC. */
  readonly committedAtMs?: number;
  readonly flags: readonly Flag[];
  readonly kills?: readonly Kill[];
}

/** What a project, environment or flag key looks like: safe in URLs, file names and sync frames. */
export const KEY_PATTERN = '^[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?$';
