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
  /** Whom the variant may be served to: others get the flag's safe variant. Not on an off or safe variant. */
  readonly requires?: VersionFloor;
}

/** The attribute must be a version of at least this (semver precedence); a missing or malformed one is not. */
export interface VersionFloor {
  readonly attribute: string;
  /** Such as `2.4.0`; `2.4` includes the pre-releases of 2.4.0. */
  readonly atLeast: string;
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
  /** How a subject becomes a bucket: `native` (default), or `given`: five digits are the bucket. */
  readonly bucketer?: string;
  /**
   * Key of a mutual-exclusion layer. Only subjects in the flag's claim there take part: for others a rule is passed
   * over, and a default rule serves the off variant.
   */
  readonly layer?: string;
  readonly ranges: readonly BucketRange[];
  /** Later ranges, by time, ascending. `ranges` holds before the first. */
  readonly schedule?: readonly ScheduleStep[];
  /** A schedule that was stopped, and can go on. Evaluation does not look at it. */
  readonly held?: HeldSchedule;
  /** One of its variants is served only as long as a server vouches for it. */
  readonly lease?: Lease;
}

/**
 * What falls back by itself where nobody looks after it: a release, or a server, may be gone. Only who is served the leased
 * variant is served another one. SDKs of earlier times let it pass.
 */
export interface Lease {
  readonly variant: string;
  /** Served instead: what was served before. */
  readonly fallback: string;
  /** So long after a server vouched for it last, in seconds. 1 or more. */
  readonly seconds: number;
}

/** What a split was to become when it was held. Its `schedule`, if any, then only takes away. */
export interface HeldSchedule {
  /** When it was held: milliseconds since 1970, UTC. */
  readonly atMs: number;
  /** The steps that were to come then; before them the one in force, where a straight line begins at it. */
  readonly schedule: readonly ScheduleStep[];
  /** Each holds it: it goes on when none is left. SDKs are not told them. */
  readonly causes?: readonly HoldCause[];
}

/** Of one schedule. The last stands for all further ones, and only who takes all causes away takes it away. */
export const MAX_HOLD_CAUSES = 100;

/** Who holds a split's schedule, and why. */
export interface HoldCause {
  /** Unique among the causes. */
  readonly id: string;
  /** A name for people. */
  readonly by: string;
  readonly reason: string;
  /** Milliseconds since 1970, UTC. */
  readonly atMs: number;
}

/** From `atMs` on the split has these ranges. */
export interface ScheduleStep {
  /** Milliseconds since 1970, UTC. */
  readonly atMs: number;
  readonly ranges: readonly BucketRange[];
  /**
   * True: the bounds move from the step before (which must name the same variants in the same order) in a straight
   * line, so that they arrive at `atMs`. Default: they jump at `atMs`. The first step cannot be linear, for nothing
   * says when it would begin.
   */
  readonly linear?: boolean;
}

/** What a rule answers with: one variant, or a split over several. */
export type Serve = { readonly variant: string } | { readonly split: Split };

/** How a comparison's attribute and values are compared. `conditions/operators.ts` defines each. */
export type Operator =
  /** Is the attribute one of the values? Strings, numbers and booleans, never across types. */
  | 'in'
  | 'startsWith'
  | 'endsWith'
  | 'contains'
  /** A regular expression (RE2 syntax, linear time) that finds a match anywhere. */
  | 'matches'
  | 'lessThan'
  | 'atMost'
  | 'greaterThan'
  | 'atLeast'
  /** Ranges of semantic versions: `^1.2`, `~1.4.2`, `>=2.0.0 <3`, `1.x`. */
  | 'semver'
  /** Moments: RFC 3339 with a zone, or relative to the clock: `now`, `now-7d`. The attribute may be epoch ms. */
  | 'before'
  | 'after'
  /** Blocks of IPv4 or IPv6 addresses: `10.0.0.0/8`, `2001:db8::/32`. */
  | 'inCidr'
  /** The attribute is there (and not null), whatever it is. `values` is empty. Never unknown. */
  | 'present'
  | 'absent';

/**
 * A comparison of one attribute with constants, true when one of the values fits. A missing (or null) or wrong-typed
 * attribute makes it *unknown*, and so is its negation.
 */
export interface Comparison {
  /** Attribute path: `country`, or `org.plan` for a nested object. */
  readonly attribute: string;
  readonly operator: Operator;
  readonly values: readonly Json[];
  /** Compare text without regard to case (both sides in lower case by Unicode's default mapping). Default false. */
  readonly ignoreCase?: boolean;
  /**
   * The attribute is a list: is the comparison true for `any` of its elements, or for `all`? An empty list is neither.
   * Without this, a list is a value of the wrong type.
   */
  readonly elements?: 'any' | 'all';
}

/** A tree of comparisons under three-valued logic; a rule matches only when its tree is *true*. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  /** The subject is in the segment of this key. */
  | { readonly segment: string }
  /** The evaluation happens at or after `from` and before `until` (RFC 3339), by the injected clock. */
  | { readonly during: { readonly from?: string; readonly until?: string } }
  | Comparison;

/** Rules are tried in order; the first that matches decides. */
export interface Rule {
  /** Unique within the flag; stable across edits, so that traces and metrics can name it. */
  readonly id: string;
  readonly name?: string;
  readonly when: Condition;
  readonly serve: Serve;
}

/** Subjects that are named one by one; tried before the rules, first match first. */
export interface Target {
  /** Attribute path. Default: `targetingKey`. */
  readonly attribute?: string;
  readonly values: readonly string[];
  readonly variant: string;
}

/**
 * What another flag must answer for the same context before this one is on. Exactly one of `state`, `variants` and
 * `values`. A flag that is missing, malformed or answers an error satisfies none of them.
 */
export interface Prerequisite {
  readonly flag: string;
  /** `on`: the flag is enabled and its own prerequisites hold. `off`: they do not. */
  readonly state?: 'on' | 'off';
  /** It serves one of these variants. */
  readonly variants?: readonly string[];
  /** It serves one of these values (compared deeply). */
  readonly values?: readonly Json[];
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
  /** A JSON Schema for the variants' values. Checked where flags are written; evaluation does not look at it. */
  readonly schema?: Json;
  /** All must hold, or the off variant is served. If one of them is killed, however far up, the safe variant is. */
  readonly prerequisites?: readonly Prerequisite[];
  readonly targets?: readonly Target[];
  /** Keys of holdouts: a subject in one of them is served the off variant. */
  readonly holdouts?: readonly string[];
  readonly rules?: readonly Rule[];
  /** What is served when no rule matches. */
  readonly defaultRule: Serve;
  /** True lets pages (client keys) see the flag's evaluated value. Default false. */
  readonly clientVisible?: boolean;
  /**
   * True: SDKs measure code paths also by 100 slices of a split's subjects, and tell of whom it serves for the first time.
   * Evaluation does not look at it.
   */
  readonly slices?: boolean;
}

/**
 * Keys as a list; or packed: one string, keys separated by line ends; or cut into pages, which are documents of their
 * own, so that a change of a few keys among a million sends a few pages.
 */
export type KeyList = readonly string[] | string | Paged;

/** The list is in so many pages, a power of 2 up to 65 536: `KeyPage` says how they are called and what is on which. */
export interface Paged {
  readonly pages: number;
}

/** The lists of keys that a segment may have. */
export type KeyListName = 'included' | 'excluded';

/**
 * One page of a segment's list of keys. On it are those keys of which murmur3 x86_32 (seed 0, of the UTF-8), modulo the
 * number of pages, is the page's number. All pages are there, also empty ones: where one is missing or malformed, it is
 * unknown whether its subjects are in the list.
 */
export interface KeyPage {
  /** `<segment>/<included|excluded>/<number>`, from 0. */
  readonly key: string;
  /** At most 10 000, in any order. */
  readonly keys: readonly string[];
}

/**
 * A named set of subjects, shared by flags. Excluded keys are out; else included keys are in; else `when` decides;
 * without `when` everyone else is out. A context without the attribute is unknown where keys would have decided.
 */
export interface Segment {
  readonly key: string;
  /** Attribute path whose value is looked up in the keys. Default: `targetingKey`. */
  readonly by?: string;
  readonly excluded?: KeyList;
  readonly included?: KeyList;
  readonly when?: Condition;
}

/** A place where splits that must not overlap share the subjects out: a subject is in one claim at most. */
export interface Layer {
  readonly key: string;
  /** Attribute path whose value is hashed. Default: `targetingKey`. */
  readonly by?: string;
  /** Default: `layer/<key>`. */
  readonly seed?: string;
  /** Disjoint. A flag may have several claims. */
  readonly claims: readonly Claim[];
}

/** The half-open range of the layer's buckets `[from, to)` that a flag's splits may use. */
export interface Claim {
  readonly flag: string;
  readonly from: number;
  readonly to: number;
}

/** Subjects kept away from a set of flags, so that the flags' joint effect can be measured. */
export interface Holdout {
  readonly key: string;
  /** Attribute path whose value is hashed. Default: `targetingKey`. */
  readonly by?: string;
  /** Default: `holdout/<key>`. */
  readonly seed?: string;
  /** How much of everyone is held out, in 1/100 000: the buckets `[0, sizePer100k)`. */
  readonly sizePer100k: number;
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
  readonly segments?: readonly Segment[];
  /** Pages of segments whose keys are not in their own documents. */
  readonly keyPages?: readonly KeyPage[];
  readonly layers?: readonly Layer[];
  readonly holdouts?: readonly Holdout[];
  readonly kills?: readonly Kill[];
}

/** What a project, environment or flag key looks like: safe in URLs, file names and sync frames. */
export const KEY_PATTERN = '^[a-z0-9](?:[a-z0-9._-]{0,98}[a-z0-9])?$';
