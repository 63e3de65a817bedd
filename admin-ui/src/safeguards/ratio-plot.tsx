import { t } from '@lingui/core/macro';
import { useMemo } from 'react';
import type { EvidencePoint } from '../evidence/evidence-curves.ts';
import { Figure } from '../evidence/figure.tsx';
import { formatShare } from '../releases/describe-gate.ts';
import { LinePlot } from '../ui/line-plot.tsx';
import { sharesOverTime } from './sample-ratio.ts';

const colors = { given: 'var(--color-series-1)', due: 'var(--color-series-4)' } as const;

interface RatioPlotProps {
  name: string;
  points: readonly EvidencePoint[];
  /** What share the split should give. */
  due: number | undefined;
}

/** The share of subjects that got the variant, of all so far, beside the share that they should. */
export function RatioPlot({ name, points, due }: RatioPlotProps) {
  const { times, series, max } = useMemo(() => {
    const given = sharesOverTime(points);
    const at = points.map(({ to }) => Date.parse(to));
    const known = given.filter((share) => share !== null);
    return {
      times: at,
      series: [
        ...(due === undefined
          ? []
          : [{ name: 'due', color: colors.due, values: at.map(() => due), dashed: true as const }]),
        { name: 'given', color: colors.given, values: given },
      ],
      max: Math.min(1, Math.max(due ?? 0, ...known) * 1.25),
    };
  }, [points, due]);
  return (
    <Figure
      title={t`Share of subjects, of all so far`}
      keys={[
        ['given', colors.given],
        ...(due === undefined ? [] : [[t`due: ${formatShare(due)}`, colors.due] as const]),
      ]}
    >
      <LinePlot label={t`Share of subjects over time, ${name}`} {...{ times, series, max, format: formatShare }} />
    </Figure>
  );
}
