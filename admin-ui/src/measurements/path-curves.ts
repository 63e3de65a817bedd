import type { Measurements } from '../api/types.ts';

type PathSeries = Measurements['paths'][number];
type Counts = PathSeries['totals'];

/** What of a code path is drawn. */
export type Measure = 'errorRate' | 'p90Ms' | 'count';

export interface PathCurves {
  /** Milliseconds since 1970, UTC: when each step began; ascending. */
  readonly times: readonly number[];
  readonly variants: readonly {
    /** Empty: the caller's default was served. */
    readonly variant: string;
    /** One for each of the times; null: it did not run then. */
    readonly steps: readonly (Counts | null)[];
  }[];
}

/** The paths that anything was measured of, what ran most first. */
export function pathsOf({ paths }: Pick<Measurements, 'paths'>): string[] {
  const runs = new Map<string, number>();
  for (const { path, totals } of paths) runs.set(path, (runs.get(path) ?? 0) + totals.count);
  return [...runs].sort(([, a], [, b]) => b - a).map(([path]) => path);
}

/**
 * One path step by step, a curve for each variant, from the first step in which it ran. The step under way is left out, unless
 * there is no other: it would look like a fall.
 */
export function pathCurves({ to, stepS, paths }: Measurements, path: string): PathCurves {
  const series = paths.filter((one) => one.path === path);
  const stepMs = stepS * 1_000;
  const toMs = Date.parse(to);
  const ran = series.flatMap(({ points }) => points.map(({ at }) => Date.parse(at)));
  const times: number[] = [];
  for (let at = Math.min(...ran); at < toMs; at += stepMs) times.push(at);
  if (times.length > 1 && (times.at(-1) ?? 0) + stepMs > toMs) times.pop();
  const variants = series.map(({ variant, points }) => {
    const counts = new Map(points.map(({ at, ...point }) => [Date.parse(at), point]));
    return { variant, steps: times.map((at) => counts.get(at) ?? null) };
  });
  return { times, variants };
}

/** The values of one measure; where it did not run there were no runs, and of the rest nothing is known. */
export function valuesOf(steps: readonly (Counts | null)[], measure: Measure): (number | null)[] {
  return steps.map((counts) => (counts === null ? (measure === 'count' ? 0 : null) : counts[measure]));
}
