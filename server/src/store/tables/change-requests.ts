import type { Selectable } from 'kysely';
import type { Bit } from '../booleans.ts';

/** Changes that wait: for approval, for a time, or for a freeze to end. */
export interface ChangeRequestsTables {
  change_requests: ChangeRequestTable;
  change_request_entries: ChangeRequestEntryTable;
  freezes: FreezeTable;
  schedules: ScheduleTable;
  schedule_runs: ScheduleRunTable;
}

/** A change that people talk about before it is made. */
interface ChangeRequestTable {
  id: string;
  project_id: string;
  title: string;
  description: string;
  /** JSON: see `change-requests/content.ts`. */
  content: string;
  /** Of the content and of what it led to when it was proposed: what approvals are bound to. */
  content_hash: string;
  /** JSON: the versions of what it changes, as they were then. */
  bases: string;
  based_at: number;
  /** JSON: string[], the ids of who wrote the content. */
  authors: string;
  /** JSON: Actor. */
  created_by: string;
  /** See `change-requests/state.ts`. */
  state: string;
  /** Why it was rejected, or does not go with what is there. */
  reason: string | null;
  version: number;
  created_at: number;
  updated_at: number;
}
export type ChangeRequestRow = Selectable<ChangeRequestTable>;

/** What someone said about a change request. */
interface ChangeRequestEntryTable {
  id: string;
  request_id: string;
  /** `comment`, `approval` or `rejection`. */
  kind: string;
  /** JSON: Actor. */
  actor: string;
  /** Of the request when it was said. */
  content_hash: string;
  body: string;
  created_at: number;
}
export type ChangeRequestEntryRow = Selectable<ChangeRequestEntryTable>;

/** A time in which an environment is not changed. */
interface FreezeTable {
  id: string;
  environment_id: string;
  name: string;
  starts_at: number;
  ends_at: number;
  /** JSON: Actor. */
  created_by: string;
  created_at: number;
}
export type FreezeRow = Selectable<FreezeTable>;

/** Changes that are made at a time. */
interface ScheduleTable {
  id: string;
  project_id: string;
  title: string;
  /** JSON: see `schedules/plan.ts`. */
  plan: string;
  /** How late it may still be done, for what is done once. */
  tolerance_ms: number;
  /** 1: whoever made it was allowed to do without the approval that the environment wants. */
  is_approved: Bit;
  /** `active`, `paused`, `done`, `failed`, `missed` or `cancelled`. */
  state: string;
  /** Why it failed. */
  reason: string | null;
  /** When it is to be done next; null when it has ended. */
  due_at: number | null;
  /** `start` or `end` of a window, `once` otherwise. */
  due_edge: string | null;
  /** JSON: Actor. */
  created_by: string;
  version: number;
  created_at: number;
  updated_at: number;
}
export type ScheduleRow = Selectable<ScheduleTable>;

/** What became of a time at which a schedule was due: one row, whoever wrote it. */
interface ScheduleRunTable {
  schedule_id: string;
  due_at: number;
  edge: string;
  /** `applied`, `failed` or `missed`. */
  outcome: string;
  reason: string | null;
  ran_at: number;
}
export type ScheduleRunRow = Selectable<ScheduleRunTable>;
