import type { FlagsSearch } from '../../paths.ts';
import { SearchBox } from '../../ui/search-box.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';

const types = [
  { value: 'any', label: 'Any type' },
  { value: 'boolean', label: 'Boolean' },
  { value: 'string', label: 'String' },
  { value: 'number', label: 'Number' },
  { value: 'object', label: 'Object' },
] as const;

const sorts = [
  { value: 'key', label: 'By key' },
  { value: 'recent', label: 'Recently changed' },
] as const;

const states = [
  { value: 'active', label: 'Active' },
  { value: 'archived', label: 'Archived' },
] as const;

/** What narrows and orders the list. */
export function FlagFilters({ search, onChange }: { search: FlagsSearch; onChange: (part: FlagsSearch) => void }) {
  return (
    <search className="flex flex-wrap items-center gap-2">
      <div className="flex min-w-full flex-1 sm:min-w-60">
        <SearchBox
          label="Search flags"
          value={search.search ?? ''}
          onChange={(text) => onChange({ search: text || undefined })}
        />
      </div>
      <div className="w-32 max-sm:w-auto max-sm:flex-1">
        <Select
          label="Type"
          value={search.type ?? 'any'}
          options={types}
          onChange={(type) => onChange({ type: type === 'any' ? undefined : type })}
        />
      </div>
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
    </search>
  );
}
