import { SLICES } from './window.ts';

/** What was bad so long ago, by the time that was watched, may be bad anew. In milliseconds. */
const LATELY_MS = 60_000;
const NEVER_MS = -LATELY_MS;

/** Of each slice of the candidate: the end of the step in which it was bad last, by the time that was watched. */
export type LastBad = readonly number[];

export const NEVER_BAD: LastBad = new Array<number>(SLICES).fill(NEVER_MS);

/** A subject who keeps failing keeps its slice bad: only what was not bad lately is news. */
export function isFresh(lastBad: LastBad, slice: number, beganMs: number): boolean {
  return (lastBad[slice] ?? NEVER_MS) <= beganMs - LATELY_MS;
}

/** @param isBad what was bad in the step that ended now */
export function noteBad(lastBad: LastBad, isBad: (slice: number) => boolean, endedMs: number): LastBad {
  return lastBad.map((atMs, slice) => (isBad(slice) ? endedMs : atMs));
}

export function countBadLately(lastBad: LastBad, nowMs: number): number {
  return lastBad.filter((_, slice) => !isFresh(lastBad, slice, nowMs)).length;
}
