import type { InstanceGroup } from '../../api/types.ts';
import type { InstancesSearch } from '../../searches.ts';

/** What groups can be told apart by. The name of each is that of its filter in the address. */
export const facets = ['app', 'version', 'sdk', 'key', 'relay', 'server'] as const;
export type Facet = (typeof facets)[number];

/** What the group is in this respect, as filters name it; empty: it has none, or that none is known. */
export function facetOf(group: InstanceGroup, facet: Facet): string {
  if (facet !== 'sdk') return group[facet] ?? '';
  return group.sdk === null ? '' : `${group.sdk.name} ${group.sdk.version}`;
}

/** How many instances of something are in which state. */
export interface Tally {
  readonly confirmed: number;
  readonly pending: number;
  readonly unknown: number;
}

export function totalOf({ confirmed, pending, unknown }: Tally): number {
  return confirmed + pending + unknown;
}

/** The groups that fit what the list is narrowed to, as far as groups can be told apart by it. */
export function fitting(
  groups: readonly InstanceGroup[],
  filter: Partial<Pick<InstancesSearch, Facet>>,
): InstanceGroup[] {
  return groups.filter((group) =>
    facets.every((facet) => filter[facet] === undefined || filter[facet] === facetOf(group, facet)),
  );
}

/** Groups put together by one thing, the largest first. */
export function tallyBy(groups: readonly InstanceGroup[], facet: Facet): [string, Tally][] {
  const tallies = new Map<string, Tally>();
  for (const group of groups) {
    const value = facetOf(group, facet);
    tallies.set(value, add(tallies.get(value), group));
  }
  return [...tallies].sort(([a, x], [b, y]) => totalOf(y) - totalOf(x) || a.localeCompare(b));
}

export function tallyAll(groups: readonly InstanceGroup[]): Tally {
  return groups.reduce<Tally>(add, { confirmed: 0, pending: 0, unknown: 0 });
}

function add(sum: Tally = { confirmed: 0, pending: 0, unknown: 0 }, one: Tally): Tally {
  return {
    confirmed: sum.confirmed + one.confirmed,
    pending: sum.pending + one.pending,
    unknown: sum.unknown + one.unknown,
  };
}
