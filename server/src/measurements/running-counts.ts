import type { ComparisonCount, PathCount } from '@bunting/core';
import type { Labels } from './labels.ts';
import { PathCounts } from './path-counts.ts';
import { sketchesOf } from './window.ts';

/** Which flags are counted, by environment. */
export interface Watched {
  /** Keys of flags; `all` for every flag of the environment. */
  readonly flags: ReadonlySet<string> | 'all';
  /** Of these durations are kept, too: `all` or keys. */
  readonly timed: ReadonlySet<string> | 'all';
  /** Of these first exposures are counted, too: `all` or keys. */
  readonly sampled: ReadonlySet<string> | 'all';
}

/** What was counted of a flag under some labels since this server began to: it only grows. */
export interface RunningCell {
  /** No two cells of a process have the same: a flag that is counted anew has new cells. */
  readonly id: number;
  readonly environmentId: string;
  readonly flag: string;
  readonly variant: string;
  /** Empty: the default rule, or none. */
  readonly rule: string;
  /** Empty for comparisons, which are not told apart by it. */
  readonly reason: string;
  /** Of a path, or of a comparison: `read` and `shadow`. */
  readonly path: string;
  readonly version: string;
  readonly count: number;
  /** Failed, was not done by its deadline, or (comparisons) differed. */
  readonly bad: number;
  /** Of these, how many when each subject counts once for each window of an instance; older servers do not say. */
  readonly subjects?: number;
  /** Triples of slice (0 to 99), count and errors; of flags that are measured by slices. */
  readonly slices?: readonly number[];
  /** An encoded `DurationSketch`; of flags whose durations are watched. */
  readonly durations?: string;
}

/** The cells that changed since a reader looked last. */
export interface RunningReading {
  /** What to ask for next time. */
  readonly upTo: number;
  readonly cells: readonly RunningCell[];
}

/** So many cells at most: 60 MB if all are measured by slices. */
const MAX_CELLS = 20_000;
const MAX_OF_FLAG = 200;

interface Cell {
  readonly id: number;
  readonly name: Pick<RunningCell, 'environmentId' | 'flag' | 'variant' | 'rule' | 'reason' | 'path' | 'version'>;
  readonly counts: PathCounts;
  subjects: number;
  /** When it changed last, in changes of this server's cells. */
  changedAt: number;
}

/**
 * Counts that only grow, of the flags that safeguards watch. Whoever reads them, on this server or another one, takes what
 * was added since their last look, whenever it came: so nothing that is late or asked for twice is lost or counted twice.
 */
export class RunningCounts {
  #watched: ReadonlyMap<string, Watched> = new Map();
  /** By environment and flag, then by labels: what changed last is last. */
  readonly #cells = new Map<string, Map<string, Cell>>();
  #size = 0;
  #changes = 0;
  #lastId = 0;

  /** Counts these flags from now on, and forgets all others. @param watched by id of the environment */
  watch(watched: ReadonlyMap<string, Watched>): void {
    this.#watched = watched;
    for (const [place, cells] of this.#cells) {
      const [environmentId = '', flag = ''] = place.split(' ');
      if (has(watched.get(environmentId)?.flags, flag)) continue;
      this.#cells.delete(place);
      this.#size -= cells.size;
    }
  }

  /** The keys of the flags of an environment of which anything was counted. */
  flagsOf(environmentId: string): string[] {
    const prefix = `${environmentId} `;
    return [...this.#cells.keys()].flatMap((place) => (place.startsWith(prefix) ? [place.slice(prefix.length)] : []));
  }

  addPath(environmentId: string, labels: Labels, counted: PathCount): void {
    const watched = this.#watched.get(environmentId);
    if (watched === undefined || !has(watched.flags, counted.flag)) return;
    const { failing, durations, ...counts } = counted;
    const isTimed = durations !== undefined && has(watched.timed, counted.flag);
    const cell = this.#cellOf(environmentId, counted.flag, labels);
    if (cell === undefined) return;
    cell.counts.add(isTimed ? { ...counts, durations } : counts);
    cell.subjects += subjectsOf(counted);
  }

  addComparison(environmentId: string, labels: Labels, { flag, compared, mismatched }: ComparisonCount): void {
    if (!has(this.#watched.get(environmentId)?.flags, flag)) return;
    const cell = this.#cellOf(environmentId, flag, labels);
    if (cell === undefined) return;
    cell.counts.add({ count: compared, errors: mismatched });
    cell.subjects += mismatched;
  }

  /** What changed after `upTo` of an earlier reading; 0: everything. */
  since(upTo: number): RunningReading {
    const cells: RunningCell[] = [];
    for (const ofFlag of this.#cells.values()) {
      for (const cell of ofFlag.values()) if (cell.changedAt > upTo) cells.push(show(cell));
    }
    return { upTo: this.#changes, cells };
  }

  /**
   * Where there is no room, what has not changed for longest makes it, such as a version of the deploy that is gone. Undefined
   * where there is none even so: what is not counted convicts nobody.
   */
  #cellOf(environmentId: string, flag: string, labels: Labels): Cell | undefined {
    const place = `${environmentId} ${flag}`;
    const ofFlag = this.#cells.get(place) ?? new Map<string, Cell>();
    const { variant = '', rule = '', reason = '', path = '', version = '' } = labels;
    const key = [variant, rule, reason, path, version].join('\0');
    let cell = ofFlag.get(key);
    if (cell === undefined) {
      if (ofFlag.size >= MAX_OF_FLAG || this.#size >= MAX_CELLS) {
        const [oldest] = ofFlag.keys();
        if (oldest === undefined) return undefined;
        ofFlag.delete(oldest);
        this.#size -= 1;
      }
      const name = { environmentId, flag, variant, rule, reason, path, version };
      cell = { id: ++this.#lastId, name, counts: new PathCounts(), subjects: 0, changedAt: 0 };
      this.#cells.set(place, ofFlag);
      this.#size += 1;
    }
    ofFlag.delete(key);
    ofFlag.set(key, cell);
    cell.changedAt = ++this.#changes;
    return cell;
  }
}

function has(names: ReadonlySet<string> | 'all' | undefined, name: string): boolean {
  return names === 'all' || names?.has(name) === true;
}

/** Whom it was bad for, as far as that is known: of who has no subject, and of timeouts, each counts. */
function subjectsOf(counted: PathCount): number {
  const { errors, timeouts = 0 } = counted;
  const known = sketchesOf(counted).failing?.estimate();
  return timeouts + Math.min(errors, Math.max(1, Math.round(known ?? errors)));
}

function show({ id, name, counts, subjects }: Cell): RunningCell {
  const { count, errors, timeouts = 0, slices, durations } = counts.toText();
  return {
    ...{ id, ...name, count, bad: errors + timeouts, subjects },
    ...(slices === undefined ? {} : { slices }),
    ...(durations === undefined ? {} : { durations }),
  };
}
