import { SLICES, type SliceArm } from './window.ts';

/** Counts of the 100 slices of an arm, by slice. */
export type Cells = {
  readonly counts: readonly number[];
  readonly bads: readonly number[];
};

const EMPTY_CELLS: Cells = { counts: new Array(SLICES).fill(0), bads: new Array(SLICES).fill(0) };

export function addSlices({ counts, bads }: Cells, slices: readonly SliceArm[]): Cells {
  const [newCounts, newBads] = [[...counts], [...bads]];
  for (const { slice, count, bad } of slices) {
    newCounts[slice] = (newCounts[slice] ?? 0) + count;
    newBads[slice] = (newBads[slice] ?? 0) + bad;
  }
  return { counts: newCounts, bads: newBads };
}

/** Both arms in one step. */
export type Step = { readonly candidate: Cells; readonly baseline: Cells };

export const EMPTY_STEP: Step = { candidate: EMPTY_CELLS, baseline: EMPTY_CELLS };

/** Groups of subjects of about the same size, and which of them are among the worst. */
export interface Units {
  readonly candidates: number;
  readonly all: number;
  /** How many of the candidate's, and of all, are among the worst. */
  readonly candidateHits: number;
  readonly hits: number;
}

/** How much smaller the candidate's units may be than the baseline's; larger they never are. */
const GOOD_FIT = 0.08;

/** With so many bad slices a unit is bad, however often they were before. */
const MANY_SLICES = 3;

/**
 * Puts slices of each arm together to units of equal traffic: at a share of 5 % the candidate's slices are 1/19 of the
 * baseline's, and 19 of them are a unit. Then the worst units are found: those above a line that all share, which is 0
 * for rare errors and near the median for frequent ones.
 *
 * A unit of the candidate that is bad by one or two slices which were bad just before is left out of the worst: a
 * subject who keeps failing counts once. That only ever speaks for the candidate.
 * @param isFresh whether a slice of the candidate was not bad just before
 * @returns undefined when there are no units to compare
 */
export function findUnits({ candidate, baseline }: Step, isFresh: (slice: number) => boolean): Units | undefined {
  const widths = describeUnits(sum(candidate.counts), sum(baseline.counts));
  if (widths === undefined) return undefined;
  const ofCandidate = toUnits(candidate.bads, widths.candidateWidth).map((bads, unit) => {
    const badSlices = bads.flatMap((bad, at) => (bad > 0 ? [unit * widths.candidateWidth + at] : []));
    return { bad: sum(bads), isNews: badSlices.length >= MANY_SLICES || badSlices.some(isFresh) };
  });
  const ofBaseline = toUnits(baseline.bads, widths.baselineWidth).map(sum);
  const line = findLine([...ofCandidate.map(({ bad }) => bad), ...ofBaseline]);
  const candidateHits = ofCandidate.filter(({ bad, isNews }) => bad > line && isNews).length;
  return {
    candidates: ofCandidate.length,
    all: ofCandidate.length + ofBaseline.length,
    candidateHits,
    hits: candidateHits + ofBaseline.filter((bad) => bad > line).length,
  };
}

/** How many slices of each arm make a unit. */
interface Widths {
  readonly candidateWidth: number;
  readonly baselineWidth: number;
}

/** How many slices of each arm make a unit: the fewest that fit well, else those that fit best. */
export function describeUnits(candidateTraffic: number, baselineTraffic: number): Widths | undefined {
  if (candidateTraffic === 0 || baselineTraffic === 0) return undefined;
  const ratio = baselineTraffic / candidateTraffic;
  let best: Widths | undefined;
  let bestFit = 0;
  for (let baselineWidth = 1; baselineWidth <= SLICES; baselineWidth++) {
    const candidateWidth = Math.min(SLICES, Math.floor(baselineWidth * ratio));
    const fit = candidateWidth / (baselineWidth * ratio);
    if (fit <= bestFit) continue;
    best = { candidateWidth, baselineWidth };
    bestFit = fit;
    if (fit >= 1 - GOOD_FIT) break;
  }
  return best;
}

/** Whole units only: what is left over is not judged. */
function toUnits(bads: readonly number[], width: number): (readonly number[])[] {
  return Array.from({ length: Math.floor(SLICES / width) }, (_, unit) => bads.slice(unit * width, (unit + 1) * width));
}

/** The line that splits the units most evenly. Which arm a unit is of plays no part in it. */
function findLine(units: readonly number[]): number {
  const sorted = units.toSorted((a, b) => a - b);
  let line = 0;
  let mostEven = 0;
  for (const [at, bad] of sorted.entries()) {
    const next = sorted[at + 1];
    if (next === undefined || next === bad) continue;
    const evenness = (at + 1) * (sorted.length - at - 1);
    if (evenness <= mostEven) continue;
    mostEven = evenness;
    line = bad;
  }
  return line;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
