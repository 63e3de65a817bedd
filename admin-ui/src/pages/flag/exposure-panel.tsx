import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useMemo, useState } from 'react';
import { type ExposureSpan, exposuresQuery } from '../../api/exposures.ts';
import type { Environment, Exposures, Flag } from '../../api/types.ts';
import { Figure } from '../../evidence/figure.tsx';
import { type ExposureSource, exposureCurves, nameOfVariant, sourcesOf } from '../../exposures/exposure-curves.ts';
import { lineColor } from '../../flags/variant-color.ts';
import { formatNumber, formatTick } from '../../ui/format.ts';
import { LinePlot } from '../../ui/line-plot.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { ExposureTable } from './exposure-table.tsx';

const freshMs = { hour: 10_000, day: 60_000 } as const;

interface ExposurePanelProps {
  project: string;
  flag: Flag;
  environment: Environment;
  /** What else is to be said of it. */
  children: ReactNode;
}

/** Who got which variant over the last hour or day. */
export function ExposurePanel({ project, flag, environment, children }: ExposurePanelProps) {
  const [span, setSpan] = useState<ExposureSpan>('hour');
  const exposures = useQuery({
    ...exposuresQuery(project, environment.key, flag.key, span),
    refetchInterval: freshMs[span],
  });
  return (
    <Panel
      title={t`Variants served in ${environment.name}`}
      note={t`As SDKs tell every 10 seconds.`}
      actions={
        <Segmented
          label={t`Span`}
          value={span}
          options={[
            { value: 'hour', label: t`Hour` },
            { value: 'day', label: t`Day` },
          ]}
          onChange={setSpan}
        />
      }
    >
      <Loaded from={exposures} what={t`the variants served`}>
        {(found) => <Shown flag={flag} environment={environment} exposures={found} />}
      </Loaded>
      {children}
    </Panel>
  );
}

const sourceNames = { servers: msg`Servers`, pages: msg`Pages` } as const;

interface ShownProps {
  flag: Flag;
  environment: Environment;
  exposures: Exposures;
}

function Shown({ flag, environment, exposures }: ShownProps) {
  const [chosen, setChosen] = useState<ExposureSource>();
  const sources = sourcesOf(exposures);
  const source = sources.find((one) => one === chosen) ?? sources[0];
  const { completeSince, incomplete } = exposures;
  return (
    <div className="flex min-w-0 flex-col gap-3 px-4 py-3.5 text-xs">
      {source === undefined ? (
        <p className="text-ink-3">
          {completeSince === null
            ? t`No SDK has asked for it in this time.`
            : t`No SDK has asked for it since ${timeOf(completeSince)}.`}
        </p>
      ) : (
        <Plotted key={source} {...{ flag, environment, exposures, source }} />
      )}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        {sources.length > 1 && source && (
          <Segmented
            label={t`Told by`}
            value={source}
            options={sources.map((value) => ({ value, label: sourceNames[value] }))}
            onChange={setChosen}
          />
        )}
        {source === 'pages' && (
          <p className="text-ink-3">
            <Trans>Pages could make it up: it informs, and proves nothing.</Trans>
          </p>
        )}
        {source !== undefined && completeSince !== null && (
          <p className="text-ink-3">
            <Trans>A server began at {timeOf(completeSince)}: of what came before, some may be missing.</Trans>
          </p>
        )}
        {incomplete.length > 0 && (
          <p role="alert" className="text-danger-ink">
            <Trans>{incomplete.join(', ')} did not answer: what it was told is missing.</Trans>
          </p>
        )}
      </div>
    </div>
  );
}

function Plotted({ flag, environment, exposures, source }: ShownProps & { source: ExposureSource }) {
  const curves = useMemo(() => exposureCurves(exposures, source), [exposures, source]);
  const { times, variants, total, max } = curves;
  const series = useMemo(
    () =>
      variants.map(({ variant, values }) => ({
        ...{ name: nameOfVariant(variant), color: lineColor(flag, variant), values, dashed: variant === '' },
      })),
    [variants, flag],
  );
  return (
    <>
      <Figure
        title={exposures.stepS === 60 ? t`Evaluations a minute` : t`Evaluations a quarter of an hour`}
        keys={variants.map(({ variant, total: count }) => [
          `${nameOfVariant(variant)} ${formatNumber(count)} (${Number(((count / total) * 100).toPrecision(3))}%)`,
          lineColor(flag, variant),
        ])}
      >
        <LinePlot
          label={t`Evaluations of ${flag.key} in ${environment.name} by variant, over time`}
          {...{ times, series, max, format: formatTick }}
        />
      </Figure>
      <ExposureTable curves={curves} />
    </>
  );
}

/** `17:03 UTC` */
function timeOf(at: string): string {
  return t`${at.slice(11, 16)} UTC`;
}
