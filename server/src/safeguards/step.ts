import type { Arm, SliceArm, Window } from '../evidence/window.ts';

/**
 * How often something ran, how often that was bad and, where that is known, for how many subjects: each counts once for a
 * second and an instance.
 */
export type Pair = readonly [count: number, bad: number, subjects?: number];

/** What was counted of the two arms, or of one alone, in a stretch of time: as it is kept, stored and judged. */
export interface Step {
  /** Milliseconds since 1970, UTC. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly candidate: Pair;
  /** Absent: there was nothing to compare with. */
  readonly baseline?: Pair;
  /** Triples of slice, count and bad, ascending. */
  readonly candidateSlices?: readonly number[];
  readonly baselineSlices?: readonly number[];
  /** For each threshold of a latency test, candidate and baseline. */
  readonly slower?: readonly (readonly [candidate: Pair, baseline: Pair])[];
}

/** A step as the tests take it. */
export function toWindow({ fromMs, toMs, candidate, baseline, candidateSlices, baselineSlices, slower }: Step): Window {
  return {
    ...{ startMs: fromMs, endMs: toMs, candidate: toArm(candidate) },
    ...(baseline === undefined ? {} : { baseline: toArm(baseline) }),
    ...(candidateSlices === undefined ? {} : { candidateSlices: toSliceArms(candidateSlices) }),
    ...(baselineSlices === undefined ? {} : { baselineSlices: toSliceArms(baselineSlices) }),
    ...(slower === undefined
      ? {}
      : { slower: slower.map(([arm, other]) => ({ candidate: toArm(arm), baseline: toArm(other) })) }),
  };
}

/** Two steps as one. What one of them does not have apart is not there apart. */
export function mergeSteps(a: Step, b: Step): Step {
  const candidateSlices = addSlices(a.candidateSlices, b.candidateSlices);
  const baselineSlices = addSlices(a.baselineSlices, b.baselineSlices);
  return {
    fromMs: Math.min(a.fromMs, b.fromMs),
    toMs: Math.max(a.toMs, b.toMs),
    candidate: addPairs(a.candidate, b.candidate),
    ...(a.baseline === undefined || b.baseline === undefined ? {} : { baseline: addPairs(a.baseline, b.baseline) }),
    ...(candidateSlices === undefined || baselineSlices === undefined ? {} : { candidateSlices, baselineSlices }),
    ...(a.slower === undefined || b.slower === undefined ? {} : { slower: addSlower(a.slower, b.slower) }),
  };
}

/** How many numbers it holds: what it takes to keep. */
export function sizeOf({ candidateSlices = [], baselineSlices = [], slower = [] }: Step): number {
  return 8 + candidateSlices.length + baselineSlices.length + 4 * slower.length;
}

export function addPairs(a: Pair, b: Pair): Pair {
  const [count, bad] = [a[0] + b[0], a[1] + b[1]];
  if (a[2] === undefined && b[2] === undefined) return [count, bad];
  return [count, bad, (a[2] ?? a[1]) + (b[2] ?? b[1])];
}

function addSlices(left: readonly number[] | undefined, right: readonly number[] | undefined): number[] | undefined {
  if (left === undefined || right === undefined) return undefined;
  const sums = new Map<number, Pair>();
  for (const { slice, count, bad } of [...toSliceArms(left), ...toSliceArms(right)]) {
    sums.set(slice, addPairs(sums.get(slice) ?? [0, 0], [count, bad]));
  }
  return toTriples(sums);
}

/** By slice, ascending. */
export function toTriples(bySlice: ReadonlyMap<number, Pair>): number[] {
  return [...bySlice].sort(([a], [b]) => a - b).flatMap(([slice, [count, bad]]) => [slice, count, bad]);
}

function addSlower(a: NonNullable<Step['slower']>, b: NonNullable<Step['slower']>) {
  return a.map(([candidate, baseline], at): readonly [Pair, Pair] => {
    const [otherCandidate, otherBaseline] = b[at] ?? [
      [0, 0],
      [0, 0],
    ];
    return [addPairs(candidate, otherCandidate), addPairs(baseline, otherBaseline)];
  });
}

function toArm([count, bad, subjects]: Pair): Arm {
  return { count, bad, ...(subjects === undefined ? {} : { subjects }) };
}

function toSliceArms(triples: readonly number[]): SliceArm[] {
  return Array.from({ length: triples.length / 3 }, (_, at) => ({
    slice: triples[3 * at] ?? 0,
    count: triples[3 * at + 1] ?? 0,
    bad: triples[3 * at + 2] ?? 0,
  }));
}
