import type { Kysely } from 'kysely';

/** For how long nobody looked after a release; and what each release moved when, so that an older one finds newer ones. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db;
  await schema
    .alterTable('release_leases')
    .addColumn('unwatched', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
  // The highest is asked for once a second.
  await schema.createIndex('release_leases_by_fence').on('release_leases').columns(['fence']).execute();

  await schema
    .createTable('release_moves')
    .addColumn('release_id', 'text', (column) => column.notNull().references('releases.id').onDelete('cascade'))
    .addColumn('environment_id', 'text', (column) => column.notNull().references('environments.id').onDelete('cascade'))
    .addColumn('target', 'text', (column) => column.notNull())
    .addColumn('began_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('release_moves_once', ['release_id', 'target'])
    .execute();
  await schema
    .createIndex('release_moves_by_target')
    .on('release_moves')
    .columns(['environment_id', 'target', 'began_at'])
    .execute();
  await noteMovesSoFar(db as Kysely<Tables>);
}

/** The part of the schema that is read and written here, as it is now. */
interface Tables {
  releases: { id: string; environment_id: string; spec: string; state: string };
  release_moves: { release_id: string; environment_id: string; target: string; began_at: number };
}

async function noteMovesSoFar(db: Kysely<Tables>): Promise<void> {
  const releases = await db.selectFrom('releases').select(['id', 'environment_id', 'spec', 'state']).execute();
  for (const { id, environment_id, spec, state } of releases) {
    const { beganAtMs } = JSON.parse(state) as { readonly beganAtMs?: number };
    const { flags, traffic, migration } = JSON.parse(spec) as {
      readonly flags: readonly { readonly id: string }[];
      readonly traffic?: { readonly target: string };
      readonly migration?: { readonly plan: string };
    };
    const targets = [
      ...flags.map((flag) => `flag:${flag.id}`),
      ...(traffic === undefined ? [] : [`traffic:${traffic.target}`]),
      ...(migration === undefined ? [] : [`migration:${migration.plan}`]),
    ];
    if (beganAtMs === undefined || targets.length === 0) continue;
    const rows = targets.map((target) => ({ release_id: id, environment_id, target, began_at: beganAtMs }));
    await db.insertInto('release_moves').values(rows).execute();
  }
}
