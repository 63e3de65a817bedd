import {
  DurationSketch,
  type EvaluationContext,
  MAX_FIRSTS,
  type PathCount,
  SubjectSketch,
  type Subjects,
} from '@bunting/core';

/** How a path's run ended. `late`: it was not done by its deadline. */
export type Ending = 'done' | 'failed' | 'late';

const SLICES = 100;

/** What is counted apart of one path. */
export type CellName = Pick<PathCount, 'flag' | 'variant' | 'reason' | 'ruleId' | 'path'>;

/** What one path did in a window, for those who were served alike. Takes some 3 KB at most, and 15 us to write. */
export class PathCell {
  readonly #name: CellName;
  readonly #subjects: Subjects | undefined;
  readonly #durations = new DurationSketch();
  #failing: SubjectSketch | undefined;
  /** Counts by slice, then errors by slice. */
  #slices: Uint32Array | undefined;
  /** Hashes of subjects that were served this for the first time. */
  readonly #firsts: number[] = [];
  #count = 0;
  #errors = 0;
  #timeouts = 0;

  constructor(name: CellName, subjects: Subjects | undefined) {
    this.#name = name;
    this.#subjects = subjects;
  }

  get count(): number {
    return this.#count;
  }

  record(ending: Ending, durationMs: number, context: EvaluationContext): void {
    this.#count++;
    if (ending === 'late') this.#timeouts++;
    else this.#durations.add(durationMs * 1000);
    const isFailed = ending === 'failed';
    if (isFailed) this.#errors++;
    const sliceOf = this.#subjects?.sliceOf;
    if (!isFailed && sliceOf === undefined) return;
    const subject = this.#subjects?.read(context);
    if (subject === undefined) return;
    if (isFailed) {
      this.#failing ??= new SubjectSketch();
      this.#failing.add(subject);
    }
    if (sliceOf !== undefined) this.#countSlice(sliceOf(subject), isFailed);
  }

  noteFirst(hash: number): void {
    this.#firsts.push(hash);
  }

  /** First exposures, where there are any, in counts of their own: as many as it takes. */
  toFirsts(): PathCount[] {
    const mark = this.#subjects?.firsts?.mark;
    if (mark === undefined) return [];
    return Array.from({ length: Math.ceil(this.#firsts.length / MAX_FIRSTS) }, (_, at) => {
      const hashes = this.#firsts.slice(at * MAX_FIRSTS, (at + 1) * MAX_FIRSTS);
      return { ...this.#name, count: 0, errors: 0, firsts: { mark, hashes } };
    });
  }

  /** As it travels, but for first exposures. */
  toCount(): PathCount {
    return {
      ...this.#name,
      count: this.#count,
      errors: this.#errors,
      ...(this.#timeouts > 0 && { timeouts: this.#timeouts }),
      ...(this.#durations.count > 0 && { durations: this.#durations.encode() }),
      ...(this.#failing !== undefined && { failing: this.#failing.encode() }),
      ...(this.#slices !== undefined && { slices: toTriples(this.#slices) }),
    };
  }

  #countSlice(slice: number, isFailed: boolean): void {
    this.#slices ??= new Uint32Array(2 * SLICES);
    const slices = this.#slices;
    slices[slice] = (slices[slice] ?? 0) + 1;
    if (isFailed) slices[SLICES + slice] = (slices[SLICES + slice] ?? 0) + 1;
  }
}

function toTriples(slices: Uint32Array): number[] {
  const triples: number[] = [];
  for (let slice = 0; slice < SLICES; slice++) {
    const count = slices[slice] ?? 0;
    if (count > 0) triples.push(slice, count, slices[SLICES + slice] ?? 0);
  }
  return triples;
}
