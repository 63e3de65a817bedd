import type { Gate } from '../gates/gate.ts';
import type { MigrationPhase } from '../migration-plans/phase.ts';

/** What one flag does in a release: everyone at one place of its targeting goes from one variant to another. */
export interface ReleaseFlag {
  readonly flag: string;
  /** The variant that is released. */
  readonly candidate: string;
  /** What is served before it, and on the way back. */
  readonly baseline: string;
  /** Id of the rule whose subjects take part. Default: those of the default rule. */
  readonly rule?: string;
}

/** What of a release is out at one time. Undefined: the release does not move that. */
export interface Exposure {
  /** Everyone's share of the flags' candidates, in 1/100 000. 0 where there are no flags. */
  readonly flagsPer100k: number;
  /** The share of requests that the candidate version answers. */
  readonly trafficPer100k?: number;
  /** The share of requests that it is given a copy of; nobody sees its answers. */
  readonly shadowPer100k?: number;
  readonly migrationPhase?: MigrationPhase;
}

/** A stretch of the way with one exposure. */
export interface Stage extends Exposure {
  readonly name?: string;
  /** How long it is watched at least, in seconds, from when the exposure was seen. */
  readonly soakSeconds: number;
  /** From when on its being late is told; of what `onLate` says. Default: never. */
  readonly maxSeconds?: number;
  /** What becomes of it when it is late. Default: hold. */
  readonly onLate?: 'hold' | 'abort';
  /** How many people, besides who made the release, have to approve before the next stage. Default: 0. */
  readonly approvals?: number;
  /** All must have passed before the next stage. */
  readonly gates?: readonly Gate[];
  /** It is known that its gates are too weak to see anything. Else such a stage is refused. */
  readonly blind?: boolean;
}

export const STRATEGIES = [
  'flag_only',
  'canary',
  'blue_green',
  'rolling',
  'dark_launch',
  'hot_patch',
  'ab_test',
  'migration',
] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** Whose last stage need not be everyone. */
export const PARTIAL: readonly Strategy[] = ['ab_test', 'dark_launch'];

/** What a release may ask of its traffic target. */
export const TRAFFIC_NEEDS = ['atomic', 'sticky', 'lease', 'drain', 'shadow'] as const;
type TrafficNeed = (typeof TRAFFIC_NEEDS)[number];

/** What is released, and how. It does not change while the release lives. */
export interface Spec {
  readonly strategy: Strategy;
  readonly flags: readonly ReleaseFlag[];
  readonly traffic?: {
    /** Key of a traffic target of the environment. */
    readonly target: string;
    /** Deploy versions. */
    readonly candidate: string;
    readonly baseline: string;
  };
  readonly migration?: {
    /** Key of a migration plan of the environment. */
    readonly plan: string;
  };
  /** Shares never fall; the last is everyone, but of an A/B test and a dark launch. */
  readonly stages: readonly Stage[];
  /** Judged in every phase that leads forward; they only have to say no. */
  readonly watch?: readonly Gate[];
  /** How long the last exposure is watched before the release has succeeded, in seconds. */
  readonly bakeSeconds: number;
  /** For how long after that it can be rolled back, in seconds. */
  readonly rollbackWindowSeconds: number;
  /** After how long without a renewal what is exposed falls back to baseline by itself. Default: never. */
  readonly leaseSeconds?: number;
  readonly needs?: readonly TrafficNeed[];
}

/** The part of a release that is out at a stage; its weights are filled in by `completeStages`. */
export function exposureOf({ flagsPer100k, trafficPer100k, shadowPer100k, migrationPhase }: Exposure): Exposure {
  return {
    flagsPer100k,
    ...(trafficPer100k === undefined ? {} : { trafficPer100k }),
    ...(shadowPer100k === undefined ? {} : { shadowPer100k }),
    ...(migrationPhase === undefined ? {} : { migrationPhase }),
  };
}
