import { t } from '@lingui/core/macro';
import type { Environment, Release, ReleaseStage } from '../../api/types.ts';
import { describeExposure } from '../../releases/describe-exposure.ts';
import { describeMoved } from '../../releases/strategy.ts';
import type { ReleaseAct } from './offered-acts.ts';

/** How a person is asked before a release does something. */
export interface ActQuestion {
  /** Of the button, and of the one that confirms. */
  readonly label: string;
  /** What will happen, and to whom. */
  readonly text: string;
  readonly done: string;
  readonly look: 'primary' | 'danger';
  /** What cannot be taken back. */
  readonly warning?: string | undefined;
  /** Key of the migration plan that removes what is old: it is to be typed. */
  readonly removes?: string | undefined;
}

export function actQuestion(act: ReleaseAct, release: Release, environment: Pick<Environment, 'name'>): ActQuestion {
  const { stages, stage } = release;
  const here = stages[stage];
  const next = stages[stage + 1];
  const moved = describeMoved(release);
  const exposed = (one: ReleaseStage | undefined) => (one ? describeExposure(one) : '100%');
  const first = exposed(stages[0]);
  switch (act) {
    case 'start':
      return {
        label: t`Start`,
        text: t`In ${environment.name} it begins with ${first}, of ${moved}, as soon as everything has been looked at.`,
        ...{ warning: noWayBack(release, 0), removes: removedBy(release) },
        ...{ done: t`is started`, look: 'primary' },
      };
    case 'schedule':
      return {
        label: t`Schedule`,
        text: t`It starts by itself at this time, by your clock.`,
        ...{ warning: noWayBack(release, 0), removes: removedBy(release) },
        ...{ done: t`is scheduled`, look: 'primary' },
      };
    case 'cancel':
      return {
        label: t`Cancel release`,
        text: t`It has not begun, so nobody notices. A cancelled release cannot be taken up again.`,
        ...{ done: t`is cancelled`, look: 'danger' },
      };
    case 'approve':
      return {
        label: t`Approve`,
        text:
          release.phase === 'progressing'
            ? t`You say that stage ${stage + 1} (${exposed(here)}) is well, and that the next one may begin.`
            : t`You say that this release may begin as it stands. Whoever edits it afterwards needs approval anew.`,
        ...{ done: t`is approved by you`, look: 'primary' },
      };
    case 'pause':
      return {
        label: t`Pause`,
        text: t`Nobody is moved: who has the candidate keeps it, and nobody else gets it until it is resumed.`,
        ...{ done: t`is paused`, look: 'primary' },
      };
    case 'resume':
      return {
        label: t`Resume`,
        text: t`Every reason to stand still is lifted. What someone else set meanwhile is taken over.`,
        ...{ done: t`goes on`, look: 'primary' },
      };
    case 'promote':
      return {
        label: t`Promote`,
        text: t`It does not wait for the rest of stage ${stage + 1}, nor for its gates: in ${environment.name} it goes on to ${exposed(next)} now.`,
        warning: noWayBack(release, stage + 1),
        ...{ done: t`is promoted`, look: 'primary' },
      };
    case 'promote_fully':
      return {
        label: t`Promote fully`,
        text: t`It does not wait for any further stage, nor for their gates: everyone in ${environment.name} gets the candidate now.`,
        warning: noWayBack(release, stages.length - 1),
        ...{ done: t`is promoted fully`, look: 'danger' },
      };
    case 'set_weight':
      return {
        label: t`Set share`,
        text: t`This much gets the candidate, and the release stays there, paused, until it is resumed.`,
        ...{ done: t`has its share set`, look: 'primary' },
      };
    case 'abort':
    case 'rollback':
      return {
        label: act === 'abort' ? t`Abort` : t`Roll back`,
        text:
          act === 'abort'
            ? t`Everyone in ${environment.name} gets the baseline again, of ${moved}, at once.`
            : t`Everyone in ${environment.name} gets the baseline again, of ${moved}.`,
        warning: closedWay(release),
        ...{ done: act === 'abort' ? t`is being aborted` : t`is being rolled back`, look: 'danger' },
      };
    case 'unblock':
      return {
        label: t`Try the way back again`,
        text: t`It looks again whether the migration lets it go back, and goes back where it does.`,
        ...{ done: t`tries again`, look: 'primary' },
      };
    case 'accept':
      return {
        label: t`Accept what is out`,
        text: t`What is out stays as it is, and the release ends. Its traffic and its migration are free for another one.`,
        ...{ done: t`is accepted as it is`, look: 'danger' },
      };
    case 'retry':
      return {
        label: t`Try again`,
        text: t`It begins anew as attempt ${release.attempt + 1}; from its first stage, ${first}, unless you choose a later one.`,
        removes: removedBy(release),
        ...{ done: t`begins anew`, look: 'primary' },
      };
  }
}

/** Where data is removed there is one stage, which does it at once. */
function removedBy({ migration, stages }: Release): string | undefined {
  return stages.some(({ migrationPhase }) => migrationPhase === 'contract') ? migration?.plan : undefined;
}

/** What is said before a release comes to a stage, and passes others on its way, that has no way back. */
function noWayBack({ pointsOfNoReturn, stage, phase }: Release, until: number): string | undefined {
  const from = phase === 'progressing' ? stage + 1 : 0;
  const point = pointsOfNoReturn.find((one) => one.stage >= from && one.stage <= until);
  return point && t`There is no way back from stage ${point.stage + 1} on: ${point.reason}`;
}

/** What is said before a release is sent a way back that is closed, as far as is known. */
function closedWay({ pointsOfNoReturn, stage }: Release): string | undefined {
  const point = pointsOfNoReturn.find((one) => one.stage <= stage);
  return (
    point &&
    t`Its way back is closed since stage ${point.stage + 1}: ${point.reason} Its flags go back; the rest stays.`
  );
}
