import type { FlagView } from '../../api/types.ts';
import type { FlagsSearch } from '../../searches.ts';
import { filterOf } from './flag-filter.ts';

type ViewFilter = FlagView['filter'];

/** What of the list's address a view keeps: all of it but the open dialog. */
export function viewFilterOf(search: FlagsSearch): ViewFilter {
  const said = Object.entries(filterOf(search)).filter(([, value]) => value !== undefined);
  return Object.fromEntries(said) as ViewFilter;
}

/** The list's address for a view. What the list has no place for, as a view made by a program may, is left out. */
export function searchOf(filter: ViewFilter): FlagsSearch {
  const { search, type, kind, owner, tag, environment, enabled, stale, killed, archived, sort } = filter;
  const yes = (said: boolean | undefined) => (said ? (true as const) : undefined);
  const found: FlagsSearch = {
    ...{ search, type, kind, owner, tag, stale: yes(stale), killed: yes(killed), archived: yes(archived) },
    on: enabled === true ? environment : undefined,
    off: enabled === false ? environment : undefined,
    sort: sort === '-updatedAt' ? 'recent' : undefined,
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as FlagsSearch;
}

/** Whether the list shows just what a view does. */
export function isShown(filter: ViewFilter, search: FlagsSearch): boolean {
  return textOf(searchOf(filter)) === textOf(searchOf(viewFilterOf(search)));
}

function textOf(search: FlagsSearch): string {
  return JSON.stringify(Object.entries(search).sort(([a], [b]) => (a < b ? -1 : 1)));
}
