import type { Arms } from '../evidence/window.ts';

/** What was counted of both sides in a stretch, with the natural logarithm of the evidence at its end. */
export type CurvePoint = readonly [
  endMs: number,
  candidate: number,
  candidateBad: number,
  baseline: number,
  baselineBad: number,
  logE: number,
];

/** Even. More say no more on a screen, and they are kept with a decision. */
const MAX_POINTS = 60;

/** A curve with one look more; where it becomes too long, every two of its points become one. */
export function addPoint(
  curve: readonly CurvePoint[],
  endMs: number,
  { candidate, baseline }: Required<Arms>,
  logE = 0,
): readonly CurvePoint[] {
  const rounded = Math.round(logE * 1_000) / 1_000;
  const point: CurvePoint = [endMs, candidate.count, candidate.bad, baseline.count, baseline.bad, rounded];
  return curve.length < MAX_POINTS ? [...curve, point] : [...halve(curve), point];
}

function halve(curve: readonly CurvePoint[]): readonly CurvePoint[] {
  return curve.flatMap((point, at): CurvePoint[] => {
    const before = curve[at - 1];
    if (at % 2 === 0 || before === undefined) return [];
    const [endMs, candidate, candidateBad, baseline, baselineBad, logE] = point;
    const counts = [
      candidate + before[1],
      candidateBad + before[2],
      baseline + before[3],
      baselineBad + before[4],
    ] as const;
    return [[endMs, ...counts, logE]];
  });
}
