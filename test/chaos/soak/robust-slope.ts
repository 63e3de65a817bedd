import { median } from '../../bench/statistics.ts';

/** How a series grows, in its unit for each unit of `x`, with the ends of a 95 % interval. */
export interface Slope {
  readonly slope: number;
  readonly low: number;
  readonly high: number;
}

/** Two-sided, 95 %. */
const Z = 1.96;

/**
 * The median of the slopes between all pairs of points: up to 29 % of the points may be anything (Theil 1950). The interval is
 * Sen's (1968), which takes the points for independent: give it points that lie far apart.
 */
export function robustSlope(xs: readonly number[], ys: readonly number[]): Slope {
  const slopes: number[] = [];
  for (const [i, x] of xs.entries()) {
    for (let j = i + 1; j < xs.length; j++) slopes.push(((ys[j] ?? 0) - (ys[i] ?? 0)) / ((xs[j] ?? 0) - x));
  }
  slopes.sort((a, b) => a - b);
  const n = xs.length;
  const half = (Z * Math.sqrt((n * (n - 1) * (2 * n + 5)) / 18)) / 2;
  const low = slopes[Math.max(0, Math.floor(slopes.length / 2 - half))] ?? Number.NaN;
  const high = slopes[Math.min(slopes.length - 1, Math.ceil(slopes.length / 2 + half))] ?? Number.NaN;
  return { slope: median(slopes), low, high };
}
