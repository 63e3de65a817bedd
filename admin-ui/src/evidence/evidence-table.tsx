import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { formatShare } from '../releases/describe-gate.ts';
import { formatNumber } from '../ui/format.ts';
import { PlotTable } from '../ui/plot-table.tsx';
import { badShare, type EvidencePoint, formatEvidence } from './evidence-curves.ts';

/** What a gate or a safeguard measured, look by look, newest first: all that the charts show, and why looks had no data. */
export function EvidenceTable({ name, points }: { name: string; points: readonly EvidencePoint[] }) {
  const columns = allColumns.filter(({ cell }) => points.some((point) => cell(point) !== undefined));
  return (
    <PlotTable
      label={t`Looks of ${name}`}
      columns={[t`Until (UTC)`, ...columns.map(({ title }) => t(title))]}
      rows={points.toReversed().map((point) => [untilWords(point), ...columns.map(({ cell }) => cell(point) ?? '–')])}
    />
  );
}

/** `2026-11-21 17:00:05` */
export function untilWords({ to }: Pick<EvidencePoint, 'to'>): string {
  return to.slice(0, 19).replace('T', ' ');
}

interface Column {
  readonly title: MessageDescriptor;
  /** Undefined: this look has none. */
  readonly cell: (point: EvidencePoint) => string | undefined;
}

const allColumns: readonly Column[] = [
  { title: msg`Candidate`, cell: ({ candidate }) => sideWords(candidate) },
  { title: msg`Baseline`, cell: ({ baseline }) => sideWords(baseline) },
  {
    title: msg`Baseline against itself`,
    cell: ({ placebo }) => placebo && t`${formatShare(placebo.low)} to ${formatShare(placebo.high)}`,
  },
  { title: msg`E-value`, cell: ({ logE }) => (logE === undefined ? undefined : formatEvidence(logE / Math.LN10)) },
  { title: msg`Candidate`, cell: ({ value }) => value?.toPrecision(4) },
  { title: msg`Baseline`, cell: ({ baselineValue }) => baselineValue?.toPrecision(4) },
  { title: msg`No data because`, cell: ({ reason }) => reason },
  { title: msg`After it`, cell: ({ verdict }) => verdict },
];

function sideWords(side: EvidencePoint['candidate']): string | undefined {
  if (side === undefined) return undefined;
  const share = badShare(side);
  const counts = t`${formatNumber(side.bad)} of ${formatNumber(side.count)} bad`;
  return share === undefined ? t`nobody came` : `${counts} (${formatShare(share)})`;
}
