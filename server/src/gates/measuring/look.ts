import type { Json } from '@bunting/core';
import type { AddressPolicy } from '../../egress/address-policy.ts';
import type { InstallationMeasurements } from '../../measurements/installation-measurements.ts';
import type { MigrationPhase } from '../../migration-plans/phase.ts';
import type { Rulesets } from '../../rulesets/rulesets.ts';
import type { SafeguardBook } from '../../safeguards/safeguard-book.ts';
import type { SafeguardWatch } from '../../safeguards/watch.ts';
import type { Database } from '../../store/tables.ts';
import type { TrafficTargets } from '../../traffic/targets.ts';
import type { Vault } from '../../vault/vault.ts';
import type { GateSubject } from '../gate.ts';
import type { Measurement, Span } from '../measurement.ts';
import type { Jobs } from './jobs.ts';

/** One look of a gate at the world. */
export interface Look {
  readonly subject: Omit<GateSubject, 'gates'>;
  /** Nothing from before it counts. */
  readonly enteredAtMs: number;
  readonly nowMs: number;
  /** End of what was measured last; undefined: nothing was. */
  readonly lastMs: number | undefined;
  /** What the gate knows so far. */
  readonly memory: Json;
  /** The same for each look of a gate in a stage of an attempt, whichever server looks. */
  readonly key: string;
}

/** What gates measure with. */
export interface Means {
  readonly measurements: Pick<InstallationMeasurements, 'readAll'>;
  readonly rulesets: Rulesets;
  readonly database: Database;
  readonly traffic: Pick<TrafficTargets, 'open'>;
  readonly migrations?: MigrationStates;
  readonly jobs: Pick<Jobs, 'look' | 'explainCommand'>;
  /** What counts first exposures, on every server; undefined while this one starts. */
  readonly counting: () => Counting | undefined;
  readonly vault: Vault;
  /** Where requests may go. */
  readonly policy: AddressPolicy;
}

/** Safeguards: who judges the sample ratio has first exposures counted. */
export interface Counting {
  readonly book: Pick<SafeguardBook, 'of'>;
  readonly watch: Pick<SafeguardWatch, 'casesOf'>;
}

/** Where migrations are. */
export interface MigrationStates {
  facts(
    environmentId: string,
    plan: string,
  ): Promise<
    | {
        readonly phase: MigrationPhase;
        readonly isMoving: boolean;
        readonly progress?: { readonly done: number /** null: nobody knows. */; readonly total: number | null };
        readonly problem?: string;
      }
    | undefined
  >;
}

export function toData(span: Span, data: unknown): Measurement {
  return { kind: 'data', ...span, data: data as Json };
}

export function toNothing(span: Span, kind: 'no_data' | 'error', reason: string): Measurement {
  return { kind, ...span, reason };
}
