import { useSyncExternalStore } from 'react';

/** How this page stands with the server. */
export interface Standing {
  /** Since when nothing comes from the server, ms since 1970, UTC; undefined: it answers. */
  readonly lostSinceMs: number | undefined;
  /** The session has ended, and whoever it was has not signed in again yet. */
  readonly isEnded: boolean;
}

/** One call that fails is no loss yet: what is said for less than this was said by the call itself. */
const graceMs = 1_000;

const fine: Standing = { lostSinceMs: undefined, isEnded: false };
let standing = fine;
let losing: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

/** A call, or the browser, found no server. @param isSure without waiting whether another call finds it */
export function noteSilence({ isSure = false } = {}): void {
  const sinceMs = standing.lostSinceMs ?? Date.now();
  const lose = () => change({ ...standing, lostSinceMs: sinceMs });
  if (standing.lostSinceMs !== undefined) return;
  if (isSure) lose();
  else losing ??= setTimeout(lose, graceMs);
}

/** The server was heard. @returns whether it was lost before: then what is on the page is old */
export function noteAnswer(): boolean {
  clearTimeout(losing);
  losing = undefined;
  if (standing.lostSinceMs === undefined) return false;
  change({ ...standing, lostSinceMs: undefined });
  return true;
}

export function noteSession({ isEnded }: Pick<Standing, 'isEnded'>): void {
  if (standing.isEnded !== isEnded) change({ ...standing, isEnded });
}

export function readStanding(): Standing {
  return standing;
}

export function useStanding(): Standing {
  return useSyncExternalStore(subscribe, readStanding);
}

function change(next: Standing): void {
  standing = next;
  for (const tell of listeners) tell();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
