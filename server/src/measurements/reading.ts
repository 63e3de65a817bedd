import { ComparisonCounts, type ComparisonCountText } from './comparison-counts.ts';
import { type Dimension, keyOf, type Labels, pick } from './labels.ts';
import { PathCounts, type PathCountText } from './path-counts.ts';

/** What is to be known of a flag's paths in one environment. */
export interface Query {
  readonly environmentId: string;
  readonly flag: string;
  /** Milliseconds since 1970, UTC, by the origin's clock: what began at `fromMs` or later and before `toMs`. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Length of the steps that are kept apart, aligned to 1970; without it all is one. */
  readonly stepMs?: number | undefined;
  /** What else is kept apart. */
  readonly by: readonly Dimension[];
}

/** What was counted in one step, of what has these labels. */
export interface Measured<C> {
  /** When the step began; of a query without steps, `fromMs`. */
  readonly atMs: number;
  readonly labels: Labels;
  readonly counts: C;
}

export interface Reading {
  readonly paths: readonly Measured<PathCounts>[];
  /** Of a comparison there are no rule and reason. */
  readonly comparisons: readonly Measured<ComparisonCounts>[];
}

/** Adds up what is found by what a query keeps apart. */
export class Sums {
  readonly #query: Pick<Query, 'fromMs' | 'stepMs' | 'by'>;
  readonly #paths = new Map<string, Measured<PathCounts>>();
  readonly #comparisons = new Map<string, Measured<ComparisonCounts>>();

  constructor(query: Pick<Query, 'fromMs' | 'stepMs' | 'by'>) {
    this.#query = query;
  }

  addPath(atMs: number, labels: Labels, counts: PathCountText): void {
    this.#sumOf(this.#paths, atMs, labels, () => new PathCounts()).add(counts);
  }

  addComparison(atMs: number, labels: Labels, counts: ComparisonCountText): void {
    this.#sumOf(this.#comparisons, atMs, labels, () => new ComparisonCounts()).add(counts);
  }

  get reading(): Reading {
    return { paths: [...this.#paths.values()], comparisons: [...this.#comparisons.values()] };
  }

  #sumOf<C>(sums: Map<string, Measured<C>>, foundMs: number, labels: Labels, create: () => C): C {
    const { fromMs, stepMs, by } = this.#query;
    const atMs = stepMs === undefined ? fromMs : Math.floor(foundMs / stepMs) * stepMs;
    const picked = pick(labels, by);
    const key = `${atMs} ${keyOf(picked)}`;
    let sum = sums.get(key);
    if (sum === undefined) {
      sum = { atMs, labels: picked, counts: create() };
      sums.set(key, sum);
    }
    return sum.counts;
  }
}
