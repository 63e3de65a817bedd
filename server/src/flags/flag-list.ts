import type { Static } from '@sinclair/typebox';
import { findEnvironments } from '../environments/repository.ts';
import { requireProject } from '../environments/service.ts';
import { notFound, validationFailed } from '../http/api-error.ts';
import { type CursorPart, DEFAULT_LIMIT, type Page, readCursor, toPage } from '../http/page.ts';
import type { Kills } from '../kills/kills.ts';
import type { EnvironmentRow } from '../store/tables/flags.ts';
import type { Database } from '../store/tables.ts';
import { countMatching, type FlagFilter, type FlagSort, findFlags, SORTS } from './find-flags.ts';
import { type Flag, type NamedEnvironmentRow, toFlag } from './flag.ts';
import { findFlagEnvironments } from './repository.ts';
import type { FlagQuery } from './schemas.ts';

export type FlagPage = Page<Flag> & { readonly matching: number };

export interface FlagListDependencies {
  readonly database: Database;
  readonly kills: Kills;
  readonly now: () => number;
}

/** A page of a project's flags, and how many match in all. */
export async function listFlags(
  { database, kills, now }: FlagListDependencies,
  projectKey: string,
  query: Static<typeof FlagQuery>,
): Promise<FlagPage> {
  const { limit = DEFAULT_LIMIT, sort: order = 'key', cursor } = query;
  const isDescending = order.startsWith('-');
  const sort = order.replace('-', '') as FlagSort;
  const after = readPosition(cursor, order, sort);
  const project = await requireProject(database, projectKey);
  const environments = await findEnvironments(database, [project.id]);
  const killedIn = (only: string | undefined) =>
    environments.filter(({ key }) => only === undefined || key === only).flatMap(({ id }) => kills.engagedIn(id));
  const filter = toFilter(query, environments, killedIn, now());
  const rows = await findFlags(database, project.id, filter, { sort, isDescending, after, limit: limit + 1 });
  const page = toPage(rows, limit, (row): CursorPart[] => [order, row.sorted_by, row.key]);
  const ids = page.items.map((row) => row.id);
  const byFlag = new Map<string, NamedEnvironmentRow[]>(ids.map((id) => [id, []]));
  for (const row of await findFlagEnvironments(database, ids)) byFlag.get(row.flag_id)?.push(row);
  // Counting looks at every flag: not for what is all here.
  const isAll = after === undefined && page.nextCursor === null;
  return {
    ...page,
    items: page.items.map((row) => toFlag(row, byFlag.get(row.id) ?? [])),
    matching: isAll ? page.items.length : await countMatching(database, project.id, filter),
  };
}

function toFilter(
  query: Static<typeof FlagQuery>,
  environments: readonly EnvironmentRow[],
  killedIn: (environment: string | undefined) => string[],
  nowMs: number,
): FlagFilter {
  const {
    search,
    type,
    kind,
    owner,
    tag,
    clientVisible,
    archived = false,
    stale,
    enabled,
    killed,
    environment,
  } = query;
  const environmentId = environments.find(({ key }) => key === environment)?.id;
  if (environment !== undefined && environmentId === undefined) throw notFound(`environment "${environment}"`);
  if (enabled !== undefined && environmentId === undefined) {
    throw validationFailed([{ path: 'environment', message: 'is required with enabled: say where' }]);
  }
  return {
    ...{ search, type, kind, owner, tag, clientVisible, archived },
    stale: stale === undefined ? undefined : { is: stale, nowMs },
    enabled: enabled === undefined || environmentId === undefined ? undefined : { is: enabled, environmentId },
    killed: killed === undefined ? undefined : { is: killed, keys: killedIn(environment) },
  };
}

/** A cursor goes on in the order that it was made in. */
function readPosition(cursor: string | undefined, order: string, sort: FlagSort) {
  const position = readCursor(cursor, ['string', SORTS[sort].type, 'string']);
  if (position === undefined) return undefined;
  const [madeFor, value, key] = position;
  if (madeFor === order) return { value, key };
  throw validationFailed([{ path: 'cursor', message: `is of a list by ${madeFor}; leave it out for the first page` }]);
}
