import type { ComparisonCount, Evaluation, PathCount, PathName, Subjects } from '@bunting/core';
import type { Choice } from './choice.ts';
import { type Ending, PathCell } from './path-cell.ts';
import { ToldSubjects } from './told-subjects.ts';

/** How two results compared. */
export type Comparison = 'alike' | 'different' | 'skipped';
type ComparedPath = ComparisonCount['path'];

/** Where measurements go. Never throws. */
export interface PathSink {
  record(path: PathName, choice: Choice, ending: Ending, durationMs: number): void;
  compare(path: ComparedPath, choice: Choice, result: Comparison): void;
  /** Someone is served this: said when it is chosen, as what hangs or kills the process was served, too. */
  expose(path: PathName, choice: Choice): void;
}

/** What is counted apart in one window, at most: some 3 MB. The rest is only counted as dropped. */
const MAX_CELLS = 1000;

/** No flag has a longer key: what has is something else, which the server need not know. */
const MAX_KEY_LENGTH = 100;

/** Of one message's counts; a server takes no message of more than 256 KiB. */
const MAX_BATCH_BYTES = 140 * 1024;

/** Outcomes are objects that all evaluations share which ended alike; a default is told apart by its flag's key. */
type CellId = Evaluation | string;

/** A part of what a window holds, small enough for one message. */
export interface Batch {
  readonly paths: readonly PathCount[];
  readonly comparisons: readonly ComparisonCount[];
}

/** One count as it travels. */
type Entry = { readonly forget: () => void } & (
  | { readonly path: PathCount }
  | { readonly comparison: ComparisonCount }
);

/** Whom each outcome is about: a flag's document is not looked at again for each window. */
const SUBJECTS = new WeakMap<Evaluation, Subjects>();

/** What was measured since the window began. */
export class PathWindow implements PathSink {
  readonly #paths = new Map<PathName, Map<CellId, PathCell>>();
  readonly #comparisons = new Map<
    ComparedPath,
    Map<CellId, { -readonly [F in keyof ComparisonCount]: ComparisonCount[F] }>
  >();
  readonly #told = new ToldSubjects();
  #cellCount = 0;
  /** Measurements that found no room, or that an earlier window could not get rid of. */
  dropped = 0;

  get isEmpty(): boolean {
    return this.#cellCount === 0;
  }

  record(path: PathName, choice: Choice, ending: Ending, durationMs: number): void {
    this.#cellOf(path, choice)?.record(ending, durationMs, choice.context);
  }

  expose(path: PathName, choice: Choice): void {
    // Nothing else can have first exposures: most flags are told from the few that do without looking any further.
    if (!choice.isServed || choice.evaluation?.reason !== 'SPLIT') return;
    const subjects = subjectsOf(choice);
    if (subjects?.firsts === undefined) return;
    const subject = subjects.read(choice.context);
    if (subject === undefined) return;
    const hash = subjects.firsts.hash(subject);
    if (this.#told.add(choice.key, hash)) this.#cellOf(path, choice)?.noteFirst(hash);
  }

  compare(path: ComparedPath, choice: Choice, result: Comparison): void {
    const id = idOf(choice);
    let count = this.#comparisons.get(path)?.get(id);
    if (count === undefined) {
      if (!this.#takeRoom(choice.key)) return;
      const { flag, variant } = nameOf(choice);
      count = { flag, variant, path, compared: 0, mismatched: 0, skipped: 0 };
      tableOf(this.#comparisons, path).set(id, count);
    }
    if (result === 'skipped') count.skipped++;
    else count.compared++;
    if (result === 'different') count.mismatched++;
  }

  /** All that it holds. */
  read(): Batch {
    return toBatch([...this.#entries()]);
  }

  /**
   * Hands over what it holds, part by part, and forgets what was taken.
   * @param take answers false when it could not take a part: the rest stays
   * @returns whether all was taken
   */
  drain(take: (batch: Batch) => boolean): boolean {
    this.#told.renew();
    let part: Entry[] = [];
    let bytes = 0;
    const handOver = () => {
      if (part.length > 0 && !take(toBatch(part))) return false;
      for (const { forget } of part) forget();
      part = [];
      bytes = 0;
      return true;
    };
    for (const entry of this.#entries()) {
      const size = bytesOf(entry);
      if (bytes + size > MAX_BATCH_BYTES && !handOver()) return false;
      part.push(entry);
      bytes += size;
    }
    return handOver();
  }

  clear(): void {
    this.#paths.clear();
    this.#comparisons.clear();
    this.#cellCount = 0;
    this.dropped = 0;
  }

  *#entries(): Iterable<Entry> {
    for (const table of this.#paths.values()) {
      for (const [id, cell] of table) {
        // Before the count, with which the cell is forgotten: they may come twice.
        for (const path of cell.toFirsts()) yield { path, forget: () => {} };
        yield { path: cell.toCount(), forget: () => this.#forget(table, id) };
      }
    }
    for (const table of this.#comparisons.values()) {
      for (const [id, count] of table) yield { comparison: { ...count }, forget: () => this.#forget(table, id) };
    }
  }

  /** Undefined: there is no room for another one. */
  #cellOf(path: PathName, choice: Choice): PathCell | undefined {
    const id = idOf(choice);
    const known = this.#paths.get(path)?.get(id);
    if (known !== undefined || !this.#takeRoom(choice.key)) return known;
    const cell = new PathCell({ ...nameOf(choice), path }, subjectsOf(choice));
    tableOf(this.#paths, path).set(id, cell);
    return cell;
  }

  #forget(table: Map<CellId, unknown>, id: CellId): void {
    table.delete(id);
    this.#cellCount--;
  }

  #takeRoom(key: unknown): boolean {
    const hasRoom = typeof key === 'string' && key.length <= MAX_KEY_LENGTH && this.#cellCount < MAX_CELLS;
    if (hasRoom) this.#cellCount++;
    else this.dropped++;
    return hasRoom;
  }
}

function tableOf<N, C>(tables: Map<N, Map<CellId, C>>, name: N): Map<CellId, C> {
  const table = tables.get(name) ?? new Map<CellId, C>();
  tables.set(name, table);
  return table;
}

function toBatch(entries: readonly Entry[]): Batch {
  return {
    paths: entries.flatMap((entry) => ('path' in entry ? [entry.path] : [])),
    comparisons: entries.flatMap((entry) => ('comparison' in entry ? [entry.comparison] : [])),
  };
}

/** About what its JSON takes, at least 3/5 of it whatever the names are: writing it twice would cost the host more. */
function bytesOf(entry: Entry): number {
  if ('comparison' in entry) return 200 + 3 * (entry.comparison.flag.length + entry.comparison.variant.length);
  const { flag, variant, ruleId = '', durations = '', failing = '', slices = [], firsts } = entry.path;
  const names = flag.length + variant.length + ruleId.length;
  return 250 + 3 * names + durations.length + failing.length + 5 * slices.length + 11 * (firsts?.hashes.length ?? 0);
}

function idOf({ isServed, evaluation, key }: Choice): CellId {
  return isServed && evaluation !== undefined ? evaluation : key;
}

function nameOf({
  key: flag,
  isServed,
  evaluation,
}: Choice): Pick<PathCount, 'flag' | 'variant' | 'reason' | 'ruleId'> {
  if (!isServed || evaluation === undefined) return { flag, variant: '', reason: 'ERROR' };
  const { variant = '', reason, metadata } = evaluation;
  return { flag, variant, reason, ...(typeof metadata.ruleId === 'string' && { ruleId: metadata.ruleId }) };
}

function subjectsOf({ key, answers, evaluation }: Choice): Subjects | undefined {
  if (evaluation === undefined) return undefined;
  const subjects = SUBJECTS.get(evaluation) ?? answers?.subjectsOf(key, evaluation);
  if (subjects !== undefined) SUBJECTS.set(evaluation, subjects);
  return subjects;
}
