import type { Static } from '@sinclair/typebox';
import { toTimestamp } from '../http/key-schema.ts';
import type { HeldBy } from '../releases/held-by.ts';
import type { MigrationPlanRow, MigrationRunRow } from '../store/tables/migration-plans.ts';
import type { Vault } from '../vault/vault.ts';
import type { ShownDatabase } from './connection-url.ts';
import type { Definition } from './definition.ts';
import { floorOf, pointsOfNoReturn } from './floor.ts';
import type { MigrationPhase } from './phase.ts';
import { withReplication } from './replication.ts';
import type { MigrationPlanSchema, MigrationRunSchema } from './schemas.ts';
import type { PlanState } from './state.ts';

/** A plan as the API shows it. */
export type MigrationPlan = Static<typeof MigrationPlanSchema>;
export type MigrationRun = Static<typeof MigrationRunSchema>;

export type StoredDefinition = Definition & { readonly name: string };

/** What lies in the vault. */
export interface Secrets {
  readonly database?: string;
  readonly newDatabase?: string;
  readonly webhookSecret?: string;
}

/** What may be shown of them. */
export interface ShownDatabases {
  readonly database: ShownDatabase | null;
  readonly newDatabase: ShownDatabase | null;
}

/** With all that it takes; `givenOf` is what people wrote. */
export function definitionOf(row: Pick<MigrationPlanRow, 'definition' | 'key'>): StoredDefinition {
  return withReplication(row.key, givenOf(row));
}

export function givenOf({ definition }: Pick<MigrationPlanRow, 'definition'>): StoredDefinition {
  return JSON.parse(definition) as StoredDefinition;
}

export function stateOf({ state }: Pick<MigrationPlanRow, 'state'>): PlanState {
  return JSON.parse(state) as PlanState;
}

/** The columns that hold a state. */
export function toColumns(state: PlanState): Pick<MigrationPlanRow, 'state' | 'is_moving'> {
  return { state: JSON.stringify(state), is_moving: isMoving(state) ? 1 : 0 };
}

export function isMoving({ move, phase, wanted }: PlanState): boolean {
  return move !== undefined || phase !== wanted;
}

/** @throws {ApiError} `vault_locked` */
export function sealSecrets(vault: Vault, id: string, secrets: Secrets): string | null {
  return Object.keys(secrets).length === 0 ? null : vault.seal(purposeOf(id), JSON.stringify(secrets));
}

/** @throws when they cannot be opened */
export function openSecrets(vault: Vault, { id, secrets }: Pick<MigrationPlanRow, 'id' | 'secrets'>): Secrets {
  return secrets === null ? {} : (JSON.parse(vault.open(purposeOf(id), secrets)) as Secrets);
}

/** What is not in the row of a plan. */
interface Seen {
  readonly waiting: readonly string[];
  readonly latest: MigrationRunRow | undefined;
  readonly release: HeldBy;
}

/** @param flag key of the flag that it drives, as it is now */
export function toPlan(
  row: MigrationPlanRow,
  flag: string | undefined,
  { waiting, latest, release }: Seen,
): MigrationPlan {
  const { name, code, phases, settleSeconds, replication } = givenOf(row);
  const [definition, state] = [definitionOf(row), stateOf(row)];
  const floor = floorOf(definition, state);
  const { pause } = state;
  const { database, newDatabase } = JSON.parse(row.databases) as ShownDatabases;
  return {
    key: row.key,
    name,
    ...(flag === undefined ? {} : { flag }),
    ...(code === undefined ? {} : { code: { ...code } }),
    ...(settleSeconds === undefined ? {} : { settleSeconds }),
    ...(replication === undefined ? {} : { replication: replication as MigrationPlan['replication'] }),
    phases: phases as MigrationPlan['phases'],
    ...{ database, newDatabase },
    phase: state.phase,
    enteredAt: toTimestamp(state.enteredAtMs),
    wanted: state.wanted,
    isMoving: isMoving(state),
    floor: floor.phase,
    floorReason: floor.reason ?? null,
    pointsOfNoReturn: pointsOfNoReturn(definition),
    release,
    pause: pause === undefined ? null : { by: pause.by, reason: pause.reason, at: toTimestamp(pause.atMs) },
    problem: state.failure?.reason ?? null,
    waiting: [...waiting],
    progress: progressOf(state, latest) ?? null,
    version: row.version,
    createdAt: toTimestamp(row.created_at),
    updatedAt: toTimestamp(row.updated_at),
  };
}

/** How far a backfill is that is under way. */
export function progressOf(
  { move }: PlanState,
  latest: MigrationRunRow | undefined,
): { readonly done: number; readonly total: number | null } | undefined {
  if (move === undefined || latest?.outcome !== 'running' || !latest.id.startsWith(move.id)) return undefined;
  return latest.rows === 0 && latest.total === null ? undefined : { done: latest.rows, total: latest.total };
}

export function toRun(row: MigrationRunRow): MigrationRun {
  return {
    id: row.id,
    phase: row.phase as MigrationPhase,
    direction: row.direction as MigrationRun['direction'],
    action: row.action,
    outcome: row.outcome as MigrationRun['outcome'],
    startedAt: toTimestamp(row.started_at),
    endedAt: row.ended_at === null ? null : toTimestamp(row.ended_at),
    ms: row.ended_at === null ? null : row.ended_at - row.started_at,
    rows: row.rows,
    total: row.total,
    output: row.output,
  };
}

const purposeOf = (id: string) => `migration-plan:${id}`;
