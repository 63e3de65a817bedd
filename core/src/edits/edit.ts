import type { VariantWeight } from '../bucketing/reweigh.ts';
import type { Condition, Flag, HoldCause, Lease, Prerequisite, Rule, Serve, Split, Target } from '../model.ts';

/** What an environment decides about a flag: what edits change. */
export type Targeting = Pick<
  Flag,
  'enabled' | 'offVariant' | 'safeVariant' | 'prerequisites' | 'targets' | 'rules' | 'defaultRule'
>;

/** A split by weights, which become bucket ranges that move the fewest subjects from what is there. */
export type SplitByWeights = Omit<Split, 'ranges' | 'schedule' | 'held' | 'lease'> & {
  readonly weights: readonly VariantWeight[];
};

/** What people and programs write where a document has a `Serve`. */
export type ServeInput = Serve | { readonly split: SplitByWeights };

export type RuleInput = Omit<Rule, 'serve'> & { readonly serve: ServeInput };

/** Where a rule goes among the others; rules are named by their ids. */
export type RulePlace = 'first' | 'last' | { readonly before: string } | { readonly after: string };

/** From `atMs` on a split has these weights. */
export interface WeightStep {
  /** Milliseconds since 1970, UTC. */
  readonly atMs: number;
  readonly weights: readonly VariantWeight[];
  /** True: the bounds move here from the step before in a straight line. */
  readonly linear?: boolean;
}

/**
 * One thing that someone wants to be different about a flag in an environment. Edits name what they mean (a rule by its
 * id), not where it stood, so those of several people go together, and one can be kept and applied later.
 */
export type TargetingEdit =
  | { readonly kind: 'enable' }
  | { readonly kind: 'disable' }
  | { readonly kind: 'setOffVariant'; readonly variant: string }
  /** null: a kill serves the off variant. */
  | { readonly kind: 'setSafeVariant'; readonly variant: string | null }
  /** Without a place it goes last. */
  | { readonly kind: 'addRule'; readonly rule: RuleInput; readonly place?: RulePlace }
  /** Changes what is given. A name of null takes the name away. */
  | { readonly kind: 'updateRule'; readonly rule: string; readonly name?: string | null; readonly when?: Condition }
  | { readonly kind: 'removeRule'; readonly rule: string }
  | { readonly kind: 'moveRule'; readonly rule: string; readonly place: RulePlace }
  | { readonly kind: 'setRuleServe'; readonly rule: string; readonly serve: ServeInput }
  | { readonly kind: 'setDefaultServe'; readonly serve: ServeInput }
  /** New weights in the split of a rule (without `rule`: of the default rule). What it hashes stays; a schedule ends. */
  | {
      readonly kind: 'setRollout';
      readonly rule?: string;
      readonly weights: readonly VariantWeight[];
      /** Of a release. Without it what was leased is so no more. */
      readonly lease?: Lease;
    }
  /**
   * The split's schedule stops where it is: nobody is exposed any more by time. What it takes away from people, it goes on
   * to take. One that is held already gets a further cause.
   */
  | { readonly kind: 'holdRamp'; readonly rule?: string; readonly cause: Omit<HoldCause, 'atMs'> }
  /** Takes a cause away (without one: all). When none is left, the schedule goes on, later by how long it was held. */
  | { readonly kind: 'resumeRamp'; readonly rule?: string; readonly cause?: string }
  /** Weights that follow the present ones by time, ascending; none ends the schedule. */
  | { readonly kind: 'setSchedule'; readonly rule?: string; readonly steps: readonly WeightStep[] }
  /** Names subjects one by one. They leave the other variants' targets of the same attribute. */
  | { readonly kind: 'addTargets'; readonly variant: string; readonly attribute?: string; readonly values: string[] }
  /** Subjects that are not there are no conflict. Without `variant` they leave every variant's targets. */
  | {
      readonly kind: 'removeTargets';
      readonly variant?: string;
      readonly attribute?: string;
      readonly values: string[];
    }
  | { readonly kind: 'setTargets'; readonly targets: readonly Target[] }
  | { readonly kind: 'addPrerequisite'; readonly prerequisite: Prerequisite }
  /** All that ask for this flag. */
  | { readonly kind: 'removePrerequisite'; readonly flag: string }
  | { readonly kind: 'setPrerequisites'; readonly prerequisites: readonly Prerequisite[] };

/** One thing that someone wants to be different about a segment, besides its keys. */
export type SegmentEdit =
  /** null: the keys alone decide. */
  | { readonly kind: 'setCondition'; readonly when: Condition | null }
  /** The attribute path whose value is looked up in the keys; null: `targetingKey`. */
  | { readonly kind: 'setAttribute'; readonly attribute: string | null };

/** An edit does not go with the document: what it names is gone, or what it adds is there. Nothing was changed. */
export class EditConflict extends Error {
  override readonly name = 'EditConflict';
  /** Index of the edit among those applied together. */
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}
