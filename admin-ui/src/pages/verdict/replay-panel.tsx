import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { type GuardedPlace, replayQuery } from '../../api/safeguards.ts';
import type { SafeguardReplay, SafeguardVerdict } from '../../api/types.ts';
import { curvesOf } from '../../evidence/evidence-curves.ts';
import { EvidencePlots } from '../../evidence/evidence-plots.tsx';
import { EvidenceTable } from '../../evidence/evidence-table.tsx';
import { testWords } from '../../safeguards/describe-safeguard.ts';
import { toPercent, toShare } from '../../safeguards/percent.ts';
import { Loaded } from '../../ui/loaded.tsx';
import { NumberInput } from '../../ui/number-input.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Select } from '../../ui/select.tsx';
import { otherTests, replayWords } from './replay-words.ts';

interface ReplayPanelProps {
  place: GuardedPlace;
  verdict: SafeguardVerdict;
}

/** The same counts judged once more: by the same test, by another alpha, or by another test. */
export function ReplayPanel({ place, verdict }: ReplayPanelProps) {
  const [alphaPercent, setAlphaPercent] = useState<number>();
  const [other, setOther] = useState('');
  const tests = otherTests(verdict);
  const test = tests.find(({ kind }) => kind === other);
  const judged = test ?? verdict.test;
  const body = {
    ...(test && { test }),
    ...(alphaPercent !== undefined && 'alpha' in judged && { alpha: toShare(alphaPercent) }),
  };
  const replay = useQuery({
    ...replayQuery(place, verdict.id, body),
    placeholderData: keepPreviousData,
  });
  return (
    <Panel title={t`Judged once more`} note={t`From the very counts that it was judged by. Nothing is changed.`}>
      <div className="flex flex-wrap items-end gap-4 border-line border-b px-4 py-3">
        <div className="flex w-64 max-w-full flex-col gap-1.5">
          <span className="font-medium text-xs">
            <Trans>By</Trans>
          </span>
          <Select
            label={t`Test`}
            value={other}
            options={[
              { value: '', label: t`the test that it failed` },
              ...tests.map((each) => ({ value: each.kind, label: each.kind.replaceAll('_', ' ') })),
            ]}
            onChange={setOther}
          />
        </div>
        {'alpha' in judged && (
          <div className="flex w-48 flex-col gap-1.5">
            <span className="font-medium text-xs">
              <Trans>What if alpha were</Trans>
            </span>
            <NumberInput
              label={t`Alpha, in percent`}
              {...{ min: 0.0000001, max: 50, digits: 7, step: 0.01, unit: '%' }}
              value={alphaPercent ?? toPercent(judged.alpha)}
              onChange={setAlphaPercent}
            />
          </div>
        )}
      </div>
      <Loaded from={replay} what={t`the replay`}>
        {(found) => <Replayed verdict={verdict} replay={found} isOther={Object.keys(body).length > 0} />}
      </Loaded>
    </Panel>
  );
}

interface ReplayedProps {
  verdict: SafeguardVerdict;
  replay: SafeguardReplay;
  /** By something else than it was judged by then. */
  isOther: boolean;
}

function Replayed({ verdict, replay, isOther }: ReplayedProps) {
  const curves = useMemo(() => curvesOf(replay), [replay]);
  return (
    <div className="flex min-w-0 flex-col gap-3 px-4 py-3.5 text-xs">
      <p role="status" className={isOther || replay.same ? 'text-ink' : 'text-danger-ink'}>
        {replayWords(verdict, replay, isOther)}
      </p>
      <p className="text-ink-2">
        <Trans>It fails when {testWords(replay.test)}.</Trans>
      </p>
      <EvidencePlots name={t`judged once more`} curves={curves} />
      <EvidenceTable name={t`judged once more`} points={replay.points} />
    </div>
  );
}
