import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type MeasuredSpan, measurementsQuery } from '../../api/measurements.ts';
import type { Environment, Flag, Measurements } from '../../api/types.ts';
import { measuringCode } from '../../measurements/measuring-code.ts';
import { pathsOf } from '../../measurements/path-curves.ts';
import { pathName } from '../../measurements/path-words.ts';
import { CodeBlock } from '../../ui/code-block.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import { Select } from '../../ui/select.tsx';
import { PathComparisons } from './path-comparisons.tsx';
import { PathPlot } from './path-plot.tsx';
import { PathTotals } from './path-totals.tsx';

const freshMs = { quarter: 5_000, day: 60_000 } as const;

const spans = [
  { value: 'quarter', label: msg`15 min` },
  { value: 'day', label: msg`Day` },
] as const;

interface PathPanelProps {
  project: string;
  flag: Flag;
  environment: Environment;
}

/** How often the code behind each variant ran, failed, and how long it took. */
export function PathPanel({ project, flag, environment }: PathPanelProps) {
  const [span, setSpan] = useState<MeasuredSpan>('quarter');
  const measured = useQuery({
    ...measurementsQuery(project, environment.key, flag.key, span),
    refetchInterval: freshMs[span],
  });
  return (
    <Panel
      title={t`Code paths in ${environment.name}`}
      note={t`As services measure them.`}
      actions={<Segmented label={t`Span of code paths`} value={span} options={spans} onChange={setSpan} />}
    >
      <div className="flex min-w-0 flex-col gap-3 px-4 py-3.5 text-xs">
        <Loaded from={measured} what={t`what code paths did`}>
          {(found) => (
            <>
              {found.paths.length === 0 ? <NothingRan flag={flag} /> : <Measured flag={flag} measured={found} />}
              {found.incomplete.length > 0 && (
                <p role="alert" className="text-danger-ink">
                  <Trans>{found.incomplete.join(', ')} did not answer: what it was told is missing.</Trans>
                </p>
              )}
            </>
          )}
        </Loaded>
      </div>
    </Panel>
  );
}

function Measured({ flag, measured }: { flag: Flag; measured: Measurements }) {
  const [chosen, setChosen] = useState<string>();
  const paths = pathsOf(measured);
  const path = paths.find((one) => one === chosen) ?? paths[0] ?? '';
  return (
    <>
      {paths.length > 1 && (
        <div className="w-64 max-w-full">
          <Select
            label={t`Code path`}
            value={path}
            options={paths.map((value) => ({ value, label: pathName(value) }))}
            onChange={setChosen}
          />
        </div>
      )}
      <PathTotals flag={flag} measured={measured} path={path} />
      <PathPlot key={path} flag={flag} measured={measured} path={path} />
      <PathComparisons comparisons={measured.comparisons} />
    </>
  );
}

function NothingRan({ flag }: { flag: Flag }) {
  return (
    <>
      <p className="max-w-180 text-ink-2">
        <Trans>
          Nothing was measured in this time. What code does behind the flag is counted where it is called like this: how
          often each variant ran and failed, and how long it took. Gates and safeguards see it within seconds.
        </Trans>
      </p>
      <CodeBlock title={t`In a service, by @bunting/node`} code={measuringCode(flag)} />
    </>
  );
}
