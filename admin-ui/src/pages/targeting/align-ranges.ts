import type { BucketRange } from '@bunting/core';

/**
 * Ranges between which bounds can move in a straight line: the same variants in the same order. What is in one list alone
 * is put into the others with nothing in it, where it begins or ends.
 * @param line lists that name the same variants in the same order; at least one
 * @returns these and `after`, aligned
 */
export function align(line: readonly (readonly BucketRange[])[], after: readonly BucketRange[]): BucketRange[][] {
  const pairs = pairUp(line.at(-1) ?? [], after);
  const fill = (ranges: readonly BucketRange[], side: 'left' | 'right') => {
    let end = 0;
    return pairs.map(({ variant, ...at }): BucketRange => {
      const own = ranges[at[side] ?? -1] ?? { variant, from: end, to: end };
      end = own.to;
      return own;
    });
  };
  return [...line.map((ranges) => fill(ranges, 'left')), fill(after, 'right')];
}

interface Pair {
  readonly variant: string;
  /** Index in either list; absent: it has no such range. */
  readonly left?: number;
  readonly right?: number;
}

/** A shortest sequence of which both lists' variants are parts, in their order (by the longest that they have in common). */
function pairUp(left: readonly BucketRange[], right: readonly BucketRange[]): Pair[] {
  const common = longestCommon(left, right);
  const pairs: Pair[] = [];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    const [l, r] = [left[i], right[j]];
    if (l && r && l.variant === r.variant) {
      pairs.push({ variant: l.variant, left: i, right: j });
      i += 1;
      j += 1;
    } else if (l && (!r || (common[i + 1]?.[j] ?? 0) >= (common[i]?.[j + 1] ?? 0))) {
      pairs.push({ variant: l.variant, left: i });
      i += 1;
    } else if (r) {
      pairs.push({ variant: r.variant, right: j });
      j += 1;
    }
  }
  return pairs;
}

/** At [i][j]: how many variants the lists have in common from there on, in order. */
function longestCommon(left: readonly BucketRange[], right: readonly BucketRange[]): number[][] {
  const lengths = Array.from({ length: left.length + 1 }, () => Array.from({ length: right.length + 1 }, () => 0));
  for (let i = left.length - 1; i >= 0; i -= 1) {
    const [row, below] = [lengths[i] ?? [], lengths[i + 1] ?? []];
    for (let j = right.length - 1; j >= 0; j -= 1) {
      const isSame = left[i]?.variant === right[j]?.variant;
      row[j] = isSame ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}
