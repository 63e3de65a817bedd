import { msg, t } from '@lingui/core/macro';
import type { Environment } from '../../api/types.ts';
import type { FlagsSearch } from '../../searches.ts';
import { FilterChips } from '../../ui/filter-chips.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { FilterMenu } from './filter-menu.tsx';
import { everything, narrowings } from './flag-filter.ts';
import { ViewsMenu } from './views-menu.tsx';

const sorts = [
  { value: 'key', label: msg`By key` },
  { value: 'recent', label: msg`Recently changed` },
] as const;

const states = [
  { value: 'active', label: msg`Active` },
  { value: 'archived', label: msg`Archived` },
] as const;

interface FlagFiltersProps {
  project: string;
  environments: readonly Environment[];
  search: FlagsSearch;
  onChange: (part: FlagsSearch) => void;
}

/** What narrows and orders the list, and what of it is in force. */
export function FlagFilters({ project, environments, search, onChange }: FlagFiltersProps) {
  return (
    <search className="flex flex-wrap items-center gap-2">
      <div className="flex min-w-full flex-1 sm:min-w-60">
        <SearchBox
          label={t`Search flags`}
          value={search.search ?? ''}
          onChange={(text) => onChange({ search: text || undefined })}
        />
      </div>
      <ViewsMenu project={project} search={search} />
      <FilterMenu environments={environments} search={search} onChange={onChange} />
      <div className="w-40 max-sm:w-auto max-sm:flex-1">
        <Select
          label={t`Order`}
          value={search.sort ?? 'key'}
          options={sorts}
          onChange={(sort) => onChange({ sort: sort === 'recent' ? sort : undefined })}
        />
      </div>
      <Segmented
        label={t`State`}
        value={search.archived ? 'archived' : 'active'}
        options={states}
        onChange={(state) => onChange({ archived: state === 'archived' ? true : undefined })}
      />
      <FilterChips
        chips={narrowings(search).map(({ name, without }) => ({ name, onRemove: () => onChange(without) }))}
        onClear={() => onChange({ ...everything, search: search.search })}
      />
    </search>
  );
}
