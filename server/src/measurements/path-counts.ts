import { DurationSketch, type PathCount, SubjectSketch } from '@bunting/core';
import { sketchesOf } from './window.ts';

/** What is counted of a path, as it travels. */
export type PathCountText = Pick<PathCount, 'count' | 'errors' | 'timeouts' | 'durations' | 'failing' | 'slices'>;

/** What is counted of a hash slice of a split's subjects. */
export interface SliceCounts {
  /** 0 to 99. */
  readonly slice: number;
  readonly count: number;
  readonly errors: number;
}

const SLICES = 100;

/**
 * What a path did, added up. A sketch is text until a second one is added to it, and again when that has not been for a
 * while (`freeze`): a tenth of its size.
 */
export class PathCounts {
  count = 0;
  errors = 0;
  timeouts = 0;
  #durations: DurationSketch | string | undefined;
  #failing: SubjectSketch | string | undefined;
  /** Count and errors of each slice, in turn; undefined: not counted apart. */
  #slices: Float64Array | undefined;

  /** Adds what was checked. */
  add(path: PathCountText): void {
    const { count, errors, timeouts = 0, durations, failing, slices = [] } = path;
    this.count += count;
    this.errors += errors;
    this.timeouts += timeouts;
    if (this.#durations === undefined) this.#durations = durations;
    else if (durations !== undefined) this.durations.merge(sketchesOf(path).durations ?? new DurationSketch());
    if (this.#failing === undefined) this.#failing = failing;
    else if (failing !== undefined) this.failing.merge(sketchesOf(path).failing ?? new SubjectSketch());
    for (let at = 0; at < slices.length; at += 3) {
      this.#addSlice(slices[at] ?? 0, slices[at + 1] ?? 0, slices[at + 2] ?? 0);
    }
  }

  /** How long they took that ended in time, in microseconds. */
  get durations(): DurationSketch {
    if (typeof this.#durations !== 'object') {
      this.#durations = DurationSketch.decode(this.#durations) ?? new DurationSketch();
    }
    return this.#durations;
  }

  /** Whom it failed for. */
  get failing(): SubjectSketch {
    if (typeof this.#failing !== 'object') {
      this.#failing = SubjectSketch.decode(this.#failing) ?? new SubjectSketch();
    }
    return this.#failing;
  }

  /** Those with any; only of flags that are measured by slices. */
  get slices(): SliceCounts[] {
    const all = this.#slices ?? [];
    return Array.from({ length: all.length / 2 }, (_, slice) => {
      return { slice, count: all[2 * slice] ?? 0, errors: all[2 * slice + 1] ?? 0 };
    }).filter(({ count }) => count > 0);
  }

  get isWarm(): boolean {
    return typeof this.#durations === 'object' || typeof this.#failing === 'object';
  }

  freeze(): void {
    this.#durations = textOf(this.#durations);
    this.#failing = textOf(this.#failing);
  }

  toText(): PathCountText {
    const { count, errors, timeouts } = this;
    const [durations, failing] = [textOf(this.#durations), textOf(this.#failing)];
    return {
      ...{ count, errors, timeouts },
      ...(durations === undefined ? {} : { durations }),
      ...(failing === undefined ? {} : { failing }),
      ...(this.#slices === undefined
        ? {}
        : { slices: this.slices.flatMap(({ slice, count, errors }) => [slice, count, errors]) }),
    };
  }

  #addSlice(slice: number, count: number, errors: number): void {
    this.#slices ??= new Float64Array(2 * SLICES);
    this.#slices[2 * slice] = (this.#slices[2 * slice] ?? 0) + count;
    this.#slices[2 * slice + 1] = (this.#slices[2 * slice + 1] ?? 0) + errors;
  }
}

function textOf(sketch: { encode(): string } | string | undefined): string | undefined {
  return typeof sketch === 'object' ? sketch.encode() : sketch;
}
