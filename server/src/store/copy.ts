import { type Kysely, sql } from 'kysely';
import { newIncarnation } from '../rulesets/incarnation.ts';
import { findPending } from './migrations.ts';
import { type AnyRow, batchesOf } from './rows.ts';
import type { Store } from './store.ts';
import { StoreError } from './store-error.ts';
import type { DatabaseTransaction, Querier, Tables } from './tables.ts';

/**
 * What becomes of each table in a copy, those first that others refer to. `copied`: row by row. `anew`: what belongs to
 * the installation, not to its content, or to the incarnations of the source; the copy makes its own.
 */
const TABLES: Readonly<Record<keyof Tables, 'copied' | 'anew'>> = {
  users: 'copied',
  sessions: 'copied',
  second_factors: 'copied',
  recovery_codes: 'copied',
  sign_in_policy: 'copied',
  identity_providers: 'copied',
  identities: 'copied',
  projects: 'copied',
  environments: 'copied',
  segments: 'copied',
  flags: 'copied',
  flag_environments: 'copied',
  former_flag_keys: 'copied',
  ruleset_items: 'copied',
  item_history: 'copied',
  revisions: 'copied',
  keys: 'copied',
  groups: 'copied',
  group_members: 'copied',
  service_accounts: 'copied',
  tokens: 'copied',
  roles: 'copied',
  grants: 'copied',
  audit_events: 'copied',
  audit_chains: 'copied',
  audit_keys: 'copied',
  audit_checkpoints: 'copied',
  kills: 'copied',
  context_sampling: 'copied',
  context_proofs: 'copied',
  context_proof_secrets: 'copied',
  private_attributes: 'copied',
  attributes_seen: 'copied',
  kill_history: 'copied',
  kill_timelines: 'copied',
  fire_drills: 'copied',
  fire_drill_runs: 'copied',
  data_keys: 'copied',
  webhooks: 'copied',
  webhook_deliveries: 'copied',
  change_requests: 'copied',
  change_request_entries: 'copied',
  freezes: 'copied',
  schedules: 'copied',
  schedule_runs: 'copied',
  signal_sources: 'copied',
  signals: 'copied',
  bindings: 'copied',
  binding_episodes: 'copied',
  signal_episodes: 'copied',
  releases: 'copied',
  release_targets: 'copied',
  release_decisions: 'copied',
  release_leases: 'anew',
  release_moves: 'copied',
  release_templates: 'copied',
  safeguards: 'copied',
  safeguard_verdicts: 'copied',
  data_sources: 'copied',
  traffic_targets: 'copied',
  gate_runs: 'copied',
  gate_measurements: 'copied',
  migration_plans: 'copied',
  migration_runs: 'copied',
  flag_comments: 'copied',
  flag_views: 'copied',
  changes: 'anew',
  counters: 'anew',
  servers: 'anew',
  secrets: 'anew',
  // Their subjects are hashed with a secret of the installation.
  context_samples: 'anew',
  setup_tokens: 'anew',
  idempotency_keys: 'anew',
  password_links: 'anew',
};

const COPIED = Object.entries(TABLES).flatMap(([name, how]) => (how === 'copied' ? [name as keyof Tables] : []));

/** Rows in one statement: PostgreSQL takes 65 535 parameters, a table has at most 30 columns. */
const BATCH_ROWS = 500;

/** The tables are only known by name here. */
type AnyTables = Record<string, AnyRow>;

/** One side of a copy. */
interface Side {
  readonly engine: Store['engine'];
  readonly tx: DatabaseTransaction;
}

/**
 * Copies an installation to an empty database of either engine, in one transaction: all of it, or nothing. It is what the
 * source held at one moment, also while others write to it. Environments get new incarnations, for from now on the two
 * count revisions apart.
 * @param target migrated already
 * @param report hears of progress
 * @throws {StoreError} when the source is not of this version, or the target is not empty
 */
export async function copyStore(source: Store, target: Store, report: (line: string) => void): Promise<void> {
  const pending = await findPending({ engine: source.engine, db: source.database });
  if (pending.length > 0) {
    throw new StoreError(
      `The source lacks the migration ${pending[0]}. Bring it to this version first: bunting-server migrate --data-dir FOLDER`,
    );
  }
  const snapshot = source.database.transaction();
  const atOneMoment = source.engine === 'postgres' ? snapshot.setIsolationLevel('repeatable read') : snapshot;
  await atOneMoment.execute(async (from) => {
    await target.database.transaction().execute(async (to) => {
      await copyTables({ engine: source.engine, tx: from }, { engine: target.engine, tx: to }, report);
    });
  });
}

async function copyTables(source: Side, target: Side, report: (line: string) => void): Promise<void> {
  if (target.engine === 'postgres') {
    // A server that starts on the target now waits, and then finds the copy.
    await sql`lock table ${sql.join(COPIED.map((table) => sql.table(table)))} in share row exclusive mode`.execute(
      target.tx,
    );
  }
  await refuseContent(target.tx);
  for (const table of COPIED) await copyTable(source, target, table, report);
  await copyCounters(source.tx, target.tx);
  for (const table of COPIED) await verify(source.tx, target.tx, table);
}

async function refuseContent(tx: DatabaseTransaction): Promise<void> {
  for (const table of COPIED) {
    const rows = await count(tx, table);
    if (rows === 0) continue;
    throw new StoreError(
      `The target is not empty: its table ${table} has ${rows} ${rows === 1 ? 'row' : 'rows'}. Take a new database, which no server has started on.`,
    );
  }
}

async function copyTable(
  source: Side,
  target: Side,
  table: keyof Tables,
  report: (line: string) => void,
): Promise<void> {
  const to = target.tx as unknown as Kysely<AnyTables>;
  let copied = 0;
  for await (const batch of batchesOf(source.engine, source.tx, table, BATCH_ROWS)) {
    const rows = table === 'environments' ? batch.map((row) => ({ ...row, incarnation: newIncarnation() })) : batch;
    await to.insertInto(table).values(rows).execute();
    copied += rows.length;
    report(`${table}: ${copied} ${copied === 1 ? 'row' : 'rows'}`);
  }
}

/** Numbers that rows carry came from these. */
async function copyCounters(source: Querier, tx: DatabaseTransaction): Promise<void> {
  for (const { name, number } of await source.selectFrom('counters').selectAll().execute()) {
    await tx.updateTable('counters').set({ number }).where('name', '=', name).execute();
  }
}

async function verify(source: Querier, tx: DatabaseTransaction, table: keyof Tables): Promise<void> {
  const [before, after] = [await count(source, table), await count(tx, table)];
  if (before !== after) throw new StoreError(`Of ${before} rows of ${table} ${after} arrived; nothing was copied.`);
}

async function count(db: Querier, table: keyof Tables): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from ${sql.table(table)}`.execute(db);
  return rows[0]?.count ?? 0;
}
