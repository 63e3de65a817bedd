import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import { containing } from '../http/page.ts';
import { toBit } from '../store/booleans.ts';
import type { FlagRow } from '../store/tables/flags.ts';
import type { Querier, Tables } from '../store/tables.ts';
import { LIFETIME_DAY_MS, LIFETIMES } from './lifetime.ts';

/** What flags of a project are wanted; what is left out does not matter. */
export interface FlagFilter {
  /** Every word of it is in the flag's key, name, owner, tags or description. */
  readonly search?: string | undefined;
  readonly type?: string | undefined;
  readonly kind?: string | undefined;
  readonly owner?: string | undefined;
  readonly tag?: string | undefined;
  readonly clientVisible?: boolean | undefined;
  readonly archived: boolean;
  /** True: past the time that it was expected to live for; as of the moment, in milliseconds since 1970. */
  readonly stale?: { readonly is: boolean; readonly nowMs: number } | undefined;
  readonly enabled?: { readonly is: boolean; readonly environmentId: string } | undefined;
  /** Only those (or none of those) with these keys. */
  readonly killed?: { readonly is: boolean; readonly keys: readonly string[] } | undefined;
}

/** What flags can be sorted by; then by key. */
export const SORTS = {
  key: { column: 'key', type: 'string' },
  name: { column: sql<string>`lower(name)`, type: 'string' },
  createdAt: { column: 'created_at', type: 'number' },
  updatedAt: { column: 'updated_at', type: 'number' },
} as const;
export type FlagSort = keyof typeof SORTS;

export interface FlagOrder {
  readonly sort: FlagSort;
  readonly isDescending: boolean;
  /** Only flags behind this one. */
  readonly after?: { readonly value: string | number; readonly key: string } | undefined;
  readonly limit: number;
}

/** A flag, and what it was sorted by. */
export type SortedFlagRow = FlagRow & { readonly sorted_by: string | number };

export async function findFlags(
  db: Querier,
  projectId: string,
  filter: FlagFilter,
  { sort, isDescending, after, limit }: FlagOrder,
): Promise<SortedFlagRow[]> {
  const { column } = SORTS[sort];
  const by = typeof column === 'string' ? sql<string | number>`${sql.ref(column)}` : column;
  let select = db
    .selectFrom('flags')
    .selectAll()
    .select(by.as('sorted_by'))
    .where((eb) => matches(eb, projectId, filter))
    .limit(limit);
  if (after !== undefined && sort === 'key') select = select.where('key', isDescending ? '<' : '>', after.key);
  else if (after !== undefined) {
    const { value, key } = after;
    select = select.where((eb) =>
      eb.or([eb(by, isDescending ? '<' : '>', value), eb.and([eb(by, '=', value), eb('key', '>', key)])]),
    );
  }
  const sorted = select.orderBy(by, isDescending ? 'desc' : 'asc');
  return (sort === 'key' ? sorted : sorted.orderBy('key')).execute();
}

/** How many flags there are on all pages together. */
export async function countMatching(db: Querier, projectId: string, filter: FlagFilter): Promise<number> {
  const row = await db
    .selectFrom('flags')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where((eb) => matches(eb, projectId, filter))
    .executeTakeFirstOrThrow();
  return Number(row.count);
}

type Where = ExpressionBuilder<Tables, 'flags'>;

function matches(eb: Where, projectId: string, filter: FlagFilter): Expression<SqlBool> {
  const { search = '', type, kind, owner, tag, clientVisible, archived, stale, enabled, killed } = filter;
  const wanted: Expression<SqlBool>[] = [
    eb('project_id', '=', projectId),
    eb('archived_at', archived ? 'is not' : 'is', null),
  ];
  for (const word of search.split(/\s+/)) {
    // Rows that an older server wrote have no text to search in yet.
    const text = sql`coalesce(search_text, lower(key || ' ' || name || ' ' || tags || ' ' || description))`;
    if (word !== '') wanted.push(sql<boolean>`${text} like ${containing(word)} escape '\\'`);
  }
  if (type !== undefined) wanted.push(eb('type', '=', type));
  if (kind !== undefined) wanted.push(eb('kind', '=', kind));
  if (owner !== undefined) wanted.push(eb('owner', '=', owner));
  if (tag !== undefined) wanted.push(hasTag(tag));
  if (clientVisible !== undefined) wanted.push(eb('client_visible', '=', toBit(clientVisible)));
  if (stale !== undefined) wanted.push(stale.is ? isStale(eb, stale.nowMs) : eb.not(isStale(eb, stale.nowMs)));
  if (killed !== undefined) {
    if (killed.keys.length > 0) wanted.push(eb('key', killed.is ? 'in' : 'not in', killed.keys));
    else if (killed.is) wanted.push(sql<boolean>`1 = 0`);
  }
  if (enabled !== undefined) {
    const { is, environmentId } = enabled;
    wanted.push(
      eb.exists(
        eb
          .selectFrom('flag_environments')
          .select('flag_id')
          .whereRef('flag_environments.flag_id', '=', 'flags.id')
          .where('environment_id', '=', environmentId)
          .where('enabled', '=', toBit(is)),
      ),
    );
  }
  return eb.and(wanted);
}

/** Flags that live for good are never stale, and no comparison here is unknown. */
function isStale(eb: Where, nowMs: number): Expression<SqlBool> {
  const kinds = LIFETIMES.map(([kind, days]) => sql`when ${kind} then ${sql.lit(days)}`);
  const days = sql<number>`coalesce(lifetime_days, case kind ${sql.join(kinds, sql` `)} else 0 end)`;
  return eb.and([
    eb(days, '>', 0),
    sql<boolean>`created_at + ${days} * cast(${sql.lit(LIFETIME_DAY_MS)} as bigint) < ${nowMs}`,
  ]);
}

/** Exactly this one of the JSON list. SQLite's `like` does not tell a from A; `replace` does on every engine. */
function hasTag(tag: string): Expression<SqlBool> {
  const text = JSON.stringify(tag);
  return sql<boolean>`replace(replace(tags, ${`[${text}`}, ''), ${`,${text}`}, '') <> tags`;
}
