import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import type { Flag, Measurements } from '../../api/types.ts';
import { nameOfVariant } from '../../exposures/exposure-curves.ts';
import { variantColor } from '../../flags/variant-color.ts';
import { isEvent, pathName } from '../../measurements/path-words.ts';
import { formatShare } from '../../releases/describe-gate.ts';
import { formatDuration, formatNumber } from '../../ui/format.ts';
import { Swatch } from '../../ui/swatch.tsx';

interface PathTotalsProps {
  flag: Flag;
  measured: Measurements;
  path: string;
}

/** What one path did in the whole time, a row for each variant. */
export function PathTotals({ flag, measured, path }: PathTotalsProps) {
  const ofEvent = isEvent(path);
  const amount = (value: number | null) =>
    value === null ? '–' : ofEvent ? formatNumber(Number(value.toPrecision(3))) : formatDuration(value);
  const rows = measured.paths.filter((one) => one.path === path);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section aria-label={t`Totals by variant: ${pathName(path)}`} tabIndex={0} className="overflow-x-auto">
      <table className="w-full whitespace-nowrap tabular-nums [&_td]:py-1 [&_td]:ps-4 [&_td]:text-end [&_th:first-child]:ps-0 [&_th:first-child]:text-start [&_th]:ps-4 [&_th]:text-end [&_th]:font-medium [&_thead_th]:text-ink-3">
        <thead>
          <tr>
            <th scope="col">
              <Trans>Variant</Trans>
            </th>
            <th scope="col">{ofEvent ? t`Events` : t`Runs`}</th>
            {!ofEvent && (
              <>
                <th scope="col">
                  <Trans>Failed</Trans>
                </th>
                <th scope="col">
                  <Trans>Too late</Trans>
                </th>
              </>
            )}
            <th scope="col">{ofEvent ? t`Half of the values up to` : t`Half within`}</th>
            <th scope="col">{ofEvent ? t`90% up to` : t`90% within`}</th>
            <th scope="col">{ofEvent ? t`99% up to` : t`99% within`}</th>
            {!ofEvent && (
              <th scope="col">
                <Trans>Failed for</Trans>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ variant, totals }) => (
            <tr key={variant} className="border-line border-t">
              <th scope="row">
                <span className="flex min-w-0 items-center gap-1.5">
                  <Swatch color={variantColor(flag, variant)} />
                  <span dir="auto" className="max-w-52 truncate font-mono" title={nameOfVariant(variant)}>
                    {nameOfVariant(variant)}
                  </span>
                </span>
              </th>
              <td>{formatNumber(totals.count)}</td>
              {!ofEvent && (
                <>
                  <td>
                    {formatNumber(totals.errors)}
                    {totals.errors > 0 && totals.errorRate !== null && (
                      <span className="text-danger-ink"> ({formatShare(totals.errorRate)})</span>
                    )}
                  </td>
                  <td>{formatNumber(totals.timeouts)}</td>
                </>
              )}
              <td>{amount(totals.p50Ms)}</td>
              <td>{amount(totals.p90Ms)}</td>
              <td>{amount(totals.p99Ms)}</td>
              {!ofEvent && (
                <td>{totals.failingSubjects === 0 ? '–' : t`about ${formatNumber(usersOf(totals))} users`}</td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** An estimate may be above what is certain: nobody fails without a failure. */
function usersOf({ failingSubjects, errors, timeouts }: Measurements['paths'][number]['totals']): number {
  return Math.min(failingSubjects, errors + timeouts);
}
