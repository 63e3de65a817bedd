import type { ComparisonCount } from '@bunting/core';

/** What is counted of a comparison, as it travels. */
export type ComparisonCountText = Pick<ComparisonCount, 'compared' | 'mismatched' | 'skipped'>;

/** How two sides' results compared, added up. */
export class ComparisonCounts implements ComparisonCountText {
  compared = 0;
  mismatched = 0;
  skipped = 0;

  add({ compared, mismatched, skipped }: ComparisonCountText): void {
    this.compared += compared;
    this.mismatched += mismatched;
    this.skipped += skipped;
  }

  readonly isWarm = false as boolean;

  /** Nothing of it can be made smaller. */
  freeze(): void {}

  toText(): ComparisonCountText {
    const { compared, mismatched, skipped } = this;
    return { compared, mismatched, skipped };
  }
}
