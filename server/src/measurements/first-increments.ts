import { type FirstCell, type FirstsReading, SeenSubjects } from './first-exposures.ts';
import type { Increment } from './increments.ts';
import type { Watched } from './running-counts.ts';

/** Puts together what all servers say of first exposures: each subject counts once, whoever saw it and told of it first. */
export class FirstIncrements {
  readonly #seen = new SeenSubjects();

  watch(watched: ReadonlyMap<string, Watched>): void {
    this.#seen.watch(watched);
  }

  /** @param isNews false: it was there before anyone asked, and only does not count again */
  take({ cells }: FirstsReading, isNews: boolean): Increment[] {
    return cells.flatMap(({ hashes, ...cell }) => {
      const { length } = this.#seen.add(cell, hashes);
      return isNews && length > 0 ? [toIncrement(cell, length)] : [];
    });
  }
}

/** The path under which first exposures by one state of a split stand. */
export function firstPath(mark: number): string {
  return `first:${mark}`;
}

function toIncrement({ mark, ...cell }: FirstCell, count: number): Increment {
  return {
    ...{ ...cell, reason: 'SPLIT', path: firstPath(mark), version: '' },
    ...{ count, bad: 0, subjects: 0, slices: [], slowerThan: () => 0 },
  };
}
