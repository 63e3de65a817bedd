import { DurationSketch } from '@bunting/core';
import type { SliceCounts } from './path-counts.ts';
import type { RunningCell, RunningReading } from './running-counts.ts';

/** What was counted of a flag, under some labels, between two looks. */
export interface Increment
  extends Pick<RunningCell, 'environmentId' | 'flag' | 'variant' | 'rule' | 'reason' | 'path' | 'version'> {
  readonly count: number;
  readonly bad: number;
  /** Of the bad, when each subject counts once for each second of an instance. */
  readonly subjects: number;
  /** None unless the flag is measured by slices. */
  readonly slices: readonly SliceCounts[];
  /** How many took longer than this, in microseconds; 0 where durations are not watched. */
  slowerThan(us: number): number;
}

interface Known {
  readonly count: number;
  readonly bad: number;
  readonly subjects: number;
  readonly slices: ReadonlyMap<number, readonly [count: number, bad: number]>;
  readonly durations: DurationSketch | undefined;
}

const NOTHING: Known = { count: 0, bad: 0, subjects: 0, slices: new Map(), durations: undefined };

/** After so many readings everything is asked for: what is not there any more is forgotten. */
const ALL_EVERY = 600;

/** Turns one server's running counts into what came since the last reading of them. */
export class Increments {
  #known = new Map<number, Known>();
  #upTo = 0;
  #readings = 0;
  #isFirst: boolean;

  /**
   * @param hasCountedBefore true: what the first reading says was there before anyone asked, and is where it begins; else
   *   it all is news
   */
  constructor(hasCountedBefore: boolean) {
    this.#isFirst = hasCountedBefore;
  }

  /** What to ask the server for. */
  get upTo(): number {
    return this.#readings % ALL_EVERY === 0 ? 0 : this.#upTo;
  }

  take({ upTo, cells }: RunningReading): Increment[] {
    const increments: Increment[] = [];
    const isAll = this.upTo === 0;
    for (const cell of cells) {
      const before = this.#known.get(cell.id) ?? NOTHING;
      const after = toKnown(cell);
      this.#known.set(cell.id, after);
      if (!this.#isFirst && after.count > before.count && after.bad >= before.bad) {
        increments.push(subtract(cell, after, before));
      }
    }
    if (isAll) this.#known = new Map(cells.flatMap(({ id }) => [[id, this.#known.get(id) ?? NOTHING] as const]));
    this.#readings += 1;
    this.#isFirst = false;
    this.#upTo = upTo;
    return increments;
  }
}

function toKnown({ count, bad, subjects = bad, slices = [], durations }: RunningCell): Known {
  const bySlice = new Map<number, readonly [number, number]>();
  for (let at = 0; at < slices.length; at += 3)
    bySlice.set(slices[at] ?? 0, [slices[at + 1] ?? 0, slices[at + 2] ?? 0]);
  return { count, bad, subjects, slices: bySlice, durations: DurationSketch.decode(durations) };
}

function subtract(cell: RunningCell, after: Known, before: Known): Increment {
  const { environmentId, flag, variant, rule, reason, path, version } = cell;
  const bad = Math.min(after.bad - before.bad, after.count - before.count);
  return {
    ...{ environmentId, flag, variant, rule, reason, path, version },
    count: after.count - before.count,
    bad,
    subjects: Math.min(bad, Math.max(0, after.subjects - before.subjects)),
    slices: [...after.slices].flatMap(([slice, [count, errors]]) => {
      const [oldCount, oldErrors] = before.slices.get(slice) ?? [0, 0];
      return count > oldCount ? [{ slice, count: count - oldCount, errors: Math.max(0, errors - oldErrors) }] : [];
    }),
    slowerThan: (us) => (after.durations?.countAbove(us) ?? 0) - (before.durations?.countAbove(us) ?? 0),
  };
}
