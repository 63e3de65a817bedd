import { BACKWARD, FORWARD, type Phase } from '../releases/phase.ts';

/** In the words of gates: go on, wait, go back. */
export type Verdict = 'successful' | 'inconclusive' | 'failed';

/** What someone else's controller may take from a release. */
export interface Standing {
  readonly verdict: Verdict;
  /** For people: a sentence. */
  readonly reason: string;
  /** The share of the candidate that the release wants, in 1/100 000; undefined: it wants nothing now. */
  readonly wantsPer100k: number | undefined;
}

/** What is looked at of a release. */
export interface Watched {
  readonly title: string;
  readonly phase: Phase;
  /** Why it does not go forward, in sentences; none: it does. */
  readonly pauses: readonly string[];
  /** The last thing that was decided about it. */
  readonly decision: string | undefined;
  /** A flag of it that is killed. */
  readonly killed: string | undefined;
  readonly wantsPer100k: number | undefined;
  readonly endedAtMs: number | undefined;
}

/**
 * For how long after its end a release that came back still says so. Controllers ask once in their interval, which is a
 * minute or so, and a release without traffic is back in a second; what is deployed later must not be told of it.
 */
export const ECHO_MS = 10 * 60_000;

/** @param what for people, such as `flag "checkout"` @param release undefined: there is none */
export function standingOf(what: string, release: Watched | undefined, nowMs: number): Standing {
  if (release === undefined) {
    const reason = `No release of ${what} is under way: start one.`;
    return { verdict: 'inconclusive', reason, wantsPer100k: undefined };
  }
  const { title, phase, pauses, killed, decision = '', endedAtMs = 0, wantsPer100k } = release;
  const say = (verdict: Verdict, reason: string): Standing => ({ verdict, reason, wantsPer100k });
  const name = `Release "${title}"`;
  if (BACKWARD.includes(phase)) return say('failed', `${name} goes back: ${decision}`);
  if (phase === 'aborted' || phase === 'rolled_back') {
    if (nowMs - endedAtMs <= ECHO_MS) return say('failed', `${name} came back: ${decision}`);
    return say('inconclusive', `${name} came back some time ago: start another one.`);
  }
  if (phase === 'succeeded') return say('successful', `${name} has succeeded.`);
  if (!FORWARD.includes(phase)) return say('inconclusive', `${name} is ${phase}.`);
  if (killed !== undefined) return say('failed', `Flag "${killed}" of release "${title}" is killed.`);
  if (pauses.length > 0) return say('inconclusive', `${name} is paused. ${pauses.join(' ')}`);
  return say('successful', `${name} goes forward.`);
}
