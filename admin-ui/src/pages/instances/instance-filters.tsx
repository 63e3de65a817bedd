import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import type { InstanceGroup } from '../../api/types.ts';
import type { InstancesSearch } from '../../searches.ts';
import { FilterChips } from '../../ui/filter-chips.tsx';
import { formatNumber } from '../../ui/format.ts';
import { SearchBox } from '../../ui/search-box.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { type Facet, facets, tallyBy, totalOf } from './census.ts';

const kinds = [
  { value: 'all', label: msg`All` },
  { value: 'behind', label: msg`Behind` },
] as const;

const words: Record<
  Facet,
  { readonly one: MessageDescriptor; readonly all: MessageDescriptor; readonly none: MessageDescriptor }
> = {
  app: { one: msg`App`, all: msg`Any app`, none: msg`No app said` },
  version: { one: msg`Version`, all: msg`Any version`, none: msg`No version said` },
  sdk: { one: msg`SDK`, all: msg`Any SDK`, none: msg`SDK not known` },
  key: { one: msg`Key`, all: msg`Any key`, none: msg`Key not known` },
  relay: { one: msg`Relay`, all: msg`Directly or by a relay`, none: msg`Directly` },
  server: { one: msg`Server`, all: msg`Any server`, none: msg`Not known` },
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
    value === '' ? t(words[facet].none) : (facet === 'key' && keyNames.get(value)) || value;
  // Versions have bars of their own.
  const offered = facets
    .filter((facet) => facet !== 'version')
    .map((facet) => ({ facet, tallies: tallyBy(groups, facet) }))
    .filter(({ facet, tallies }) => tallies.length > 1 || search[facet] !== undefined);
  const chips = facets.flatMap((facet) => {
    const value = search[facet];
    if (value === undefined) return [];
    const name = `${t(words[facet].one)}: ${nameOf(facet, value)}`;
    return [{ name, onRemove: () => onChange({ [facet]: undefined }) }];
  });
  const nothing = Object.fromEntries(facets.map((facet) => [facet, undefined]));
  return (
    <search className="flex flex-wrap items-center gap-2">
      <div className="flex min-w-full flex-1 sm:min-w-60">
        <SearchBox
          label={t`Search instances`}
          value={search.search ?? ''}
          onChange={(text) => onChange({ search: text || undefined })}
        />
      </div>
      <Segmented
        label={t`Which instances`}
        value={search.behind ? 'behind' : 'all'}
        options={kinds}
        onChange={(kind) => onChange({ behind: kind === 'behind' ? true : undefined })}
      />
      {offered.map(({ facet, tallies }) => (
        <div key={facet} className="w-44 max-sm:w-[calc(50%-0.25rem)]">
          <Select
            label={t(words[facet].one)}
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
