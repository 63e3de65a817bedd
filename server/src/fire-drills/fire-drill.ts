import type { Static } from '@sinclair/typebox';
import type { Actor } from '../audit/actor.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { lastEdge, nextEdge } from '../schedules/window.ts';
import type { FireDrillRow, FireDrillRunRow } from '../store/tables/kills.ts';
import type { FireDrillInput, FireDrillRunSchema, FireDrillSchema } from './schemas.ts';

export type Settings = Static<typeof FireDrillInput>;
export type FireDrill = Static<typeof FireDrillSchema>;
export type FireDrillRun = Static<typeof FireDrillRunSchema>;

/** What a drill came to; stored when it has ended. */
export interface Result extends Pick<FireDrillRun, 'reason' | 'epoch' | 'sentToLastMs' | 'instances' | 'confirmed'> {
  readonly outcome: Exclude<FireDrillRun['outcome'], 'running'>;
}

const HOUR_MS = 3_600_000;

/** When the next drill is due after one at `lastMs`; null: only by hand. */
export function nextDueMs({ everyHours, window }: Settings, lastMs: number): number | null {
  if (everyHours === null) return null;
  const dueMs = lastMs + everyHours * HOUR_MS;
  if (window === undefined || lastEdge(window, dueMs)?.kind === 'start') return dueMs;
  return nextEdge(window, dueMs)?.atMs ?? dueMs;
}

export function toFireDrill(row: FireDrillRow): FireDrill {
  const { window, ...settings } = JSON.parse(row.settings) as Settings;
  return {
    ...settings,
    window: window ?? null,
    nextAt: row.due_at === null ? null : toTimestamp(row.due_at),
    updatedAt: toTimestamp(row.updated_at),
  };
}

export function toRun(row: FireDrillRunRow): FireDrillRun {
  const none = { reason: '', epoch: null, sentToLastMs: null, instances: null, confirmed: null };
  const result = row.result === null ? none : (JSON.parse(row.result) as Result);
  return {
    ...result,
    id: row.id,
    startedAt: toTimestamp(row.started_at),
    by: JSON.parse(row.started_by) as Actor,
    outcome: row.outcome as FireDrillRun['outcome'],
  };
}
