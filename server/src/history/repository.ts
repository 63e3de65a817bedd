import type { Item, ItemName, Revision } from '@bunting/core';
import { sql } from 'kysely';
import { byKind } from '../rulesets/repository.ts';
import type { EnvironmentRow } from '../store/tables/flags.ts';
import type { RevisionRow } from '../store/tables/rulesets.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';
import type { TouchedItems } from './touched.ts';

/** Keeps what is served of these items as it was until the revision `number`. What is not served yet leaves nothing. */
export async function keepItems(
  tx: DatabaseTransaction,
  environmentId: string,
  names: readonly ItemName[],
  number: number,
): Promise<void> {
  for (const [kind, keys] of byKind(names)) {
    await tx
      .insertInto('item_history')
      .columns(['environment_id', 'kind', 'key', 'from_number', 'to_number', 'json'])
      .expression(
        tx
          .selectFrom('ruleset_items')
          .select((eb) => [
            'environment_id',
            'kind',
            'key',
            eb.fn.coalesce('number', sql.lit(0)).as('from_number'),
            sql<number>`cast(${number} as bigint)`.as('to_number'),
            'json',
          ])
          .where('environment_id', '=', environmentId)
          .where('kind', '=', kind)
          .where('key', 'in', keys),
      )
      .execute();
  }
}

export interface NewRevision {
  readonly environmentId: string;
  readonly revision: Revision;
  readonly committedAtMs: number;
  readonly changeId: string | null;
  readonly items: TouchedItems;
}

export async function insertRevision(tx: DatabaseTransaction, revision: NewRevision): Promise<void> {
  await tx
    .insertInto('revisions')
    .values({
      environment_id: revision.environmentId,
      ...revision.revision,
      committed_at: revision.committedAtMs,
      change_id: revision.changeId,
      items: JSON.stringify(revision.items),
      former_incarnation: null,
    })
    .execute();
}

/**
 * Brings what is known of an environment's current revision to what the environment says: it was made by a server of
 * before, or got a new incarnation.
 */
export async function saveHead(tx: DatabaseTransaction, environmentId: string): Promise<void> {
  const head = await tx.selectFrom('environments').selectAll().where('id', '=', environmentId).executeTakeFirst();
  if (head === undefined) return;
  const known = await findRevisionRow(tx, environmentId, head.number);
  if (known !== undefined && isSame(known, head)) return;
  const { number, incarnation, hash, committed_at } = head;
  const former_incarnation = known?.incarnation ?? null;
  await tx
    .insertInto('revisions')
    .values({ environment_id: environmentId, number, incarnation, hash, committed_at, former_incarnation })
    .onConflict((conflict) =>
      conflict.columns(['environment_id', 'number']).doUpdateSet({ incarnation, hash, former_incarnation }),
    )
    .execute();
}

/** The environments whose current revision the history does not know as it is. */
export async function findUnknownHeads(db: Querier): Promise<string[]> {
  const rows = await db
    .selectFrom('environments')
    .leftJoin('revisions', (join) =>
      join.onRef('environment_id', '=', 'id').onRef('revisions.number', '=', 'environments.number'),
    )
    .select('id')
    .where((eb) =>
      eb.or([
        eb('revisions.hash', 'is', null),
        eb('revisions.hash', '<>', eb.ref('environments.hash')),
        eb('revisions.incarnation', '<>', eb.ref('environments.incarnation')),
      ]),
    )
    .execute();
  return rows.map(({ id }) => id);
}

function isSame(known: RevisionRow, head: EnvironmentRow): boolean {
  return known.incarnation === head.incarnation && known.hash === head.hash;
}

export async function findRevisionRow(
  db: Querier,
  environmentId: string,
  number: number,
): Promise<RevisionRow | undefined> {
  return db
    .selectFrom('revisions')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('number', '=', number)
    .executeTakeFirst();
}

/** The revision that was in force at a moment. */
export async function findRevisionAt(
  db: Querier,
  environmentId: string,
  atMs: number,
): Promise<RevisionRow | undefined> {
  return db
    .selectFrom('revisions')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('committed_at', '<=', atMs)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** Newest first. @param before only revisions with a lower number */
export async function findRevisionRows(
  db: Querier,
  environmentId: string,
  { before, limit }: { readonly before: number | undefined; readonly limit: number },
): Promise<RevisionRow[]> {
  let select = db
    .selectFrom('revisions')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .orderBy('number', 'desc')
    .limit(limit);
  if (before !== undefined) select = select.where('number', '<', before);
  return select.execute();
}

/** Oldest first. */
export async function findRevisionsBetween(
  db: Querier,
  environmentId: string,
  from: number,
  to: number,
): Promise<RevisionRow[]> {
  return db
    .selectFrom('revisions')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('number', '>=', from)
    .where('number', '<=', to)
    .orderBy('number')
    .execute();
}

/** The items that an environment served at a revision, as far as the history tells: the revision's hash must agree. */
export async function loadItemsAt(db: Querier, environmentId: string, number: number): Promise<Item[]> {
  const current = db
    .selectFrom('ruleset_items')
    .select(['kind', 'key', 'json'])
    .where('environment_id', '=', environmentId)
    .where((eb) => eb.or([eb('number', 'is', null), eb('number', '<=', number)]));
  const past = db
    .selectFrom('item_history')
    .select(['kind', 'key', 'json'])
    .where('environment_id', '=', environmentId)
    .where('to_number', '>', number)
    .where('from_number', '<=', number);
  return (await current.unionAll(past).execute()) as Item[];
}

/** A step of an item from one revision to the next: another document, or none. */
export interface ItemStep extends ItemName {
  readonly number: number;
  readonly json: string | null;
}

/** What became of items at the revisions behind `from`, up to `to`. In no order. */
export async function findItemSteps(db: Querier, environmentId: string, from: number, to: number): Promise<ItemStep[]> {
  const current = await db
    .selectFrom('ruleset_items')
    .select(['kind', 'key', 'json', 'number'])
    .where('environment_id', '=', environmentId)
    .where('number', '>', from)
    .where('number', '<=', to)
    .execute();
  const past = await db
    .selectFrom('item_history')
    .select(['kind', 'key', 'from_number', 'to_number', 'json'])
    .where('environment_id', '=', environmentId)
    .where('to_number', '>', from)
    .where('from_number', '<=', to)
    .execute();
  const steps = new Map<string, ItemStep>();
  const add = (step: ItemStep) => steps.set(`${step.kind} ${step.key} ${step.number}`, step);
  // An end that is no beginning of the next is where the item went.
  for (const { kind, key, to_number } of past) {
    if (to_number <= to) add({ kind: kind as Item['kind'], key, number: to_number, json: null });
  }
  for (const { kind, key, from_number, json } of past) {
    if (from_number > from) add({ kind: kind as Item['kind'], key, number: from_number, json });
  }
  for (const { kind, key, number, json } of current) {
    if (number !== null) add({ kind: kind as Item['kind'], key, number, json });
  }
  return [...steps.values()];
}

/** Forgets what was before the revision that was in force at a moment. @returns how many documents went */
export async function forgetBefore(db: Querier, environmentId: string, atMs: number): Promise<number> {
  const oldest = await findRevisionAt(db, environmentId, atMs);
  if (oldest === undefined) return 0;
  const { numDeletedRows } = await db
    .deleteFrom('item_history')
    .where('environment_id', '=', environmentId)
    .where('to_number', '<=', oldest.number)
    .executeTakeFirst();
  await db
    .deleteFrom('revisions')
    .where('environment_id', '=', environmentId)
    .where('number', '<', oldest.number)
    .execute();
  return Number(numDeletedRows);
}
