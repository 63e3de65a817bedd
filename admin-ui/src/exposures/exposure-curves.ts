import { t } from '@lingui/core/macro';
import type { Exposures } from '../api/types.ts';

export type ExposureSource = Exposures['series'][number]['source'];

export interface ExposureCurves {
  /** Milliseconds since 1970, UTC: when each step began; ascending. */
  readonly times: readonly number[];
  readonly variants: readonly {
    /** Empty: the caller's default was served. */
    readonly variant: string;
    /** One for each of the times; null: it is not known whether there was any. */
    readonly values: readonly (number | null)[];
    readonly total: number;
  }[];
  readonly total: number;
  /** The most that one variant has in a step. */
  readonly max: number;
}

/** What callers get who are served no variant. */
export function nameOfVariant(variant: string): string {
  return variant === '' ? t`the caller’s default` : variant;
}

/** Which sources have anything, servers first. */
export function sourcesOf({ series }: Pick<Exposures, 'series'>): ExposureSource[] {
  return (['servers', 'pages'] as const).filter((source) => series.some((one) => one.source === source));
}

/**
 * How often each variant was served, step by step, as one source told. Steps without any are zeros, but before a server began, when
 * they are unknown; it begins with the first that is known. The step under way is left out, unless there is no other: it would look
 * like a fall.
 */
export function exposureCurves(exposures: Exposures, source: ExposureSource): ExposureCurves {
  const { from, to, stepS, completeSince } = exposures;
  const stepMs = stepS * 1_000;
  const toMs = Date.parse(to);
  const knownSinceMs = completeSince === null ? Number.NEGATIVE_INFINITY : Date.parse(completeSince);
  const series = exposures.series.filter((one) => one.source === source);
  const starts: number[] = [];
  for (let at = Date.parse(from); at < toMs; at += stepMs) starts.push(at);
  const isOver = (at: number) => at + stepMs <= toMs;
  const hasPast = series.some(({ points }) => points.some(({ at }) => isOver(Date.parse(at))));
  const counted = series.flatMap(({ points }) => points.map(({ at }) => Date.parse(at)));
  // A step in which a server began is known in part, and that is more than nothing.
  const isKnown = (at: number) => at + stepMs > knownSinceMs;
  const firstMs = Math.min(...counted, ...starts.filter(isKnown));
  const times = starts.filter((at) => at >= firstMs && (isOver(at) || !hasPast));
  const variants = series.map(({ variant, total, points }) => {
    const counts = new Map(points.map(({ at, count }) => [Date.parse(at), count]));
    return { variant, total, values: times.map((at) => counts.get(at) ?? (isKnown(at) ? 0 : null)) };
  });
  const known = variants.flatMap(({ values }) => values.filter((value) => value !== null));
  return {
    ...{ times, variants, total: variants.reduce((sum, { total }) => sum + total, 0) },
    max: Math.max(1, ...known) * 1.1,
  };
}
