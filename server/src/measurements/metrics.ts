import type { ComparisonCount, PathCount } from '@bunting/core';
import { Counter, type Registry } from 'prom-client';
import type { EnvironmentName } from '../rulesets/live-ruleset.ts';
import { SketchHistogram } from './sketch-histogram.ts';
import { sketchesOf } from './window.ts';

/** Why something of what was measured is not counted, or not as it came. */
export type Irregularity =
  /** The window was counted before. */
  | 'duplicate'
  /** Paths of a window that is too old. */
  | 'late'
  /** A window that is ahead of this server's clock is counted as now. */
  | 'future'
  /** Paths of flags and variants that do not exist here. */
  | 'unknown'
  /** Paths that there was no room for; Prometheus has them. */
  | 'full'
  /** What SDKs and relays say that they had no room for. */
  | 'sender';

const LABELS = ['project', 'environment', 'flag', 'variant', 'path'] as const;

/** What Prometheus reads of measured code paths. Labels are bounded: only flags and variants that exist are counted. */
export class PathMetrics {
  readonly #runs: Counter<(typeof LABELS)[number]>;
  readonly #errors: Counter<(typeof LABELS)[number]>;
  readonly #timeouts: Counter<(typeof LABELS)[number]>;
  readonly #seconds: SketchHistogram;
  readonly #comparisons: Counter<(typeof LABELS)[number] | 'result'>;
  readonly #irregular: Counter<'reason'>;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#runs = new Counter({
      name: 'bunting_path_runs_total',
      help: 'How often code paths that flags choose ran, as SDKs with server keys measured it',
      labelNames: LABELS,
      registers,
    });
    this.#errors = new Counter({
      name: 'bunting_path_errors_total',
      help: 'How often they failed',
      labelNames: LABELS,
      registers,
    });
    this.#timeouts = new Counter({
      name: 'bunting_path_timeouts_total',
      help: 'How often a side that nobody waited for was not done by its deadline',
      labelNames: LABELS,
      registers,
    });
    this.#seconds = new SketchHistogram({
      name: 'bunting_path_duration_seconds',
      help: 'How long code paths took, to 2.5 %',
      labelNames: LABELS,
      buckets: [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 10],
      registers,
    });
    this.#comparisons = new Counter({
      name: 'bunting_path_comparisons_total',
      help: "How two sides' results compared: equal, mismatched, or skipped",
      labelNames: [...LABELS, 'result'],
      registers,
    });
    this.#irregular = new Counter({
      name: 'bunting_measurements_irregular_total',
      help:
        'What SDKs measured and was not counted: windows that came twice (duplicate); paths of windows that are too ' +
        'old (late), of unknown flags (unknown), without room here (full) or where it was sent (sender). Windows from ' +
        'the future count as now (future)',
      labelNames: ['reason'],
      registers,
    });
  }

  count({ project, environment }: EnvironmentName, counted: PathCount): void {
    const { flag, variant, path, count, errors, timeouts = 0 } = counted;
    const labels = { project, environment, flag, variant, path };
    this.#runs.inc(labels, count);
    this.#errors.inc(labels, errors);
    if (timeouts > 0) this.#timeouts.inc(labels, timeouts);
    const { durations } = sketchesOf(counted);
    if (durations !== undefined) this.#seconds.add(labels, durations);
  }

  compare({ project, environment }: EnvironmentName, counted: ComparisonCount): void {
    const { flag, variant, path, compared, mismatched, skipped } = counted;
    const labels = { project, environment, flag, variant, path };
    this.#comparisons.inc({ ...labels, result: 'equal' }, compared - mismatched);
    this.#comparisons.inc({ ...labels, result: 'mismatched' }, mismatched);
    this.#comparisons.inc({ ...labels, result: 'skipped' }, skipped);
  }

  note(reason: Irregularity, count: number): void {
    this.#irregular.inc({ reason }, count);
  }
}
