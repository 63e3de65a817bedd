import { t } from '@lingui/core/macro';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { foundFlagsQuery } from '../api/flags.ts';
import type { Flag } from '../api/types.ts';
import { SearchBox } from '../ui/search-box.tsx';
import { LoadingNote } from '../ui/skeleton.tsx';
import { TryAgain } from '../ui/try-again.tsx';

interface FlagPickerProps {
  project: string;
  /** Keys that are not offered: chosen already. */
  without?: readonly string[];
  /** Of the buttons: "Add checkout". */
  verb: string;
  onPick: (flag: Flag) => void;
}

/** Finds a flag of a project and hands it over. Without a search: those changed last. */
export function FlagPicker({ project, without = [], verb, onPick }: FlagPickerProps) {
  const [search, setSearch] = useState('');
  const found = useQuery({ ...foundFlagsQuery(project, search), placeholderData: keepPreviousData });
  const offered = found.data?.filter(({ key, archivedAt }) => archivedAt === null && !without.includes(key));
  return (
    <div className="flex flex-col gap-1.5">
      <SearchBox label={t`Find a flag`} value={search} onChange={setSearch} />
      {found.isPending && <LoadingNote what={t`flags`} />}
      {found.isLoadingError && (
        <TryAgain title={t`The flags cannot be searched`} error={found.error} onRetry={() => void found.refetch()} />
      )}
      {offered?.length === 0 && (
        <p role="status" className="px-1 text-ink-3 text-xs">
          {search === '' ? t`There is no further flag.` : t`No further flag matches “${search}”.`}
        </p>
      )}
      {offered && offered.length > 0 && (
        <ul aria-label={t`Found flags`} className="max-h-48 overflow-y-auto rounded-sm border border-line">
          {offered.map((flag) => (
            <li key={flag.key} className="border-line border-b last:border-b-0">
              <button
                type="button"
                aria-label={`${verb} ${flag.key}`}
                onClick={() => onPick(flag)}
                className="flex min-h-8 w-full items-center gap-3 px-2.5 py-1 text-start -outline-offset-2 hover:bg-hover pointer-coarse:min-h-10"
              >
                <span className="truncate font-mono text-xs">{flag.key}</span>
                {flag.name !== flag.key && <span className="ms-auto truncate text-ink-3 text-xs">{flag.name}</span>}
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
