import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useState } from 'react';
import type { GateRun, Release } from '../../api/types.ts';
import { describeGate, describePolicy } from '../../releases/describe-gate.ts';
import { gatesOf, type PlacedGate } from '../../releases/gate-list.ts';
import { isForward } from '../../releases/phase.ts';
import { releaseSentence } from '../../releases/release-sentence.ts';
import { VerdictBadge } from '../../releases/verdict-badge.tsx';
import { Badge } from '../../ui/badge.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { Select } from '../../ui/select.tsx';
import { GateEvidence } from './gate-evidence.tsx';

interface ReleaseGatesProps {
  project: string;
  release: Release;
  /** Undefined: they are not known yet. */
  runs: readonly GateRun[] | undefined;
}

/** What each gate of a release asks, says, and bases that on; of the latest attempt, or of an earlier one. */
export function ReleaseGates({ project, release, runs = [] }: ReleaseGatesProps) {
  const [chosen, setChosen] = useState<number>();
  const attempt = chosen ?? release.attempt;
  const gates = gatesOf(release, runs, attempt);
  if (gates.length === 0) return null;
  const attempts = Array.from({ length: release.attempt }, (_, at) => String(release.attempt - at));
  return (
    <Panel
      title={t`Gates`}
      note={t`What must be so before the next stage, and what is watched all the way.`}
      actions={
        attempts.length > 1 && (
          <Select
            label={t`Attempt`}
            value={String(attempt)}
            options={attempts.map((value) => ({ value, label: t`attempt ${value}` }))}
            onChange={(next) => setChosen(Number(next))}
          />
        )
      }
    >
      <ul aria-label={t`Gates`}>
        {gates.map((placed) => (
          <GateRow key={`${placed.stage} ${placed.gate.name}`} project={project} release={release} placed={placed} />
        ))}
      </ul>
    </Panel>
  );
}

function GateRow({ project, release, placed }: { project: string; release: Release; placed: PlacedGate }) {
  const { stage, gate, run } = placed;
  const [isOpen, setOpen] = useState(false);
  // Of what has ended, or was tried before, nothing is wanted any more.
  const demand = run && isForward(release) && run.attempt === release.attempt ? demandWords(run) : undefined;
  return (
    <li className="flex flex-col gap-1 border-line border-b px-4 py-2.5 last:border-b-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <h3 className="min-w-0 break-words font-medium">{gate.name}</h3>
        <VerdictBadge verdict={run?.verdict ?? 'pending'} />
        {gate.dryRun === true && (
          <Badge look="muted">
            <Trans>dry run</Trans>
          </Badge>
        )}
        <span className="ms-auto text-ink-3 text-xs">{stage === null ? t`watched` : t`stage ${stage + 1}`}</span>
      </div>
      {run ? (
        <p className="break-words text-ink-2 tabular-nums">
          {releaseSentence(run.reason)}{' '}
          <span className="text-ink-3 text-xs">
            <Trans>since {<RelativeTime at={run.since} />}</Trans>
          </span>
        </p>
      ) : (
        <p className="text-ink-3 text-xs">
          <Trans>It is judged when its stage has come.</Trans>
        </p>
      )}
      {demand !== undefined && <p className="text-danger-ink text-xs">{demand}</p>}
      <p className="break-words text-ink-3 text-xs">
        {describeGate(gate)} {describePolicy(gate)}
      </p>
      {run && run.measured + run.silent + run.errors > 0 && (
        <details className="text-xs" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
          <summary className="w-fit cursor-pointer rounded-xs text-ink-2 hover:text-ink">
            <Trans>Evidence: {countLooks(run)}</Trans>
          </summary>
          {isOpen && <GateEvidence project={project} release={release} run={run} />}
        </details>
      )}
    </li>
  );
}

/** `120 looks with data, 3 without` */
function countLooks({ measured, silent, errors, recoveries }: GateRun): string {
  return [
    plural(measured, { one: '# look with data', other: '# looks with data' }),
    silent > 0 && t`${silent} without`,
    errors > 0 && t`${errors} that could not be made`,
    recoveries > 0 && plural(recoveries, { one: 'failed and recovered once', other: 'failed and recovered # times' }),
  ]
    .filter((part) => typeof part === 'string')
    .join(', ');
}

/** What a gate wants of its release that is no mere waiting. */
function demandWords({ asks, gate }: GateRun): string | undefined {
  if (asks === 'go' || asks === 'hold') return undefined;
  const deed = asks === 'pause' ? t`pause the release` : t`take the release back`;
  return gate.dryRun === true ? t`It would ${deed}; as a dry run it only says so.` : t`It wants to ${deed}.`;
}
