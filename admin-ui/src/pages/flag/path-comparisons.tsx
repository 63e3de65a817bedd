import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { Measurements } from '../../api/types.ts';
import { nameOfVariant } from '../../exposures/exposure-curves.ts';
import { formatShare } from '../../releases/describe-gate.ts';
import { formatNumber } from '../../ui/format.ts';

/** How often two sides that ran beside each other answered differently; nothing where none did. */
export function PathComparisons({ comparisons }: Pick<Measurements, 'comparisons'>) {
  if (comparisons.length === 0) return null;
  return (
    <ul aria-label={t`Comparisons`} className="flex flex-col gap-1 tabular-nums">
      {comparisons.map(({ variant, path, totals: { compared, mismatched, mismatchRate, skipped } }) => (
        <li key={`${variant} ${path}`} className="break-words text-ink-2">
          <Trans>
            <code className="font-mono text-ink">{nameOfVariant(variant)}</code>: {formatNumber(compared)}{' '}
            {path === 'read' ? t`reads of both stores` : t`calls of both sides`} compared, {formatNumber(mismatched)}{' '}
            differed
          </Trans>
          {mismatched > 0 && mismatchRate !== null && (
            <span className="text-danger-ink"> ({formatShare(mismatchRate)})</span>
          )}
          {skipped > 0 && t`, ${formatNumber(skipped)} not compared`}
        </li>
      ))}
    </ul>
  );
}
