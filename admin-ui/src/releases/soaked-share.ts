import type { Release } from '../api/types.ts';
import { isForward } from './phase.ts';

/** As much of a release as tells how far it is. */
export type Soaking = Pick<Release, 'phase' | 'enteredAt' | 'pauses' | 'stages' | 'stage' | 'bakeSeconds'>;

/**
 * How much of the present soak (or of baking) has passed, 0 to 1. It stands still while the release is paused; undefined:
 * nothing is being watched.
 */
export function soakedShare(release: Soaking, nowMs: number): number | undefined {
  const { phase, enteredAt, pauses, stages, stage, bakeSeconds } = release;
  if (!isForward(release) || enteredAt === null) return undefined;
  const seconds = phase === 'baking' ? bakeSeconds : (stages[stage]?.soakSeconds ?? 0);
  if (seconds === 0) return 1;
  const untilMs = Math.min(nowMs, ...pauses.map(({ since }) => Date.parse(since)));
  return Math.min(1, Math.max(0, (untilMs - Date.parse(enteredAt)) / (seconds * 1_000)));
}
