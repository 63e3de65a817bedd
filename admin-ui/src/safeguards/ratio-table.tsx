import { t } from '@lingui/core/macro';
import { type EvidencePoint, formatEvidence } from '../evidence/evidence-curves.ts';
import { untilWords } from '../evidence/evidence-table.tsx';
import { formatShare } from '../releases/describe-gate.ts';
import { formatNumber } from '../ui/format.ts';
import { PlotTable } from '../ui/plot-table.tsx';
import { sharesOverTime } from './sample-ratio.ts';

/** Who came for the first time, look by look, newest first, and what share of all so far got the variant. */
export function RatioTable({ name, points }: { name: string; points: readonly EvidencePoint[] }) {
  const shares = sharesOverTime(points);
  const rows = points.map((point, at) => {
    const { candidate, baseline, logE } = point;
    const share = shares[at];
    return [
      untilWords(point),
      formatNumber(candidate?.count ?? 0),
      formatNumber(baseline?.count ?? 0),
      share === null || share === undefined ? '–' : formatShare(share),
      logE === undefined ? '–' : formatEvidence(logE / Math.LN10),
    ];
  });
  return (
    <PlotTable
      label={t`Subjects of ${name}`}
      columns={[t`Until (UTC)`, t`Got it`, t`Got the baseline`, t`Share so far`, t`E-value`]}
      rows={rows.toReversed()}
    />
  );
}
