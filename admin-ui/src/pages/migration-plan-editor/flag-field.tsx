import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { foundFlagsQuery } from '../../api/flags.ts';
import { SuggestInput } from '../../ui/suggest-input.tsx';

interface FlagFieldProps {
  project: string;
  value: string;
  error: string | undefined;
  onChange: (flag: string) => void;
}

/** The flag that a plan drives; those of kind migration are offered first. */
export function FlagField({ project, value, error, onChange }: FlagFieldProps) {
  const { data = [] } = useQuery({ ...foundFlagsQuery(project, value), placeholderData: keepPreviousData });
  const offered = data
    .filter(({ archivedAt }) => archivedAt === null)
    .toSorted((a, b) => Number(b.kind === 'migration') - Number(a.kind === 'migration'))
    .map(({ key, kind }) => ({ value: key, note: kind }));
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <span aria-hidden className="font-medium text-xs">
        <Trans>
          Flag <span className="ms-1 font-normal text-ink-3">optional</span>
        </Trans>
      </span>
      <SuggestInput
        label={t`Flag`}
        placeholder={'orders'}
        value={value}
        suggestions={offered}
        onChange={onChange}
        invalid={error !== undefined}
      />
      {error === undefined ? (
        <p className="text-ink-3 text-xs">
          <Trans>Of kind migration: it tells the application what to read and write.</Trans>
        </p>
      ) : (
        <p className="text-danger-ink text-xs">{error}</p>
      )}
    </div>
  );
}
