import { t } from '@lingui/core/macro';
import { type ExposureCurves, nameOfVariant } from '../../exposures/exposure-curves.ts';
import { formatNumber } from '../../ui/format.ts';
import { PlotTable } from '../../ui/plot-table.tsx';

/** What the plot of a flag's exposures shows, step by step, newest first. */
export function ExposureTable({ curves: { times, variants } }: { curves: ExposureCurves }) {
  const rows = times.map((at, index) => [
    new Date(at).toISOString().slice(0, 16).replace('T', ' '),
    ...variants.map(({ values }) => {
      const value = values[index];
      return value === null || value === undefined ? '–' : formatNumber(value);
    }),
  ]);
  return (
    <PlotTable
      label={t`Evaluations by variant`}
      columns={[t`From (UTC)`, ...variants.map(({ variant }) => nameOfVariant(variant))]}
      rows={rows.toReversed()}
    />
  );
}
