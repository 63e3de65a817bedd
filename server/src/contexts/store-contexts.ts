import { setImmediate } from 'node:timers/promises';
import { toBit } from '../store/booleans.ts';
import type { Store } from '../store/store.ts';
import type { Database, DatabaseTransaction } from '../store/tables.ts';
import type { PendingAttribute, PendingSample } from './pending.ts';

/** What of the samples is kept. */
export interface Keep {
  /** Subjects of an environment, at most. */
  readonly samples: number;
  /** After they were seen last, in milliseconds. */
  readonly forMs: number;
}

export interface Batch {
  readonly environmentId: string;
  readonly samples: readonly PendingSample[];
  readonly attributes: readonly PendingAttribute[];
  readonly nowMs: number;
  readonly keep: Keep;
  /** Of the settings that the batch was made under. */
  readonly count: number;
}

/** Rows in one transaction: some milliseconds of a synchronous engine, after which others have their turn. */
const ROWS_AT_ONCE = 100;
/** Of an environment. The first ones are kept: where names are made up without end, new ones are worth nothing. */
const MAX_ATTRIBUTES = 500;
const ATTRIBUTES_FOR_MS = 30 * 24 * 60 * 60_000;

/**
 * Stores a batch, and drops what is too old or too much. Kept are the subjects whose hashes are the smallest, which is a
 * fair sample of all that were told of: it does not matter how often one comes, when, or by which server.
 * @returns undefined when the settings are not those of `count` any more: from then on nothing was stored
 */
export async function storeContexts(
  store: Store,
  { environmentId, samples, attributes, nowMs, keep, count }: Batch,
): Promise<{ lastSubject: string | undefined } | undefined> {
  // In one order everywhere, so that two servers never wait for each other's rows.
  const sorted = [...samples].sort((a, b) => (a.subject < b.subject ? -1 : 1));
  for (let from = 0; from < sorted.length; from += ROWS_AT_ONCE) {
    const isStored = await store.database.transaction().execute(async (tx) => {
      if ((await holdCount(tx, store.engine)) !== count) return false;
      await putSamples(tx, environmentId, sorted.slice(from, from + ROWS_AT_ONCE));
      return true;
    });
    if (!isStored) return undefined;
    await setImmediate();
  }
  return store.database.transaction().execute(async (tx) => {
    if ((await holdCount(tx, store.engine)) !== count) return undefined;
    await tx
      .deleteFrom('context_samples')
      .where('environment_id', '=', environmentId)
      .where('last_seen', '<', nowMs - keep.forMs)
      .execute();
    await putAttributes(tx, environmentId, attributes, nowMs);
    return { lastSubject: await trim(tx, environmentId, keep.samples) };
  });
}

export async function deleteExpired(db: Database, nowMs: number, keep: Keep): Promise<void> {
  await db
    .deleteFrom('context_samples')
    .where('last_seen', '<', nowMs - keep.forMs)
    .execute();
  await db
    .deleteFrom('attributes_seen')
    .where('last_seen', '<', nowMs - ATTRIBUTES_FOR_MS)
    .execute();
}

/** Whoever changes settings or erases a subject counts on first, and so waits until this transaction has ended. */
async function holdCount(tx: DatabaseTransaction, engine: Store['engine']): Promise<number> {
  const select = tx.selectFrom('counters').select('number').where('name', '=', 'context-settings');
  const { number } = await (engine === 'postgres' ? select.forShare() : select).executeTakeFirstOrThrow();
  return number;
}

async function putSamples(
  tx: DatabaseTransaction,
  environmentId: string,
  samples: readonly PendingSample[],
): Promise<void> {
  const rows = samples.map(({ subject, source, context, isCut, firstSeenMs, lastSeenMs, count }) => ({
    ...{ environment_id: environmentId, subject, source, context, is_cut: toBit(isCut) },
    ...{ first_seen: Math.round(firstSeenMs), last_seen: Math.round(lastSeenMs), count },
  }));
  await tx
    .insertInto('context_samples')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['environment_id', 'subject']).doUpdateSet((eb) => ({
        source: eb.ref('excluded.source'),
        context: eb.ref('excluded.context'),
        is_cut: eb.ref('excluded.is_cut'),
        last_seen: eb.ref('excluded.last_seen'),
        count: eb('context_samples.count', '+', eb.ref('excluded.count')),
      })),
    )
    .execute();
}

/** @returns the last subject that is kept, when there are as many as may be */
async function trim(tx: DatabaseTransaction, environmentId: string, max: number): Promise<string | undefined> {
  const last = await tx
    .selectFrom('context_samples')
    .select('subject')
    .where('environment_id', '=', environmentId)
    .orderBy('subject')
    .offset(max - 1)
    .limit(1)
    .executeTakeFirst();
  if (last === undefined) return undefined;
  await tx
    .deleteFrom('context_samples')
    .where('environment_id', '=', environmentId)
    .where('subject', '>', last.subject)
    .execute();
  return last.subject;
}

async function putAttributes(
  tx: DatabaseTransaction,
  environmentId: string,
  attributes: readonly PendingAttribute[],
  nowMs: number,
): Promise<void> {
  if (attributes.length === 0) return;
  const seen = await tx
    .selectFrom('attributes_seen')
    .select(['path', 'type', 'source'])
    .where('environment_id', '=', environmentId)
    .execute();
  const idOf = ({ source, type, path }: Pick<PendingAttribute, 'path' | 'type' | 'source'> | (typeof seen)[number]) =>
    `${source}\n${type}\n${path}`;
  const known = new Set(seen.map(idOf));
  const sorted = [...attributes].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  const news = sorted
    .filter((attribute) => !known.has(idOf(attribute)))
    .slice(0, Math.max(0, MAX_ATTRIBUTES - known.size));
  const rows = [...sorted.filter((attribute) => known.has(idOf(attribute))), ...news].map(({ path, type, source }) => ({
    ...{ environment_id: environmentId, path, type, source, first_seen: nowMs, last_seen: nowMs },
  }));
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    await tx
      .insertInto('attributes_seen')
      .values(rows.slice(from, from + ROWS_AT_ONCE))
      .onConflict((conflict) =>
        conflict
          .columns(['environment_id', 'path', 'type', 'source'])
          .doUpdateSet((eb) => ({ last_seen: eb.ref('excluded.last_seen') })),
      )
      .execute();
  }
}
