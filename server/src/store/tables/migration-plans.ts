import type { Selectable } from 'kysely';

/** Migrations of the databases of others. */
export interface MigrationPlansTables {
  migration_plans: MigrationPlanTable;
  migration_runs: MigrationRunTable;
}

/** How a database changes while it is in use, in one environment. */
interface MigrationPlanTable {
  id: string;
  environment_id: string;
  key: string;
  /** Of the flag that it drives. */
  flag_id: string | null;
  /** JSON: see `migration-plans/definition.ts`, with its name. */
  definition: string;
  /** JSON: what may be shown of its connection URLs. */
  databases: string;
  /** Sealed JSON: the URLs, and what calls to tools are signed with. */
  secrets: string | null;
  /** JSON: see `migration-plans/state.ts`. */
  state: string;
  /** Whether there is something to do. */
  is_moving: number;
  /** The server that does it, and until when others leave it alone. */
  holder: string | null;
  held_until: number | null;
  version: number;
  created_at: number;
  updated_at: number;
}
export type MigrationPlanRow = Selectable<MigrationPlanTable>;

/** One action of a plan. */
interface MigrationRunTable {
  /** The move, the place of the action in it, and the attempt. */
  id: string;
  plan_id: string;
  phase: string;
  direction: string;
  action: string;
  /** `running`, `succeeded` or `failed`. */
  outcome: string;
  started_at: number;
  ended_at: number | null;
  rows: number;
  total: number | null;
  output: string;
}
export type MigrationRunRow = Selectable<MigrationRunTable>;
