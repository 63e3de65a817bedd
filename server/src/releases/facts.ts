import type { BlameFact } from '../blame/blame.ts';
import type { GateFacts } from '../gates/gate.ts';
import type { MigrationFacts } from '../migration-plans/service.ts';
import type { TrafficCapabilities, TrafficObserved } from '../traffic/traffic-target.ts';
import type { Leads } from './agreement.ts';

/** What is seen of a flag of a release. */
export interface FlagFacts {
  readonly flag: string;
  /** The candidate's share at its place, in 1/100 000; undefined: what is served there is of another shape. */
  readonly weightPer100k: number | undefined;
  /** The share that is served the candidate, also where it is off or killed; undefined: it is not known. */
  readonly servedPer100k?: number | undefined;
  /** For how long it outlasts all who look after it, in seconds; undefined: for ever. */
  readonly leaseSeconds?: number | undefined;
  readonly isEnabled: boolean;
  readonly isKilled: boolean;
  /** It is archived, or its rule is removed: nobody is served the candidate there. */
  readonly isGone: boolean;
}

/** What is seen of the traffic target. */
type TrafficFacts = TrafficObserved & {
  readonly capabilities: TrafficCapabilities;
  /** Someone held the release before, and what they sent last would still be taken, if it came now. */
  readonly isOpenToOthers?: boolean;
};

/** What only the server sees that holds the release. Undefined: it was not looked at. */
export interface OutsideFacts {
  readonly traffic?: TrafficFacts | undefined;
  /** What the traffic target is being set to: until that has ended nobody knows what it does. Undefined: nothing. */
  readonly applying?:
    | { readonly candidatePer100k: number; readonly sinceMs: number; readonly isFenced: boolean }
    | undefined;
  /** Why the traffic target could not be read, or set, with the fix. */
  readonly trafficProblem?: string | undefined;
  /** Verdicts on the gates of the stage. */
  readonly gates?: readonly GateFacts[] | undefined;
  /** Verdicts on the gates of all stages. */
  readonly watch?: readonly GateFacts[] | undefined;
  /** Which of the two changes harms. */
  readonly blame?: BlameFact | undefined;
}

/** All that the machine is told, besides spec and state. */
export interface Facts extends OutsideFacts {
  /** Milliseconds since 1970, UTC. */
  readonly nowMs: number;
  readonly flags: readonly FlagFacts[];
  /** Undefined: there is no migration, or its plan is gone. */
  readonly migration?: MigrationFacts | undefined;
  /** What stands against a start, in sentences. */
  readonly problems: readonly string[];
  /** Before the start: what the release leads to besides its spec. */
  readonly leads?: Leads | undefined;
  /** Of one that is scheduled: why it may not begin although its time has come, in a sentence. */
  readonly unapproved?: string | undefined;
  /** Why no exposure may grow at the moment, such as a freeze; in a sentence. */
  readonly noGrowth: string | undefined;
  /** For how long no server looked after the release, in all. Undefined: it does not matter in its phase. */
  readonly unwatchedMs?: number | undefined;
  /** A release that came later to the same targets, by its title. */
  readonly newer?: string | undefined;
}
