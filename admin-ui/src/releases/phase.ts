import type { Release, ReleasePhase } from '../api/types.ts';

/** What a phase is called, and what it means, for people. */
export const phaseWords: Readonly<Record<ReleasePhase, { readonly name: string; readonly means: string }>> = {
  draft: { name: 'draft', means: 'Nothing has begun. Nobody is exposed.' },
  scheduled: { name: 'scheduled', means: 'It starts by itself at its time. Nobody is exposed yet.' },
  preflight: { name: 'preflight', means: 'It looks whether everything is as it must be before anyone is exposed.' },
  progressing: { name: 'in progress', means: 'It goes through its stages.' },
  promoting: { name: 'promoting', means: 'Everyone is being given the candidate.' },
  baking: { name: 'baking', means: 'Everyone has the candidate; it is watched for a while longer.' },
  succeeded: { name: 'succeeded', means: 'Everyone has the candidate, and nothing spoke against it.' },
  aborting: { name: 'aborting', means: 'It is on its way back to baseline, and goes on trying until it is there.' },
  rolling_back: {
    name: 'rolling back',
    means: 'It is on its way back to baseline, and goes on trying until it is there.',
  },
  aborted: { name: 'aborted', means: 'Everyone is back at baseline.' },
  rolled_back: { name: 'rolled back', means: 'Everyone is back at baseline. This is its end.' },
  blocked: {
    name: 'blocked',
    means: 'A migration has closed its way back. What is out stays until a person says how to go on.',
  },
  superseded: {
    name: 'superseded',
    means: 'It was left as it was: to a newer release, or by a person. This is its end.',
  },
  failed: { name: 'failed', means: 'It could not begin. Nobody was ever exposed.' },
  cancelled: { name: 'cancelled', means: 'It was called off before it began. This is its end.' },
};

export const phases = Object.keys(phaseWords) as readonly ReleasePhase[];

const moving: readonly ReleasePhase[] = ['preflight', 'progressing', 'promoting', 'baking', 'aborting', 'rolling_back'];

/** Something happens in it by itself: it is to be asked for often. */
export function isMoving({ phase }: Pick<Release, 'phase'>): boolean {
  return moving.includes(phase);
}

/** It leads forward, and can be paused. */
export function isForward({ phase }: Pick<Release, 'phase'>): boolean {
  return phase === 'progressing' || phase === 'promoting' || phase === 'baking';
}

/** What stands for the release in a list: its phase, or that it is held in it. */
export function stateName(release: Pick<Release, 'phase' | 'pauses'>): string {
  const { name } = phaseWords[release.phase];
  return isForward(release) && release.pauses.length > 0 ? `${name}, paused` : name;
}
