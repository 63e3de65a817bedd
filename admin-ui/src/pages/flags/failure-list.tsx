import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { asApiError } from '../../api/api-error.ts';
import { formatNumber } from '../../ui/format.ts';

interface FailureListProps {
  failures: readonly { readonly key: string; readonly error: unknown }[];
}

/** Failures that are told before the rest is counted. */
const told = 20;

/** Which of many flags it failed with, and why: each by itself. */
export function FailureList({ failures }: FailureListProps) {
  const more = failures.length - told;
  return (
    <ul aria-label={t`Failed`} className="mt-1 flex max-h-48 flex-col gap-1 overflow-y-auto">
      {failures.slice(0, told).map(({ key, error }) => {
        const { message, code } = asApiError(error);
        return (
          <li key={key} className="min-w-0 break-words text-xs">
            <span className="font-medium font-mono text-ink">{key}</span>{' '}
            {code === 'version_mismatch' ? t`Someone changed it meanwhile: it stays as it is now.` : message}
          </li>
        );
      })}
      {more > 0 && (
        <li className="text-xs">
          <Trans>and {formatNumber(more)} more</Trans>
        </li>
      )}
    </ul>
  );
}
