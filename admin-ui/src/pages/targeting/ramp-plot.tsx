import type { Split } from '@bunting/core';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMemo } from 'react';
import type { Flag } from '../../api/types.ts';
import { onOffVariants } from '../../flags/describe-serve.ts';
import { variantColor } from '../../flags/variant-color.ts';
import { formatPercent } from '../../flags/weights.ts';
import { LinePlot } from '../../ui/line-plot.tsx';
import { curveOf, type RampStep } from './ramp.ts';

interface RampPlotProps {
  flag: Flag;
  split: Split;
  steps: readonly RampStep[];
  offVariant: string;
  place: string;
  /** Milliseconds since 1970, UTC. */
  fromMs: number;
}

/** How the shares go from now on, as curves and as a table. */
export function RampPlot({ flag, split, steps, offVariant, place, fromMs }: RampPlotProps) {
  const plot = useMemo(() => {
    const pair = onOffVariants(flag);
    const lastMs = steps.at(-1)?.atMs ?? fromMs;
    const room = Math.max(60_000, (lastMs - fromMs) * 0.08);
    const { times, percents } = curveOf(split, flag.variants, offVariant, fromMs, lastMs + room);
    const series = flag.variants.flatMap(({ name }, at) => {
      if (pair && name !== pair.on) return [];
      return { name, color: variantColor(flag, name), values: percents[at] ?? [] };
    });
    return { times, series };
  }, [flag, split, steps, offVariant, fromMs]);
  const shown = plot.series.map(({ name }) => name);
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <LinePlot
        label={t`Shares over time, ${place}`}
        times={plot.times}
        series={plot.series}
        max={100}
        format={percent}
      />
      <details className="text-xs">
        <summary className="w-fit cursor-pointer text-ink-2">
          <Trans>As a table</Trans>
        </summary>
        <div className="overflow-x-auto">
          <table className="mt-1 tabular-nums [&_td]:pe-5 [&_th]:pe-5 [&_th]:text-start">
            <thead>
              <tr>
                <th scope="col">
                  <Trans>From (UTC)</Trans>
                </th>
                {shown.map((name) => (
                  <th key={name} scope="col" className="font-mono">
                    {name}
                  </th>
                ))}
                <th scope="col">
                  <Trans>How</Trans>
                </th>
              </tr>
            </thead>
            <tbody>
              {steps.map(({ atMs, weights, linear }, at) => (
                <tr key={at}>
                  <td>{new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')}</td>
                  {shown.map((name) => (
                    <td key={name}>
                      {formatPercent(weights.find(({ variant }) => variant === name)?.weightPer100k ?? 0)}
                    </td>
                  ))}
                  <td>{linear ? t`in a straight line` : t`at once`}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </div>
  );
}

function percent(value: number): string {
  return `${value}%`;
}
