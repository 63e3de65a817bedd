import { msg, t } from '@lingui/core/macro';
import { useMemo, useState } from 'react';
import type { Flag, Measurements } from '../../api/types.ts';
import { Figure } from '../../evidence/figure.tsx';
import { nameOfVariant } from '../../exposures/exposure-curves.ts';
import { lineColor } from '../../flags/variant-color.ts';
import { type Measure, pathCurves, valuesOf } from '../../measurements/path-curves.ts';
import { isEvent, pathName } from '../../measurements/path-words.ts';
import { formatShare } from '../../releases/describe-gate.ts';
import { formatSeconds } from '../../releases/stage-duration.ts';
import { formatDuration, formatNumber, formatTick } from '../../ui/format.ts';
import { LinePlot } from '../../ui/line-plot.tsx';
import { PlotTable } from '../../ui/plot-table.tsx';
import { Segmented } from '../../ui/segmented.tsx';

const shownMeasures = [
  { value: 'errorRate', label: msg`Failures` },
  { value: 'p90Ms', label: msg`Durations` },
  { value: 'count', label: msg`Runs` },
] as const;

interface PathPlotProps {
  flag: Flag;
  measured: Measurements;
  path: string;
}

/** One path over time, a curve for each variant; the table behind it has all measures of each step. */
export function PathPlot({ flag, measured, path }: PathPlotProps) {
  const ofEvent = isEvent(path);
  const [chosen, setChosen] = useState<Measure>('errorRate');
  const measure = ofEvent ? 'count' : chosen;
  const curves = useMemo(() => pathCurves(measured, path), [measured, path]);
  const { times, variants } = curves;
  const series = useMemo(
    () =>
      variants.map(({ variant, steps }) => ({
        ...{ name: nameOfVariant(variant), color: lineColor(flag, variant), dashed: variant === '' },
        values: valuesOf(steps, measure),
      })),
    [variants, flag, measure],
  );
  const most = Math.max(0, ...series.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const step = formatSeconds(measured.stepS);
  const titles = {
    errorRate: t`Share of runs that failed, each ${step}`,
    p90Ms: t`90% of runs took at most, each ${step}`,
    count: ofEvent ? t`Events, each ${step}` : t`Runs, each ${step}`,
  };
  const title = titles[measure];
  return (
    <>
      {!ofEvent && (
        <div>
          <Segmented label={t`What is drawn`} value={measure} options={shownMeasures} onChange={setChosen} />
        </div>
      )}
      <Figure title={title} keys={series.map(({ name, color }) => [name, color])}>
        <LinePlot
          label={t`${title}: ${pathName(path)} of ${flag.key}, by variant`}
          {...{
            times,
            series,
            max: leastMax[measure] > most ? leastMax[measure] : most * 1.1,
            format: formats[measure],
          }}
        />
      </Figure>
      <StepTable curves={curves} ofEvent={ofEvent} />
    </>
  );
}

/** So much is drawn at least: a single failure among thousands is no cliff. */
const leastMax = { errorRate: 0.05, p90Ms: 1, count: 1 } as const;
const formats = { errorRate: formatShare, p90Ms: formatDuration, count: formatTick } as const;

interface StepTableProps {
  curves: ReturnType<typeof pathCurves>;
  ofEvent: boolean;
}

/** Newest first. */
function StepTable({ curves: { times, variants }, ofEvent }: StepTableProps) {
  const amount = (value: number | null) =>
    value === null ? '–' : ofEvent ? formatNumber(Number(value.toPrecision(3))) : formatDuration(value);
  const rows = times
    .map((at, index) => [
      new Date(at).toISOString().slice(0, 19).replace('T', ' '),
      ...variants.map(({ steps }) => {
        const counts = steps[index] ?? null;
        if (counts === null) return '–';
        const { count, errors, p50Ms, p90Ms, p99Ms } = counts;
        const durations = [p50Ms, p90Ms, p99Ms].map(amount).join(', ');
        if (ofEvent) return t`${formatNumber(count)}; 50, 90, 99%: ${durations}`;
        return t`${formatNumber(count)}, ${formatNumber(errors)} failed; 50, 90, 99%: ${durations}`;
      }),
    ])
    .reverse();
  return (
    <PlotTable
      label={t`Code paths by variant`}
      columns={[t`From (UTC)`, ...variants.map(({ variant }) => nameOfVariant(variant))]}
      rows={rows}
    />
  );
}
