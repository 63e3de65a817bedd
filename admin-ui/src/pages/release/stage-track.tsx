import { Check } from 'lucide-react';
import type { Release, ReleaseStage } from '../../api/types.ts';
import { describeExposure } from '../../releases/describe-exposure.ts';
import { formatSeconds } from '../../releases/stage-duration.ts';
import { classNames } from '../../ui/class-names.ts';
import { soakedShare } from './offered-acts.ts';

type StepState = 'done' | 'now' | 'left' | 'ahead';

interface StageTrackProps {
  release: Release;
  /** Milliseconds since 1970, UTC. */
  nowMs: number;
}

/** The way of a release: its stages and what follows them, how far it is, and how much of the present one has passed. */
export function StageTrack({ release, nowMs }: StageTrackProps) {
  const soaked = soakedShare(release, nowMs);
  const bakeState: StepState = release.phase === 'baking' ? 'now' : release.phase === 'succeeded' ? 'done' : 'ahead';
  return (
    <ol aria-label="Stages" className="grid gap-2 [grid-template-columns:repeat(auto-fill,minmax(8.5rem,1fr))]">
      {release.stages.map((stage, at) => {
        const state = stepState(release, at);
        return (
          <Step
            key={`${at} ${stage.flagsPer100k}`}
            state={state}
            title={describeExposure(stage)}
            share={state === 'now' ? soaked : undefined}
            lines={linesOf(stage, state === 'now' ? release.approvedBy.length : undefined)}
          />
        );
      })}
      <Step
        state={bakeState}
        title="Bake"
        share={bakeState === 'now' ? soaked : undefined}
        lines={[
          `for ${formatSeconds(release.bakeSeconds)}`,
          `rollback for ${formatSeconds(release.rollbackWindowSeconds)}`,
        ]}
      />
    </ol>
  );
}

function linesOf({ soakSeconds, maxSeconds, onLate, approvals = 0 }: ReleaseStage, given?: number): readonly string[] {
  const lines = [`watched for ${formatSeconds(soakSeconds)}`];
  if (approvals > 0) lines.push(given === undefined ? `${approvals} to approve` : `${given} of ${approvals} approved`);
  if (maxSeconds !== undefined)
    lines.push(`${onLate === 'abort' ? 'aborts' : 'late'} after ${formatSeconds(maxSeconds)}`);
  return lines;
}

function stepState({ phase, stage }: Release, at: number): StepState {
  if (phase === 'progressing') return at < stage ? 'done' : at === stage ? 'now' : 'ahead';
  if (phase === 'promoting' || phase === 'baking' || phase === 'succeeded') {
    return phase === 'promoting' && at === stage ? 'now' : 'done';
  }
  const wentBack = ['aborting', 'aborted', 'rolling_back', 'rolled_back'] as const;
  return wentBack.some((one) => one === phase) && at <= stage ? 'left' : 'ahead';
}

const spoken: Readonly<Record<StepState, string>> = {
  done: 'done',
  now: 'now',
  left: 'taken back',
  ahead: 'ahead',
};

function Step({
  state,
  title,
  share,
  lines,
}: {
  state: StepState;
  title: string;
  share: number | undefined;
  lines: readonly string[];
}) {
  return (
    <li
      aria-current={state === 'now' ? 'step' : undefined}
      className={classNames(
        'relative flex min-h-20 flex-col overflow-hidden rounded-sm border px-3 pt-2.5 pb-3',
        state === 'now' ? 'border-link bg-raised shadow-control' : 'border-line',
        (state === 'ahead' || state === 'left') && 'bg-sunken',
      )}
    >
      <p
        className={classNames(
          'flex items-center gap-1.5 font-semibold tabular-nums',
          state === 'ahead' && 'text-ink-2',
          state === 'left' && 'text-ink-3 line-through',
        )}
      >
        {title}
        {state === 'done' && <Check className="size-3.5 text-live-ink" aria-hidden />}
        <span className="sr-only">, {spoken[state]}</span>
        {state === 'now' && share !== undefined && (
          <span className="ml-auto font-normal text-ink-3 text-xs">{Math.floor(share * 100)}%</span>
        )}
      </p>
      {lines.map((line) => (
        <span key={line} className="text-ink-3 text-xs">
          {line}
        </span>
      ))}
      <span aria-hidden className="absolute inset-x-0 bottom-0 h-1 bg-line">
        <span
          className={classNames('block h-full', state === 'done' ? 'bg-live' : 'bg-accent')}
          style={{ width: `${(state === 'done' ? 1 : (share ?? 0)) * 100}%` }}
        />
      </span>
    </li>
  );
}
