import type { PrivateAttributes } from '@bunting/core';
import { sql } from 'kysely';
import { containing } from '../http/page.ts';
import type { AttributeSeenRow, ContextSampleRow } from '../store/tables/contexts.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

export async function deleteSamples(tx: DatabaseTransaction, environmentIds: readonly string[]): Promise<void> {
  if (environmentIds.length === 0) return;
  await tx.deleteFrom('context_samples').where('environment_id', 'in', environmentIds).execute();
}

/** Forgets the names of attributes that are private. */
export async function deletePrivateNames(
  tx: DatabaseTransaction,
  environmentIds: readonly string[],
  privateAttributes: PrivateAttributes,
): Promise<void> {
  if (environmentIds.length === 0) return;
  const seen = await tx
    .selectFrom('attributes_seen')
    .select('path')
    .distinct()
    .where('environment_id', 'in', environmentIds)
    .execute();
  const paths = seen.map(({ path }) => path).filter((path) => privateAttributes.has(path));
  if (paths.length === 0) return;
  await tx
    .deleteFrom('attributes_seen')
    .where('environment_id', 'in', environmentIds)
    .where('path', 'in', paths)
    .execute();
}

export interface ContextQuery {
  readonly environmentId: string;
  /** Only what was seen since. */
  readonly sinceMs: number;
  readonly source?: string;
  /** Text anywhere in the context. */
  readonly search?: string;
  /** Only what comes behind this one. */
  readonly after?: { readonly lastSeenMs: number; readonly subject: string };
  readonly limit: number;
}

/** Those seen last come first. */
export async function findContexts(db: Querier, query: ContextQuery): Promise<ContextSampleRow[]> {
  const { environmentId, sinceMs, source, search = '', after, limit } = query;
  let select = db
    .selectFrom('context_samples')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('last_seen', '>=', sinceMs)
    .orderBy('last_seen', 'desc')
    .orderBy('subject')
    .limit(limit);
  if (source !== undefined) select = select.where('source', '=', source);
  if (search !== '') {
    select = select.where((eb) => sql<boolean>`lower(${eb.ref('context')}) like ${containing(search)} escape '\\'`);
  }
  if (after !== undefined) {
    const { lastSeenMs, subject } = after;
    select = select.where((eb) =>
      eb.or([
        eb('last_seen', '<', lastSeenMs),
        eb.and([eb('last_seen', '=', lastSeenMs), eb('subject', '>', subject)]),
      ]),
    );
  }
  return select.execute();
}

/** The next of all contexts, by subject. */
export async function findContextsBehind(
  db: Querier,
  query: { readonly environmentId: string; readonly sinceMs: number; readonly subject: string; readonly limit: number },
): Promise<ContextSampleRow[]> {
  return db
    .selectFrom('context_samples')
    .selectAll()
    .where('environment_id', '=', query.environmentId)
    .where('subject', '>', query.subject)
    .where('last_seen', '>=', query.sinceMs)
    .orderBy('subject')
    .limit(query.limit)
    .execute();
}

export async function findContext(
  db: Querier,
  environmentId: string,
  subject: string,
): Promise<ContextSampleRow | undefined> {
  return db
    .selectFrom('context_samples')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('subject', '=', subject)
    .executeTakeFirst();
}

/** @returns whether there was one */
export async function deleteContext(tx: DatabaseTransaction, environmentId: string, subject: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('context_samples')
    .where('environment_id', '=', environmentId)
    .where('subject', '=', subject)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}

export interface AttributeQuery {
  readonly environmentId: string;
  readonly search?: string;
  readonly after?: { readonly path: string; readonly type: string; readonly source: string };
  readonly limit: number;
}

/** By path. */
export async function findAttributes(db: Querier, query: AttributeQuery): Promise<AttributeSeenRow[]> {
  const { environmentId, search = '', after, limit } = query;
  let select = db
    .selectFrom('attributes_seen')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .orderBy('path')
    .orderBy('type')
    .orderBy('source')
    .limit(limit);
  if (search !== '') {
    select = select.where((eb) => sql<boolean>`lower(${eb.ref('path')}) like ${containing(search)} escape '\\'`);
  }
  if (after !== undefined) {
    const { path, type, source } = after;
    select = select.where((eb) =>
      eb.or([
        eb('path', '>', path),
        eb.and([eb('path', '=', path), eb('type', '>', type)]),
        eb.and([eb('path', '=', path), eb('type', '=', type), eb('source', '>', source)]),
      ]),
    );
  }
  return select.execute();
}
