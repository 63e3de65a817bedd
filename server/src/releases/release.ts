import type { Static } from '@sinclair/typebox';
import type { Actor } from '../audit/actor.ts';
import { toTimestamp } from '../http/key-schema.ts';
import type { ReleaseDecisionRow } from '../store/tables/releases.ts';
import type { Facts } from './facts.ts';
import { BEFORE_START } from './phase.ts';
import type { PlacedRelease } from './repository.ts';
import type { ReleaseDecisionSchema, ReleaseSchema } from './schemas.ts';
import type { ReleaseFlag, Spec, Stage } from './spec.ts';
import { FIRST_STATE, type State } from './state.ts';

/** A release as the API shows it. */
export type Release = Static<typeof ReleaseSchema>;
export type ReleaseDecision = Static<typeof ReleaseDecisionSchema>;

/** A flag of a release that is stored: it may have another key by now. */
export interface StoredFlag extends ReleaseFlag {
  readonly id: string;
}

export type StoredSpec = Omit<Spec, 'flags'> & { readonly flags: readonly StoredFlag[] };

export function specOf({ spec }: { readonly spec: string }): StoredSpec {
  const stored = JSON.parse(spec) as StoredSpec;
  return { ...stored, stages: stored.stages.map(toStage) };
}

/** The first versions stored the share of flags under another name. */
function toStage({ weightPer100k, ...stage }: Stage & { readonly weightPer100k?: number }): Stage {
  return weightPer100k === undefined ? stage : { ...stage, flagsPer100k: weightPer100k };
}

export function stateOf({ state }: { readonly state: string }): State {
  const { setPer100k, manualPer100k, ...stored } = JSON.parse(state) as State & EarlierState;
  if (setPer100k === undefined) return stored;
  return {
    ...FIRST_STATE,
    ...stored,
    reached: stored.stage,
    set: { flagsPer100k: setPer100k },
    ...(manualPer100k === undefined ? {} : { manual: { flagsPer100k: manualPer100k } }),
  };
}

/** What the first versions stored instead of `set` and `manual`. */
interface EarlierState {
  readonly setPer100k?: number;
  readonly manualPer100k?: number;
}

/** What a release holds while it is under way, so that no other has it. */
export function targetsOf({ flags, traffic, migration }: StoredSpec): string[] {
  return [
    ...flags.map(({ id }) => `flag:${id}`),
    ...(traffic === undefined ? [] : [`traffic:${traffic.target}`]),
    ...(migration === undefined ? [] : [`migration:${migration.plan}`]),
  ];
}

export function toRelease(
  row: PlacedRelease,
  { flags, traffic, migration }: Facts,
  waiting: readonly string[],
  pointsOfNoReturn: Release['pointsOfNoReturn'],
): Release {
  const { flags: held, stages, needs, watch, ...spec } = specOf(row);
  const state = stateOf(row);
  return {
    id: row.id,
    title: row.title,
    environment: row.environment,
    ...spec,
    ...(needs === undefined ? {} : { needs: [...needs] }),
    ...(watch === undefined ? {} : { watch: [...watch] }),
    flags: held.map(({ id: _, ...flag }, at) => ({
      ...flag,
      flag: flags[at]?.flag ?? flag.flag,
      weightPer100k: flags[at]?.servedPer100k ?? null,
    })),
    stages: stages.map(({ gates, ...stage }) => ({ ...stage, ...(gates === undefined ? {} : { gates: [...gates] }) })),
    phase: state.phase,
    attempt: state.attempt,
    stage: state.stage,
    set: state.set ?? null,
    trafficPer100k: traffic?.candidatePer100k ?? null,
    migrationPhase: migration?.phase ?? null,
    pointsOfNoReturn,
    enteredAt: state.enteredAtMs === undefined ? null : toTimestamp(state.enteredAtMs),
    pauses: state.pauses.map(({ id: _, sinceMs, ...pause }) => ({ ...pause, since: toTimestamp(sinceMs) })),
    approvedBy: [...(BEFORE_START.includes(state.phase) ? state.startApprovedBy : state.approvedBy)],
    waiting: [...(state.obstacle === undefined ? [] : [state.obstacle]), ...waiting],
    startsAt: row.starts_at === null ? null : toTimestamp(row.starts_at),
    endedAt: state.endedAtMs === undefined ? null : toTimestamp(state.endedAtMs),
    createdBy: JSON.parse(row.created_by) as Actor,
    version: row.version,
    createdAt: toTimestamp(row.created_at),
    updatedAt: toTimestamp(row.updated_at),
  };
}

export function toDecision(row: ReleaseDecisionRow): ReleaseDecision {
  const { phase, stage, set = { flagsPer100k: 0 } } = stateOf(row);
  return {
    id: row.id,
    at: toTimestamp(row.at),
    by: JSON.parse(row.actor) as Actor,
    decision: row.decision,
    phase,
    stage,
    set,
    facts: JSON.parse(row.facts),
  };
}
