import type { Selectable } from 'kysely';
import type { Bit } from '../booleans.ts';

/** Kills, how they went, and the drills for them. */
export interface KillsTables {
  kills: KillTable;
  kill_history: KillHistoryTable;
  kill_timelines: KillTimelineTable;
  fire_drills: FireDrillTable;
  fire_drill_runs: FireDrillRunTable;
}

/** The latest kill or re-arm of a flag in an environment. */
interface KillTable {
  environment_id: string;
  flag_key: string;
  /** Orders the kills and re-arms of the flag: see `Kill` in core. */
  epoch: number;
  engaged: Bit;
  /** The audit event that tells of it. */
  event_id: string;
  actor_kind: string;
  actor_id: string;
  actor_name: string;
  request_id: string | null;
  reason: string;
  at: number;
  /** Of the transaction that wrote the row, from the counter `kills`: grows with every commit, so it says what is new. */
  number: number;
}
export type KillRow = Selectable<KillTable>;

/** Every kill and re-arm. */
interface KillHistoryTable {
  event_id: string;
  environment_id: string;
  flag_key: string;
  epoch: number;
  engaged: Bit;
  /** By the clock of the server at which it was put in force. */
  at: number;
}
export type KillHistoryRow = Selectable<KillHistoryTable>;

/** How each kill came to be and how far it came. */
interface KillTimelineTable {
  /** The audit event that tells of the kill. */
  event_id: string;
  environment_id: string;
  flag_key: string;
  epoch: number;
  /** When it was decided, by the clock of the server that did. */
  at: number;
  /** JSON: see `kills/timeline.ts`. */
  document: string;
}
export type KillTimelineRow = Selectable<KillTimelineTable>;

/** When an environment holds fire drills. */
interface FireDrillTable {
  environment_id: string;
  /** JSON: see `fire-drills/schemas.ts`. */
  settings: string;
  /** Null: only by hand. */
  due_at: number | null;
  updated_at: number;
}
export type FireDrillRow = Selectable<FireDrillTable>;

interface FireDrillRunTable {
  id: string;
  environment_id: string;
  started_at: number;
  /** JSON: an actor. */
  started_by: string;
  outcome: string;
  /** JSON: what came of it; null while it is held. */
  result: string | null;
}
export type FireDrillRunRow = Selectable<FireDrillRunTable>;
