import type { Environment, Release } from '../../api/types.ts';
import { describeExposure } from '../../releases/describe-exposure.ts';
import type { ReleaseAct } from './offered-acts.ts';

/** How a person is asked before a release does something. */
export interface ActQuestion {
  /** Of the button, and of the one that confirms. */
  readonly label: string;
  /** What will happen, and to whom. */
  readonly text: string;
  readonly done: string;
  readonly look: 'primary' | 'danger';
  readonly needs?: 'reason' | 'moment' | 'weight';
}

export function actQuestion(act: ReleaseAct, release: Release, environment: Pick<Environment, 'name'>): ActQuestion {
  const { stages, stage, flags } = release;
  const here = stages[stage];
  const next = stages[stage + 1];
  const names = flags.map(({ flag }) => flag).join(', ');
  const first = stages[0] ? describeExposure(stages[0]) : 'The first share';
  switch (act) {
    case 'start':
      return {
        label: 'Start',
        text: `${first} of ${environment.name} gets the new variant of ${names} as soon as everything has been looked at.`,
        ...{ done: 'is started', look: 'primary' },
      };
    case 'schedule':
      return {
        label: 'Schedule',
        text: 'It starts by itself at this time, by your clock.',
        ...{ done: 'is scheduled', look: 'primary', needs: 'moment' },
      };
    case 'cancel':
      return {
        label: 'Cancel release',
        text: 'It has not begun, so nobody notices. A cancelled release cannot be taken up again.',
        ...{ done: 'is cancelled', look: 'danger' },
      };
    case 'approve':
      return {
        label: 'Approve',
        text:
          release.phase === 'progressing'
            ? `You say that stage ${stage + 1} (${here ? describeExposure(here) : ''}) is well, and that the next one may begin.`
            : 'You say that this release may begin as it stands. It cannot be changed afterwards.',
        ...{ done: 'is approved by you', look: 'primary' },
      };
    case 'pause':
      return {
        label: 'Pause',
        text: 'Nobody is moved: who has the new variant keeps it, and nobody else gets it until it is resumed.',
        ...{ done: 'is paused', look: 'primary', needs: 'reason' },
      };
    case 'resume':
      return {
        label: 'Resume',
        text: 'Every reason to stand still is lifted. What someone else set on its flags meanwhile is taken over.',
        ...{ done: 'goes on', look: 'primary' },
      };
    case 'promote':
      return {
        label: 'Promote',
        text: `It does not wait for the rest of stage ${stage + 1}: ${next ? describeExposure(next) : '100%'} of ${environment.name} gets the new variant now.`,
        ...{ done: 'is promoted', look: 'primary' },
      };
    case 'promote_fully':
      return {
        label: 'Promote fully',
        text: `All further stages are left out: everyone in ${environment.name} gets the new variant now.`,
        ...{ done: 'is promoted fully', look: 'danger' },
      };
    case 'set_weight':
      return {
        label: 'Set share',
        text: 'This share gets the new variant, and the release stays there, paused, until it is resumed.',
        ...{ done: 'has its share set', look: 'primary', needs: 'weight' },
      };
    case 'abort':
    case 'rollback':
      return {
        label: act === 'abort' ? 'Abort' : 'Roll back',
        text: `Everyone in ${environment.name} gets the former variant of ${names} again, at once.`,
        ...{ done: act === 'abort' ? 'is being aborted' : 'is being rolled back', look: 'danger', needs: 'reason' },
      };
    case 'unblock':
      return {
        label: 'Try the way back again',
        text: 'It looks again whether the migration lets it go back, and goes back where it does.',
        ...{ done: 'tries again', look: 'primary' },
      };
    case 'accept':
      return {
        label: 'Accept what is out',
        text: 'What is out stays as it is, and the release ends. Its traffic and its migration are free for another one.',
        ...{ done: 'is accepted as it is', look: 'danger' },
      };
    case 'retry':
      return {
        label: 'Try again',
        text: `It begins anew from its first stage, ${first}, as attempt ${release.attempt + 1}.`,
        ...{ done: 'begins anew', look: 'primary' },
      };
  }
}
