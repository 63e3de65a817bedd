import { InvalidEvidence } from './invalid-evidence.ts';

/** What one arm did since the last look: increments, not sums since its beginning. */
export interface Arm {
  /** How often it ran. Finite and not negative; need not be whole, as a metrics store extrapolates. */
  readonly count: number;
  /** Of these, how often it was bad: failed, was slow, differed; at most `count`. */
  readonly bad: number;
  /** For how many different subjects it was bad, where that is known; at most `bad`. */
  readonly subjects?: number;
}

/** What an arm did for one of 100 hash slices of the split's subjects. */
export interface SliceArm extends Arm {
  /** 0 to 99. */
  readonly slice: number;
}

/** The same for the two arms that are compared; without a baseline there is nothing to compare with. */
export interface Arms {
  readonly candidate: Arm;
  readonly baseline?: Arm;
}

/**
 * What was counted between two looks. The times say what the counts are about, and how long a stretch that was; no test
 * orders windows by them, so a clock that is set back makes none deaf.
 */
export interface Window extends Arms {
  /** Milliseconds since 1970, UTC. */
  readonly startMs: number;
  readonly endMs: number;
  /** Slices in which nothing ran may be left out; none stands here twice. */
  readonly candidateSlices?: readonly SliceArm[];
  readonly baselineSlices?: readonly SliceArm[];
  /** What took longer than each threshold of a latency test, in its order. */
  readonly slower?: readonly Arms[];
}

/** Slices that subjects fall into; the SDKs hash them. */
export const SLICES = 100;

/** @throws {InvalidEvidence} when a number of it cannot be counted */
export function checkWindow(window: Window): void {
  const { startMs, endMs, candidateSlices, baselineSlices, slower = [] } = window;
  if (!Number.isFinite(startMs) || !Number.isFinite(endMs) || endMs < startMs) {
    throw new InvalidEvidence('a window must end when it starts or later, in finite milliseconds');
  }
  checkArms('', window);
  for (const [at, arms] of slower.entries()) checkArms(`slower[${at}].`, arms);
  checkSlices('candidateSlices', candidateSlices);
  checkSlices('baselineSlices', baselineSlices);
}

function checkArms(where: string, { candidate, baseline }: Arms): void {
  checkArm(`${where}candidate`, candidate);
  if (baseline !== undefined) checkArm(`${where}baseline`, baseline);
}

function checkArm(where: string, { count, bad, subjects = 0 }: Arm): void {
  if (!(count >= 0 && count <= Number.MAX_SAFE_INTEGER)) {
    throw new InvalidEvidence(`${where}.count must be 0 to 2^53, not ${count}`);
  }
  if (!(bad >= 0 && bad <= count)) {
    throw new InvalidEvidence(`${where}.bad must be 0 to count (${count}), not ${bad}`);
  }
  if (!(subjects >= 0 && subjects <= bad)) {
    throw new InvalidEvidence(`${where}.subjects must be 0 to bad (${bad}), not ${subjects}`);
  }
}

function checkSlices(where: string, slices: readonly SliceArm[] = []): void {
  const seen = new Set<number>();
  for (const [at, arm] of slices.entries()) {
    checkArm(`${where}[${at}]`, arm);
    const { slice } = arm;
    if (!(Number.isInteger(slice) && slice >= 0 && slice < SLICES) || seen.has(slice)) {
      throw new InvalidEvidence(`${where}[${at}].slice must be 0 to 99, each once, not ${slice}`);
    }
    seen.add(slice);
  }
}
