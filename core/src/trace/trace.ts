import type { Evaluation } from '../evaluation.ts';
import type { BucketRange, Condition, HeldSchedule, Json, Lease, Prerequisite, VersionFloor } from '../model.ts';

/** How one evaluation came about: every step that was taken, in order, up to the one that decided. */
export interface Trace {
  readonly flag: string;
  /** What `evaluate` answers for the same flag, context and moment. */
  readonly evaluation: Evaluation;
  readonly steps: readonly TraceStep[];
}

export type TraceStep =
  /** The flag's own kill. `killed: true` decides. */
  | { readonly step: 'kill'; readonly killed: boolean }
  /** A killed flag among those that it depends on; decides. */
  | { readonly step: 'held'; readonly killedFlag: string }
  /** `enabled: false` decides. */
  | { readonly step: 'enabled'; readonly enabled: boolean }
  /** Prerequisites that lead back to the flag, or to too many others; decides. */
  | { readonly step: 'prerequisites'; readonly problem: 'cycle' | 'limit' }
  /** One prerequisite with its own trace (none when the ruleset has no such flag). `held: false` decides. */
  | {
      readonly step: 'prerequisite';
      readonly prerequisite: Prerequisite;
      readonly held: boolean;
      readonly trace: Trace | undefined;
    }
  /** Individual targets were looked up; a `variant` decides. */
  | { readonly step: 'targets'; readonly variant: string | undefined }
  /** `truth: true` holds the subject out, and decides. */
  | { readonly step: 'holdout'; readonly holdout: string; readonly truth: TruthName; readonly place: Place | undefined }
  /** A rule. When it matched, `serve` says what came of it; without a `variant` there the next rule is tried. */
  | {
      readonly step: 'rule';
      readonly id: string;
      readonly name: string | undefined;
      readonly condition: ConditionTrace;
      readonly serve: ServeTrace | undefined;
    }
  | { readonly step: 'default-rule'; readonly serve: ServeTrace }
  /** The chosen variant requires a version. Anything but `truth: true` serves the safe variant instead. */
  | {
      readonly step: 'version-floor';
      readonly variant: string;
      readonly requires: VersionFloor;
      readonly value: Json;
      readonly truth: TruthName;
    };

export type TruthName = 'true' | 'false' | 'unknown';

/** A condition and what it came to. */
export interface ConditionTrace {
  readonly condition: Condition;
  readonly truth: TruthName;
  /** Of `all`, `any` and `not`: the parts that were tried. */
  readonly parts?: readonly ConditionTrace[];
  /** Of a comparison: the attribute as it was read, shortened; `missing` tells null from nothing. */
  readonly value?: Json;
  readonly missing?: boolean;
  /** Of a segment reference. */
  readonly segment?: SegmentTrace;
}

export interface SegmentTrace {
  /**
   * `missing`: the ruleset has no such segment, or a malformed one; `cycle`: it contains itself (or too many others);
   * `pages-missing`: the page of keys that the subject would be on is not there, or malformed.
   */
  readonly state: 'ok' | 'missing' | 'cycle' | 'pages-missing';
  /** Whether the subject is among the keys; undefined where there are no keys, no subject, or no page that tells. */
  readonly excluded?: boolean | undefined;
  readonly included?: boolean | undefined;
  /** The segment's condition, where it was asked. */
  readonly when?: ConditionTrace | undefined;
}

/** Where a subject falls. */
export interface Place {
  /** The attribute path that was hashed, and what was hashed before its value. */
  readonly by: string;
  readonly seed: string;
  /** What was hashed; undefined when the context has no usable subject. */
  readonly subject: string | undefined;
  /** 0 to 99 999. */
  readonly bucket: number | undefined;
}

/** What a rule's answer came to. */
export interface ServeTrace {
  /** Undefined: the subject is outside the layer's claim, or there is none. */
  readonly variant: string | undefined;
  readonly split?: {
    readonly place: Place;
    /** The ranges that held at the moment of the evaluation, and the one the bucket is in. */
    readonly ranges: readonly BucketRange[];
    readonly range: BucketRange | undefined;
    /** The split's schedule was stopped: it is not for time that the bucket will have another range. */
    readonly held?: HeldSchedule;
    /** The variant of the range is not served: no server has vouched for it for too long. */
    readonly lapsed?: Lease;
  };
  readonly layer?: { readonly key: string; readonly truth: TruthName; readonly place: Place | undefined };
}
