import { msg, t } from '@lingui/core/macro';
import { useState } from 'react';
import type { Project } from '../../api/types.ts';
import type { AuditSearch } from '../../searches.ts';
import { TextInput } from '../../ui/field.tsx';
import { FilterChips } from '../../ui/filter-chips.tsx';
import { SearchBox } from '../../ui/search-box.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { everything, narrowings, targetKinds } from './audit-filter.ts';

const places = [
  { value: 'project', label: msg`This project` },
  { value: 'everywhere', label: msg`Everywhere` },
] as const;

interface AuditFiltersProps {
  project: Project;
  search: AuditSearch;
  onChange: (part: AuditSearch) => void;
  /** An actor's name, where it is known. */
  nameOf: (actor: string) => string;
}

/** What narrows the log: by text, place, kind of target and time; and what links of events narrowed it to. */
export function AuditFilters({ project, search, onChange, nameOf }: AuditFiltersProps) {
  const kinds = targetKinds.some(({ value }) => value === search.kind)
    ? targetKinds
    : [...targetKinds, ...(search.kind ? [{ value: search.kind, label: search.kind }] : [])];
  return (
    <search className="flex flex-wrap items-center gap-2 print:hidden">
      <div className="flex min-w-full flex-1 sm:min-w-60">
        <SearchBox
          label={t`Search by name, target, action or reason`}
          value={search.search ?? ''}
          onChange={(text) => onChange({ search: text || undefined })}
        />
      </div>
      <div className="w-40 max-sm:w-auto max-sm:flex-1">
        <Select
          label={t`Kind of target`}
          value={search.kind ?? 'all'}
          options={[{ value: 'all', label: t`All kinds` }, ...kinds]}
          onChange={(kind) => onChange({ kind: kind === 'all' ? undefined : kind })}
        />
      </div>
      {!search.everywhere && (
        <div className="w-44 max-sm:w-auto max-sm:flex-1">
          <Select
            label={t`Environment`}
            value={search.environment ?? 'all'}
            options={[
              { value: 'all', label: t`All environments` },
              ...project.environments.map(({ key: value, name: label }) => ({ value, label })),
            ]}
            onChange={(environment) => onChange({ environment: environment === 'all' ? undefined : environment })}
          />
        </div>
      )}
      <Segmented
        label={t`Whose events`}
        value={search.everywhere ? 'everywhere' : 'project'}
        options={places}
        onChange={(place) =>
          onChange({ everywhere: place === 'everywhere' ? true : undefined, environment: undefined })
        }
      />
      <div className="flex flex-wrap gap-2 max-sm:w-full">
        <Day label={t`From day`} value={search.from} onChange={(from) => onChange({ from })} />
        <Day label={t`Until day`} value={search.until} onChange={(until) => onChange({ until })} />
      </div>
      <FilterChips
        chips={narrowings(search, nameOf).map(({ name, without }) => ({ name, onRemove: () => onChange(without) }))}
        onClear={() => onChange(everything)}
      />
    </search>
  );
}

interface DayProps {
  label: string;
  value: string | undefined;
  onChange: (day: string | undefined) => void;
}

function Day({ label, value, onChange }: DayProps) {
  // Its own while it is typed: the address follows too late for the next key, and most of what one types is some day.
  const [typed, setTyped] = useState<string>();
  return (
    <div className="flex items-center gap-1.5 max-sm:flex-1">
      <span aria-hidden className="text-ink-3 text-xs">
        {label.split(' ', 1)[0]}
      </span>
      <TextInput
        type="date"
        aria-label={label}
        value={typed ?? value ?? ''}
        onChange={(day) => {
          setTyped(day);
          onChange(day || undefined);
        }}
        onBlur={() => setTyped(undefined)}
        className="sm:w-36"
      />
    </div>
  );
}
