import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { X } from 'lucide-react';

export interface FilterChip {
  /** In words: "Kind: release". */
  readonly name: string;
  readonly onRemove: () => void;
}

/** What narrows a list, each with what takes it away. */
export function FilterChips({ chips, onClear }: { chips: readonly FilterChip[]; onClear: () => void }) {
  if (chips.length === 0) return null;
  return (
    <ul aria-label={t`Filters in force`} className="flex w-full flex-wrap items-center gap-1.5">
      {chips.map(({ name, onRemove }) => (
        <li key={name} className="flex min-w-0">
          <button
            type="button"
            aria-label={t`${name}: take the filter away`}
            onClick={onRemove}
            className="inline-flex h-6 max-w-72 items-center gap-1 rounded-full border border-line bg-surface ps-2.5 pe-1.5 text-xs hover:bg-hover pointer-coarse:h-9"
          >
            <span className="truncate">{name}</span>
            <X className="size-3.5 shrink-0 text-ink-3" aria-hidden />
          </button>
        </li>
      ))}
      {chips.length > 1 && (
        <li className="flex">
          <button
            type="button"
            onClick={onClear}
            className="h-6 px-1.5 text-link text-xs hover:underline pointer-coarse:h-9"
          >
            <Trans>Clear filters</Trans>
          </button>
        </li>
      )}
    </ul>
  );
}
