import type { InstanceGroup } from '../../api/types.ts';
import type { InstancesSearch } from '../../searches.ts';
import { FilterChips } from '../../ui/filter-chips.tsx';
import { formatNumber } from '../../ui/format.ts';
import { SearchBox } from '../../ui/search-box.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { type Facet, facets, tallyBy, totalOf } from './census.ts';

const kinds = [
  { value: 'all', label: 'All' },
  { value: 'behind', label: 'Behind' },
] as const;

const words: Record<Facet, { readonly one: string; readonly all: string; readonly none: string }> = {
  app: { one: 'App', all: 'Any app', none: 'No app said' },
  version: { one: 'Version', all: 'Any version', none: 'No version said' },
  sdk: { one: 'SDK', all: 'Any SDK', none: 'SDK not known' },
  key: { one: 'Key', all: 'Any key', none: 'Key not known' },
  relay: { one: 'Relay', all: 'Directly or by a relay', none: 'Directly' },
  server: { one: 'Server', all: 'Any server', none: 'Not known' },
};

/** No value of an instance is a blank. */
const any = ' ';

interface InstanceFiltersProps {
  groups: readonly InstanceGroup[];
  search: InstancesSearch;
  /** Names of keys by id; those that are not there are shown by their id. */
  keyNames: ReadonlyMap<string, string>;
  onChange: (part: Partial<InstancesSearch>) => void;
}

/** What narrows the list, and what of it is in force. Only what tells instances apart is offered. */
export function InstanceFilters({ groups, search, keyNames, onChange }: InstanceFiltersProps) {
  const nameOf = (facet: Facet, value: string) =>
    value === '' ? words[facet].none : (facet === 'key' && keyNames.get(value)) || value;
  // Versions have bars of their own.
  const offered = facets
    .filter((facet) => facet !== 'version')
    .map((facet) => ({ facet, tallies: tallyBy(groups, facet) }))
    .filter(({ facet, tallies }) => tallies.length > 1 || search[facet] !== undefined);
  const chips = facets.flatMap((facet) => {
    const value = search[facet];
    if (value === undefined) return [];
    const name = `${words[facet].one}: ${nameOf(facet, value)}`;
    return [{ name, onRemove: () => onChange({ [facet]: undefined }) }];
  });
  const nothing = Object.fromEntries(facets.map((facet) => [facet, undefined]));
  return (
    <search className="flex flex-wrap items-center gap-2">
      <div className="flex min-w-full flex-1 sm:min-w-60">
        <SearchBox
          label="Search instances"
          value={search.search ?? ''}
          onChange={(text) => onChange({ search: text || undefined })}
        />
      </div>
      <Segmented
        label="Which instances"
        value={search.behind ? 'behind' : 'all'}
        options={kinds}
        onChange={(kind) => onChange({ behind: kind === 'behind' ? true : undefined })}
      />
      {offered.map(({ facet, tallies }) => (
        <div key={facet} className="w-44 max-sm:w-[calc(50%-0.25rem)]">
          <Select
            label={words[facet].one}
            value={search[facet] ?? any}
            options={[
              { value: any, label: words[facet].all },
              ...tallies.map(([value, tally]) => ({
                ...{ value, label: `${nameOf(facet, value)} (${formatNumber(totalOf(tally))})` },
              })),
            ]}
            onChange={(value) => onChange({ [facet]: value === any ? undefined : value })}
          />
        </div>
      ))}
      <FilterChips chips={chips} onClear={() => onChange(nothing)} />
    </search>
  );
}
