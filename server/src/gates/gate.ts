import type { Static } from '@sinclair/typebox';
import type { GateSchema } from './schemas.ts';

/** A question that a stage of a release puts to the world before it lets the next one begin. */
export type Gate = Static<typeof GateSchema>;
export type GateOf<K extends Gate['kind']> = Extract<Gate, { kind: K }>;

/**
 * pending: nothing was measured yet. running: measured, and not enough yet to say. error: its provider cannot be asked, so
 * it is not known. inconclusive: it was asked, and cannot say, as without traffic or over a gap.
 */
export type GateVerdict = 'pending' | 'running' | 'successful' | 'failed' | 'error' | 'inconclusive';

/** A gate as the machine of releases sees it, with all defaults filled in. */
export interface GateFacts {
  /** Its name. */
  readonly gate: string;
  readonly verdict: GateVerdict;
  /** A sentence, with numbers. */
  readonly reason: string;
  /** When the verdict became this one: milliseconds since 1970, UTC. */
  readonly sinceMs: number;
  readonly onFailure: NonNullable<Gate['onFailure']>;
  readonly onInconclusive: NonNullable<Gate['onInconclusive']>;
  readonly onProviderLoss: Gate['onProviderLoss'];
  readonly dryRun: boolean;
}

/** Which gates are to be judged, and about what. */
export interface GateSubject {
  readonly releaseId: string;
  /** Keys. */
  readonly project: string;
  readonly environment: string;
  readonly environmentId: string;
  readonly attempt: number;
  /** Index of the stage; `watch`: those that are judged in each forward phase. */
  readonly stage: number | 'watch';
  /** Nothing from before it counts: milliseconds since 1970, UTC. */
  readonly enteredAtMs: number;
  readonly flags: readonly {
    readonly flag: string;
    readonly candidate: string;
    readonly baseline: string;
    /** Id of the rule whose subjects take part. Default: those of the default rule. */
    readonly rule?: string | undefined;
  }[];
  readonly traffic?: { readonly target: string; readonly candidate: string; readonly baseline: string } | undefined;
  readonly migration?: { readonly plan: string } | undefined;
  readonly gates: readonly Gate[];
}
