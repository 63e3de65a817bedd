import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo } from 'react';
import { gateRunQuery } from '../../api/releases.ts';
import type { GateRun, Release } from '../../api/types.ts';
import { formatShare } from '../../releases/describe-gate.ts';
import { curvesOf, formatEvidence, type GateCurves } from '../../releases/gate-curves.ts';
import { isMoving } from '../../releases/phase.ts';
import { LinePlot } from '../../ui/line-plot.tsx';
import { LoadingNote, Skeleton } from '../../ui/skeleton.tsx';
import { TryAgain } from '../../ui/try-again.tsx';
import { EvidenceTable } from './evidence-table.tsx';

const colors = {
  candidate: 'var(--color-series-1)',
  baseline: 'var(--color-series-4)',
  placebo: 'var(--color-line)',
  bound: 'var(--color-danger)',
} as const;
const freshMs = 2_000;

/** What a gate measured over time, as charts and as a table of the same. */
export function GateEvidence({ project, release, run }: { project: string; release: Release; run: GateRun }) {
  const isLive = isMoving(release) && run.attempt === release.attempt;
  const { data, isLoadingError, error, refetch } = useQuery({
    ...gateRunQuery(project, release.id, run.id),
    refetchInterval: isLive ? freshMs : false,
  });
  const curves = useMemo(() => data && curvesOf(data), [data]);
  if (isLoadingError) {
    return <TryAgain title="The evidence cannot be shown" error={error} onRetry={() => void refetch()} />;
  }
  if (!data || !curves) {
    return (
      <div className="py-3">
        <LoadingNote what="evidence" />
        <Skeleton className="h-32 w-full" />
      </div>
    );
  }
  return (
    <div className="flex min-w-0 flex-col gap-3 pt-2">
      <div className="grid min-w-0 gap-x-5 gap-y-3 lg:grid-cols-2">
        {curves.shares && <SharePlot name={run.gate.name} times={curves.times} shares={curves.shares} />}
        {curves.evidence && <EvidencePlot name={run.gate.name} times={curves.times} evidence={curves.evidence} />}
        {curves.numbers && <NumberPlot name={run.gate.name} times={curves.times} numbers={curves.numbers} />}
      </div>
      {data.reproduced === false && (
        <p className="text-danger-ink">Judged again from what is stored, it comes to something else.</p>
      )}
      <EvidenceTable name={run.gate.name} points={data.points} />
    </div>
  );
}

interface PlotProps {
  name: string;
  times: readonly number[];
}

function SharePlot({ name, times, shares }: PlotProps & { shares: NonNullable<GateCurves['shares']> }) {
  const { series, band } = useMemo(() => {
    const both = [
      { name: 'baseline', color: colors.baseline, values: shares.baseline },
      { name: 'candidate', color: colors.candidate, values: shares.candidate },
    ];
    return { series: both, band: shares.placebo && { color: colors.placebo, ...shares.placebo } };
  }, [shares]);
  return (
    <Figure
      title="Share of bad ones, by look"
      keys={[
        ['candidate', colors.candidate],
        ...(shares.baseline.some((value) => value !== null) ? [['baseline', colors.baseline] as const] : []),
        ...(shares.placebo ? [['baseline against itself', colors.placebo] as const] : []),
      ]}
    >
      <LinePlot
        label={`Share of bad ones over time, ${name}`}
        {...{ times, series, band, max: shares.max, format: formatShare }}
      />
    </Figure>
  );
}

function EvidencePlot({ name, times, evidence }: PlotProps & { evidence: NonNullable<GateCurves['evidence']> }) {
  const series = useMemo(() => {
    const line = times.map(() => evidence.line ?? null);
    return [
      { name: 'fails at', color: colors.bound, values: line, dashed: true },
      { name: 'evidence', color: colors.candidate, values: evidence.values },
    ];
  }, [times, evidence]);
  const { line, min, max } = evidence;
  return (
    <Figure
      title="Evidence of harm (e-value)"
      keys={[
        ['evidence', colors.candidate],
        ...(line === undefined ? [] : [[`fails at ${formatEvidence(line)}`, colors.bound] as const]),
      ]}
    >
      <LinePlot
        label={`Evidence of harm over time, ${name}`}
        {...{ times, series, min, max, format: formatEvidence }}
      />
    </Figure>
  );
}

function NumberPlot({ name, times, numbers }: PlotProps & { numbers: NonNullable<GateCurves['numbers']> }) {
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
      title="What the queries said"
      keys={[
        ['candidate', colors.candidate],
        ...(numbers.baseline.some((value) => value !== null) ? [['baseline', colors.baseline] as const] : []),
        ...(numbers.bounds.length > 0 ? [['bound', colors.bound] as const] : []),
      ]}
    >
      <LinePlot label={`Numbers over time, ${name}`} {...{ times, series, min, max, format: formatTick }} />
    </Figure>
  );
}

interface FigureProps {
  title: string;
  /** Names of the curves with their colours. */
  keys: readonly (readonly [string, string])[];
  children: ReactNode;
}

function Figure({ title, keys, children }: FigureProps) {
  return (
    <figure className="flex min-w-0 flex-col gap-1">
      <figcaption className="flex flex-wrap items-center gap-x-3 gap-y-0.5">
        <span className="font-medium text-ink">{title}</span>
        {keys.map(([name, color]) => (
          <span key={name} className="flex items-center gap-1 text-ink-2">
            <span className="h-1 w-3 rounded-full" style={{ background: color }} aria-hidden />
            {name}
          </span>
        ))}
      </figcaption>
      {children}
    </figure>
  );
}

function formatTick(value: number): string {
  return String(Number(value.toPrecision(3)));
}
