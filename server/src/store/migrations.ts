import { type Kysely, sql } from 'kysely';
import { CollateText } from './collate-text.ts';
import { up as foundation } from './migrations/0001-foundation.ts';
import { up as prerequisites } from './migrations/0002-prerequisites-targets-schema.ts';
import { up as severalServers } from './migrations/0003-several-servers.ts';
import { up as kills } from './migrations/0004-kills.ts';
import { up as servers } from './migrations/0005-servers.ts';
import { up as segments } from './migrations/0006-segments.ts';
import { up as dataKeys } from './migrations/0007-data-keys.ts';
import { up as auditChain } from './migrations/0008-audit-chain.ts';
import { up as flagFacts } from './migrations/0009-flag-facts.ts';
import { up as contexts } from './migrations/0010-contexts.ts';
import { up as revisionHistory } from './migrations/0011-revision-history.ts';
import { up as peopleAndRoles } from './migrations/0012-people-and-roles.ts';
import { up as environmentFacts } from './migrations/0013-environment-facts.ts';
import { up as idempotency } from './migrations/0014-idempotency.ts';
import { up as contextProofs } from './migrations/0015-context-proofs.ts';
import { up as keyLives } from './migrations/0016-key-lives.ts';
import { up as auditCheckpoints } from './migrations/0017-audit-checkpoints.ts';
import { up as webhooks } from './migrations/0018-webhooks.ts';
import { up as slices } from './migrations/0019-slices.ts';
import { up as sessions } from './migrations/0020-sessions.ts';
import { up as changeRequests } from './migrations/0021-change-requests.ts';
import { up as secondFactors } from './migrations/0022-second-factors.ts';
import { up as schedules } from './migrations/0023-schedules.ts';
import { up as searchAndVersions } from './migrations/0024-search-and-versions.ts';
import { up as identityProviders } from './migrations/0025-identity-providers.ts';
import { up as signals } from './migrations/0026-signals.ts';
import { up as releases } from './migrations/0027-releases.ts';
import { up as safeguards } from './migrations/0028-safeguards.ts';
import { up as killTimelines } from './migrations/0029-kill-timelines.ts';
import { up as line } from './migrations/0030-line.ts';
import { up as bindings } from './migrations/0031-bindings.ts';
import { up as fireDrills } from './migrations/0032-fire-drills.ts';
import { up as dataSources } from './migrations/0033-data-sources.ts';
import { up as trafficTargets } from './migrations/0034-traffic-targets.ts';
import { up as decisionLog } from './migrations/0035-decision-log.ts';
import { up as gates } from './migrations/0036-gates.ts';
import { up as releaseLeases } from './migrations/0037-release-leases.ts';
import { up as migrationPlans } from './migrations/0038-migration-plans.ts';
import { up as releaseTemplates } from './migrations/0039-release-templates.ts';
import { up as commentsAndViews } from './migrations/0040-comments-and-views.ts';
import { up as releasesSince } from './migrations/0041-releases-since.ts';
import type { Store } from './store.ts';
import { StoreError } from './store-error.ts';
import type { Querier } from './tables.ts';

interface Migration {
  up(db: Kysely<unknown>): Promise<void>;
  /**
   * The oldest level that may go on running on the schema that this makes. A level is the number of the latest migration
   * that a version of Bunting knows. Stored with the migration: so a version knows whether a newer one left it room.
   */
  readonly runsFrom: number;
}

/**
 * All migrations, by name; they run in this order and are never edited once released. Each only expands, so that
 * servers of the version before go on working (`runsFrom` stays); what takes something away waits for a release in which
 * nothing uses it any more, and raises `runsFrom`.
 */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-foundation': { up: foundation, runsFrom: 1 },
  '0002-prerequisites-targets-schema': { up: prerequisites, runsFrom: 1 },
  // Older ones refuse every schema but theirs.
  '0003-several-servers': { up: severalServers, runsFrom: 3 },
  '0004-kills': { up: kills, runsFrom: 3 },
  '0005-servers': { up: servers, runsFrom: 3 },
  '0006-segments': { up: segments, runsFrom: 3 },
  '0007-data-keys': { up: dataKeys, runsFrom: 3 },
  '0008-audit-chain': { up: auditChain, runsFrom: 3 },
  '0009-flag-facts': { up: flagFacts, runsFrom: 3 },
  '0010-contexts': { up: contexts, runsFrom: 3 },
  '0011-revision-history': { up: revisionHistory, runsFrom: 3 },
  '0012-people-and-roles': { up: peopleAndRoles, runsFrom: 3 },
  '0013-environment-facts': { up: environmentFacts, runsFrom: 3 },
  '0014-idempotency': { up: idempotency, runsFrom: 3 },
  '0015-context-proofs': { up: contextProofs, runsFrom: 3 },
  '0016-key-lives': { up: keyLives, runsFrom: 3 },
  '0017-audit-checkpoints': { up: auditCheckpoints, runsFrom: 3 },
  '0018-webhooks': { up: webhooks, runsFrom: 3 },
  '0019-slices': { up: slices, runsFrom: 3 },
  '0020-sessions': { up: sessions, runsFrom: 3 },
  '0021-change-requests': { up: changeRequests, runsFrom: 3 },
  '0022-second-factors': { up: secondFactors, runsFrom: 3 },
  '0023-schedules': { up: schedules, runsFrom: 3 },
  '0024-search-and-versions': { up: searchAndVersions, runsFrom: 3 },
  '0025-identity-providers': { up: identityProviders, runsFrom: 3 },
  '0026-signals': { up: signals, runsFrom: 3 },
  '0027-releases': { up: releases, runsFrom: 3 },
  '0028-safeguards': { up: safeguards, runsFrom: 3 },
  '0029-kill-timelines': { up: killTimelines, runsFrom: 3 },
  '0030-line': { up: line, runsFrom: 3 },
  '0031-bindings': { up: bindings, runsFrom: 3 },
  '0032-fire-drills': { up: fireDrills, runsFrom: 3 },
  '0033-data-sources': { up: dataSources, runsFrom: 3 },
  '0034-traffic-targets': { up: trafficTargets, runsFrom: 3 },
  '0035-decision-log': { up: decisionLog, runsFrom: 3 },
  '0036-gates': { up: gates, runsFrom: 3 },
  '0037-release-leases': { up: releaseLeases, runsFrom: 3 },
  '0038-migration-plans': { up: migrationPlans, runsFrom: 3 },
  '0039-release-templates': { up: releaseTemplates, runsFrom: 3 },
  '0040-comments-and-views': { up: commentsAndViews, runsFrom: 3 },
  '0041-releases-since': { up: releasesSince, runsFrom: 3 },
};

/** The level of this version. */
const LEVEL = Math.max(...Object.keys(MIGRATIONS).map(levelOf));

/** How long servers that start at once wait for the one that migrates, in milliseconds. */
const PATIENCE_MS = 60_000;
/**
 * How long a migration waits for a table that others use, in milliseconds. They queue behind it, so it is short: the
 * migration gives up, lets them pass, and comes again.
 */
const LOCK_TIMEOUT_MS = 2_000;
const PAUSE_MS = 250;
/** Names our lock among all advisory locks of the database: "bunting" and 0, in ASCII. */
export const LOCK_ID = '7094698234256189232';

/** Where to look: a store, inside a transaction or outside. */
interface Place {
  readonly engine: Store['engine'];
  readonly db: Querier;
}

interface AppliedMigration {
  readonly name: string;
  readonly runsFrom: number | null;
}

/**
 * Brings the database to this version, in one transaction. Several servers may do so at once: one does, the others wait.
 * @returns the names of what was applied
 * @throws {StoreError} when a newer version of Bunting made the database and left this one no room, or when tables
 *   were in use for too long
 */
export async function migrate({ engine, database }: Store, patienceMs = PATIENCE_MS): Promise<string[]> {
  // The usual start waits for nobody.
  if ((await findPending({ engine, db: database })).length === 0) return [];
  for (const deadlineMs = performance.now() + patienceMs; ; ) {
    try {
      return await database.transaction().execute(async (tx) => {
        if (engine === 'postgres') {
          // A schema change may take its time; only waiting may not.
          await sql`set local statement_timeout = 0`.execute(tx);
          await sql`set local lock_timeout = ${sql.lit(LOCK_TIMEOUT_MS)}`.execute(tx);
          await sql`select pg_advisory_xact_lock(${sql.lit(LOCK_ID)}::bigint)`.execute(tx);
        }
        const place = { engine, db: tx };
        const pending = await findPending(place);
        if (pending.length === 0) return pending;
        const schema = tx.withPlugin(new CollateText(engine)) as unknown as Kysely<unknown>;
        await prepareTable(schema, place);
        for (const name of pending) {
          await MIGRATIONS[name]?.up(schema);
          const runsFrom = MIGRATIONS[name]?.runsFrom ?? LEVEL;
          await sql`insert into migrations (name, timestamp, runs_from) values (${name}, ${new Date().toISOString()}, ${runsFrom})`.execute(
            tx,
          );
        }
        return pending;
      });
    } catch (error) {
      if (!IN_THE_WAY.has((error as { code?: string }).code ?? '')) throw error;
      if (performance.now() > deadlineMs) {
        throw new StoreError(
          'The database cannot be migrated: its tables, or another migration, were in use all the time. End ' +
            'transactions that stay open (select * from pg_stat_activity), then start again.',
          { cause: error },
        );
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * (1 + Math.random())));
    }
  }
}

/** Others hold what the migration needs: a lock not to be had in time, or a deadlock with transactions of running servers. */
const IN_THE_WAY: ReadonlySet<string> = new Set(['55P03', '40P01']);

/**
 * The migrations that the database has not had yet, in order. Writes nothing.
 * @param place undefined: there is no database yet
 * @throws {StoreError} when a newer version made the database and left this one no room
 */
export async function findPending(place: Place | undefined): Promise<string[]> {
  const applied = place === undefined ? [] : await findApplied(place);
  for (const { name, runsFrom } of applied) {
    if (name in MIGRATIONS || (runsFrom !== null && runsFrom <= LEVEL)) continue;
    throw new StoreError(
      `The database was made by a newer version of Bunting: this one does not know its migration ${name}, which needs ` +
        'a newer server. Start the newer version, or restore a backup from before the upgrade.',
    );
  }
  const names = new Set(applied.map(({ name }) => name));
  return Object.keys(MIGRATIONS).filter((name) => !names.has(name));
}

async function findApplied(place: Place): Promise<AppliedMigration[]> {
  const columns = await findColumns(place);
  if (columns.length === 0) return [];
  const runsFrom = columns.includes('runs_from') ? sql`runs_from` : sql`null`;
  const { rows } = await sql<AppliedMigration>`select name, ${runsFrom} as "runsFrom" from migrations`.execute(
    place.db,
  );
  return rows;
}

/** Of the table `migrations`; none when there is no such table. */
async function findColumns({ engine, db }: Place): Promise<string[]> {
  const query =
    engine === 'postgres'
      ? sql<{ name: string }>`select column_name as name from information_schema.columns
          where table_schema = current_schema() and table_name = 'migrations'`
      : sql<{ name: string }>`select name from pragma_table_info('migrations')`;
  return (await query.execute(db)).rows.map(({ name }) => name);
}

/** The table that says what was applied. The first versions made it without `runs_from`. */
async function prepareTable(schema: Kysely<unknown>, place: Place): Promise<void> {
  const columns = await findColumns(place);
  if (columns.includes('runs_from')) return;
  if (columns.length === 0) {
    await schema.schema
      .createTable('migrations')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('timestamp', 'text', (column) => column.notNull())
      .execute();
  }
  await schema.schema.alterTable('migrations').addColumn('runs_from', 'integer').execute();
}

function levelOf(name: string): number {
  return Number.parseInt(name, 10);
}
