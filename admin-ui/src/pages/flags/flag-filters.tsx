import { X } from 'lucide-react';
import type { Environment } from '../../api/types.ts';
import type { FlagsSearch } from '../../paths.ts';
import { SearchBox } from '../../ui/search-box.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { FilterMenu } from './filter-menu.tsx';
import { everything, narrowings } from './flag-filter.ts';

const sorts = [
  { value: 'key', label: 'By key' },
  { value: 'recent', label: 'Recently changed' },
] as const;

const states = [
  { value: 'active', label: 'Active' },
  { value: 'archived', label: 'Archived' },
] as const;

interface FlagFiltersProps {
  environments: readonly Environment[];
  search: FlagsSearch;
  onChange: (part: FlagsSearch) => void;
}

/** What narrows and orders the list, and what of it is in force. */
export function FlagFilters({ environments, search, onChange }: FlagFiltersProps) {
  const inForce = narrowings(search);
  return (
    <search className="flex flex-wrap items-center gap-2">
      <div className="flex min-w-full flex-1 sm:min-w-60">
        <SearchBox
          label="Search flags"
          value={search.search ?? ''}
          onChange={(text) => onChange({ search: text || undefined })}
        />
      </div>
      <FilterMenu environments={environments} search={search} onChange={onChange} />
      <div className="w-40 max-sm:w-auto max-sm:flex-1">
        <Select
          label="Order"
          value={search.sort ?? 'key'}
          options={sorts}
          onChange={(sort) => onChange({ sort: sort === 'recent' ? sort : undefined })}
        />
      </div>
      <Segmented
        label="State"
        value={search.archived ? 'archived' : 'active'}
        options={states}
        onChange={(state) => onChange({ archived: state === 'archived' ? true : undefined })}
      />
      {inForce.length > 0 && (
        <ul aria-label="Filters in force" className="flex w-full flex-wrap items-center gap-1.5">
          {inForce.map(({ name, without }) => (
            <li key={name} className="flex">
              <button
                type="button"
                aria-label={`${name}: take the filter away`}
                onClick={() => onChange(without)}
                className="inline-flex h-6 max-w-72 items-center gap-1 rounded-full border border-line bg-surface ps-2.5 pe-1.5 text-xs hover:bg-hover pointer-coarse:h-9"
              >
                <span className="truncate">{name}</span>
                <X className="size-3.5 shrink-0 text-ink-3" aria-hidden />
              </button>
            </li>
          ))}
          {inForce.length > 1 && (
            <li className="flex">
              <button
                type="button"
                onClick={() => onChange({ ...everything, search: search.search })}
                className="h-6 px-1.5 text-link text-xs hover:underline pointer-coarse:h-9"
              >
                Clear filters
              </button>
            </li>
          )}
        </ul>
      )}
    </search>
  );
}
