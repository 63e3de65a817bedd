import { t } from '@lingui/core/macro';
import { type ReactNode, useMemo } from 'react';
import { formatShare } from '../releases/describe-gate.ts';
import { LinePlot } from '../ui/line-plot.tsx';
import { type EvidenceCurves, formatEvidence } from './evidence-curves.ts';
import { Figure } from './figure.tsx';

const colors = {
  candidate: 'var(--color-series-1)',
  baseline: 'var(--color-series-4)',
  placebo: 'var(--color-line)',
  bound: 'var(--color-danger)',
} as const;

interface EvidencePlotsProps {
  name: string;
  curves: EvidenceCurves;
  /** What the evidence is of; harm unless given. */
  of?: string;
  /** A further chart, before the others. */
  children?: ReactNode;
}

/** What a gate or a safeguard measured over time: shares, evidence, numbers, as far as there are any. */
export function EvidencePlots({ name, curves, of = t`harm`, children }: EvidencePlotsProps) {
  const { times, shares, evidence, numbers } = curves;
  return (
    <div className="grid min-w-0 gap-x-5 gap-y-3 lg:grid-cols-2">
      {children}
      {shares && <SharePlot name={name} times={times} shares={shares} />}
      {evidence && <EvidencePlot {...{ name, times, evidence, of }} />}
      {numbers && <NumberPlot name={name} times={times} numbers={numbers} />}
    </div>
  );
}

interface PlotProps {
  name: string;
  times: readonly number[];
}

function SharePlot({ name, times, shares }: PlotProps & { shares: NonNullable<EvidenceCurves['shares']> }) {
  const { series, band } = useMemo(() => {
    const both = [
      { name: 'baseline', color: colors.baseline, values: shares.baseline },
      { name: 'candidate', color: colors.candidate, values: shares.candidate },
    ];
    return { series: both, band: shares.placebo && { color: colors.placebo, ...shares.placebo } };
  }, [shares]);
  return (
    <Figure
      title={t`Share of bad ones, by look`}
      keys={[
        ['candidate', colors.candidate],
        ...(shares.baseline.some((value) => value !== null) ? [['baseline', colors.baseline] as const] : []),
        ...(shares.placebo ? [[t`baseline against itself`, colors.placebo] as const] : []),
      ]}
    >
      <LinePlot
        label={t`Share of bad ones over time, ${name}`}
        {...{ times, series, band, max: shares.max, format: formatShare }}
      />
    </Figure>
  );
}

interface EvidencePlotProps extends PlotProps {
  evidence: NonNullable<EvidenceCurves['evidence']>;
  of: string;
}

function EvidencePlot({ name, times, evidence, of }: EvidencePlotProps) {
  const series = useMemo(() => {
    const line = times.map(() => evidence.line ?? null);
    return [
      { name: t`fails at`, color: colors.bound, values: line, dashed: true },
      { name: 'evidence', color: colors.candidate, values: evidence.values },
    ];
  }, [times, evidence]);
  const { line, min, max } = evidence;
  return (
    <Figure
      title={t`Evidence of ${of} (e-value)`}
      keys={[
        ['evidence', colors.candidate],
        ...(line === undefined ? [] : [[t`fails at ${formatEvidence(line)}`, colors.bound] as const]),
      ]}
    >
      <LinePlot
        label={t`Evidence of ${of} over time, ${name}`}
        {...{ times, series, min, max, format: formatEvidence }}
      />
    </Figure>
  );
}

function NumberPlot({ name, times, numbers }: PlotProps & { numbers: NonNullable<EvidenceCurves['numbers']> }) {
  const series = useMemo(
    () => [
      ...numbers.bounds.map((bound) => ({
        ...{ name: 'bound', color: colors.bound, values: times.map(() => bound), dashed: true },
      })),
      { name: 'baseline', color: colors.baseline, values: numbers.baseline },
      { name: 'candidate', color: colors.candidate, values: numbers.candidate },
    ],
    [times, numbers],
  );
  const { min, max } = numbers;
  return (
    <Figure
      title={t`What the queries said`}
      keys={[
        ['candidate', colors.candidate],
        ...(numbers.baseline.some((value) => value !== null) ? [['baseline', colors.baseline] as const] : []),
        ...(numbers.bounds.length > 0 ? [['bound', colors.bound] as const] : []),
      ]}
    >
      <LinePlot label={t`Numbers over time, ${name}`} {...{ times, series, min, max, format: formatTick }} />
    </Figure>
  );
}

function formatTick(value: number): string {
  return String(Number(value.toPrecision(3)));
}
