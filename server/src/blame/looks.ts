import type { Arm } from '../evidence/window.ts';
import type { PathCounts } from '../measurements/path-counts.ts';
import type { Measured } from '../measurements/reading.ts';
import type { ReleaseFlag } from '../releases/spec.ts';
import type { Look } from './trial.ts';

/** The deploy versions that a release goes from and to. */
export interface Versions {
  readonly candidate: string;
  readonly baseline: string;
}

/** What users wait for: errors of what runs beside it are nobody's. */
const PATHS: ReadonlySet<string> = new Set(['run', 'current']);
/** Not served by anyone's choice: killed, the caller's default. */
const NO_CHOICE: ReadonlySet<string> = new Set(['DISABLED', 'ERROR']);

/** What was measured of a flag, as its trial takes it: by steps of `stepMs`, in order. */
export function toLooks(
  { candidate, baseline, rule = '' }: ReleaseFlag,
  versions: Versions,
  paths: readonly Measured<PathCounts>[],
  stepMs: number,
): Look[] {
  const steps = new Map<number, Measured<PathCounts>[]>();
  for (const measured of paths) {
    const { path = '', reason = '' } = measured.labels;
    if (!PATHS.has(path) || NO_CHOICE.has(reason)) continue;
    steps.set(measured.atMs, [...(steps.get(measured.atMs) ?? []), measured]);
  }
  return [...steps]
    .sort(([a], [b]) => a - b)
    .map(([startMs, cells]) => {
      const of = (version: string, variant: string, isDrawn: boolean) =>
        sumOf(
          cells.filter(
            ({ labels }) =>
              labels.version === version &&
              labels.variant === variant &&
              // One split's subjects differ by nothing but the draw.
              (!isDrawn || (labels.reason === 'SPLIT' && (labels.rule ?? '') === rule)),
          ),
        );
      const { candidate: present, baseline: former } = versions;
      return {
        ...{ startMs, endMs: startMs + stepMs },
        flag: { candidate: of(present, candidate, true), baseline: of(present, baseline, true) },
        deploy: { candidate: of(present, baseline, false), baseline: of(former, baseline, false) },
      };
    });
}

function sumOf(cells: readonly Measured<PathCounts>[]): Arm {
  let count = 0;
  let bad = 0;
  for (const { counts } of cells) {
    count += counts.count;
    bad += counts.errors + counts.timeouts;
  }
  return { count, bad: Math.min(bad, count) };
}
