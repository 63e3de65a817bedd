import { t } from '@lingui/core/macro';
import type { GateRun, Release, ReleaseStage } from '../api/types.ts';
import { describeExposure } from './describe-exposure.ts';
import { gatesOf } from './gate-list.ts';
import { type Soaking, soakedShare } from './soaked-share.ts';
import { formatSeconds } from './stage-duration.ts';
import { StageGates, StageShares, StageStep, type StepState } from './stage-step.tsx';
import { isOfFlagsAlone } from './strategy.ts';

/** As much of a release as its way is drawn from. */
type Way = Soaking &
  Pick<Release, 'watch' | 'attempt' | 'approvedBy' | 'pointsOfNoReturn' | 'rollbackWindowSeconds'> &
  Pick<Release, 'traffic' | 'migration'> & { readonly flags: readonly unknown[] };

interface StageTrackProps {
  release: Way;
  runs: readonly GateRun[] | undefined;
  /** Milliseconds since 1970, UTC. */
  nowMs: number;
}

/** The way of a release: its stages and what follows them, how far it is, and how much of the present one has passed. */
export function StageTrack({ release, runs = [], nowMs }: StageTrackProps) {
  const soaked = soakedShare(release, nowMs);
  const gates = gatesOf(release, runs, release.attempt);
  const isSimple = isOfFlagsAlone(release);
  const bakeState: StepState = release.phase === 'baking' ? 'now' : release.phase === 'succeeded' ? 'done' : 'ahead';
  return (
    <ol aria-label={t`Stages`} className="grid gap-2 [grid-template-columns:repeat(auto-fill,minmax(9.5rem,1fr))]">
      {release.stages.map((stage, at) => {
        const state = stepState(release, at);
        return (
          <StageStep
            key={`${at} ${stage.flagsPer100k}`}
            state={state}
            title={stage.name ?? (isSimple ? describeExposure(stage) : t`Stage ${at + 1}`)}
            soaked={state === 'now' ? soaked : undefined}
            lines={linesOf(stage, state === 'now' ? { soaked, approved: release.approvedBy.length } : {})}
            pointOfNoReturn={release.pointsOfNoReturn.find((point) => point.stage === at)?.reason}
          >
            {(!isSimple || stage.name !== undefined) && (
              <StageShares stage={stage} hasFlags={release.flags.length > 0} />
            )}
            <StageGates gates={gates.filter((gate) => gate.stage === at)} />
          </StageStep>
        );
      })}
      <StageStep
        state={bakeState}
        title={t`Bake`}
        soaked={bakeState === 'now' ? soaked : undefined}
        lines={[
          bakeState === 'now' && soaked !== undefined
            ? t`${percent(soaked)} of ${formatSeconds(release.bakeSeconds)} over`
            : t`for ${formatSeconds(release.bakeSeconds)}`,
          t`rollback for ${formatSeconds(release.rollbackWindowSeconds)}`,
        ]}
      />
    </ol>
  );
}

/** How far the present stage is. */
interface Progress {
  /** 0 to 1; undefined: it is not being watched. */
  readonly soaked?: number | undefined;
  readonly approved?: number;
}

function linesOf(stage: ReleaseStage, { soaked, approved }: Progress): readonly string[] {
  const { soakSeconds, maxSeconds, onLate, approvals = 0, blind } = stage;
  const span = formatSeconds(soakSeconds);
  const lines = [soaked === undefined ? t`watched for ${span}` : t`${percent(soaked)} of ${span} watched`];
  if (approvals > 0)
    lines.push(approved === undefined ? t`${approvals} to approve` : t`${approved} of ${approvals} approved`);
  if (maxSeconds !== undefined)
    lines.push(
      onLate === 'abort' ? t`aborts after ${formatSeconds(maxSeconds)}` : t`late after ${formatSeconds(maxSeconds)}`,
    );
  if (blind === true) lines.push(t`its gates see too little, and that is accepted`);
  return lines;
}

/** 0.567 -> `56%`: never more than was reached. */
function percent(share: number): string {
  return `${Math.floor(share * 100)}%`;
}

function stepState({ phase, stage }: Pick<Release, 'phase' | 'stage'>, at: number): StepState {
  if (phase === 'progressing') return at < stage ? 'done' : at === stage ? 'now' : 'ahead';
  // Blocked: what is out stays out.
  if (phase === 'blocked' || phase === 'superseded') return at <= stage ? 'done' : 'ahead';
  if (phase === 'promoting' || phase === 'baking' || phase === 'succeeded') {
    return phase === 'promoting' && at === stage ? 'now' : 'done';
  }
  const wentBack = ['aborting', 'aborted', 'rolling_back', 'rolled_back'] as const;
  return wentBack.some((one) => one === phase) && at <= stage ? 'left' : 'ahead';
}
