import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import type { Release, ReleasePhase } from '../api/types.ts';

/** What a phase is called, and what it means, for people. */
export const phaseWords: Readonly<
  Record<ReleasePhase, { readonly name: MessageDescriptor; readonly means: MessageDescriptor }>
> = {
  draft: { name: msg`draft`, means: msg`Nothing has begun. Nobody is exposed.` },
  scheduled: { name: msg`scheduled`, means: msg`It starts by itself at its time. Nobody is exposed yet.` },
  preflight: {
    name: msg`preflight`,
    means: msg`It looks whether everything is as it must be before anyone is exposed.`,
  },
  progressing: { name: msg`in progress`, means: msg`It goes through its stages.` },
  promoting: { name: msg`promoting`, means: msg`Everyone is being given the candidate.` },
  baking: { name: msg`baking`, means: msg`Everyone has the candidate; it is watched for a while longer.` },
  succeeded: { name: msg`succeeded`, means: msg`Everyone has the candidate, and nothing spoke against it.` },
  aborting: {
    name: msg`aborting`,
    means: msg`It is on its way back to baseline, and goes on trying until it is there.`,
  },
  rolling_back: {
    name: msg`rolling back`,
    means: msg`It is on its way back to baseline, and goes on trying until it is there.`,
  },
  aborted: { name: msg`aborted`, means: msg`Everyone is back at baseline.` },
  rolled_back: { name: msg`rolled back`, means: msg`Everyone is back at baseline. This is its end.` },
  blocked: {
    name: msg`blocked`,
    means: msg`A migration has closed its way back. What is out stays until a person says how to go on.`,
  },
  superseded: {
    name: msg`superseded`,
    means: msg`It was left as it was: to a newer release, or by a person. This is its end.`,
  },
  failed: { name: msg`failed`, means: msg`It could not begin. Nobody was ever exposed.` },
  cancelled: { name: msg`cancelled`, means: msg`It was called off before it began. This is its end.` },
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
  return isForward(release) && release.pauses.length > 0 ? t`${t(name)}, paused` : t(name);
}
