import { BUCKET_COUNT } from '@bunting/core';
import type { Standing } from './standing.ts';

/** The eight webhooks of Flagger (https://docs.flagger.app/usage/webhooks). A status of 200 to 202 is a yes. */
export const HOOKS = [
  'confirm-rollout',
  'pre-rollout',
  'rollout',
  'confirm-traffic-increase',
  'confirm-promotion',
  'post-rollout',
  'rollback',
  'event',
] as const;
export type Hook = (typeof HOOKS)[number];

/** What Flagger is told: yes or no, and why. */
export interface Answer {
  readonly isYes: boolean;
  readonly reason: string;
}

/**
 * What a hook is answered. Flagger waits for a `confirm-` hook as long as it takes, but counts a no of `pre-rollout` and
 * `rollout` as a failed check and rolls back after some: these say no only where it is to go back.
 * @param weightPer100k the share that the canary has now, in 1/100 000; undefined: nobody can tell
 */
export function answerHook(
  hook: Hook,
  { verdict, reason, wantsPer100k }: Standing,
  weightPer100k: number | undefined,
): Answer {
  const isGo = verdict === 'successful';
  const say = (isYes: boolean, why = reason): Answer => ({ isYes, reason: why });
  /** What has succeeded wants nothing any more: it may be everywhere. */
  const share = wantsPer100k ?? BUCKET_COUNT;
  switch (hook) {
    case 'confirm-rollout':
      // A deploy that begins needs a release of its own.
      return isGo && wantsPer100k === undefined ? say(false, `${reason} Start another one.`) : say(isGo);
    case 'confirm-traffic-increase': {
      const hasAll = share < BUCKET_COUNT && weightPer100k !== undefined && weightPer100k >= share;
      if (!isGo || !hasAll) return say(isGo);
      return say(false, `The release wants ${percent(share)} now, and the canary has ${percent(weightPer100k)}.`);
    }
    case 'confirm-promotion':
      if (!isGo || share === BUCKET_COUNT) return say(isGo);
      return say(false, `The release wants ${percent(share)} now: it is not to be promoted yet.`);
    case 'pre-rollout':
    case 'rollout':
      return say(verdict !== 'failed');
    case 'rollback':
      return say(verdict === 'failed');
    case 'post-rollout':
    case 'event':
      return say(true, 'Taken note of.');
  }
}

function percent(per100k: number): string {
  return `${per100k / 1000} %`;
}
