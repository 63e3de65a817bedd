import type { Exposure } from '@bunting/core';
import type { KeyKind } from '../keys/key-ring.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import { KnownVariants } from './known-variants.ts';

/** Takes what SDKs counted. */
export type TelemetrySink = Pick<Telemetry, 'record'>;

/** What is counted of an exposure. */
export type Count = Omit<Exposure, 'reason'>;

/** A telemetry message, as far as it is counted. */
interface Counts {
  readonly type: 'telemetry';
  readonly exposures: readonly (Count & Partial<Exposure>)[];
}

/** Counts what SDKs evaluated, for Prometheus. */
export class Telemetry {
  readonly #metrics: Metrics;
  readonly #known = new KnownVariants();

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  record(ruleset: LiveRuleset, kind: KeyKind, { exposures }: Counts): void {
    const { project, environment } = ruleset;
    const counter = kind === 'server' ? this.#metrics.evaluations : this.#metrics.clientEvaluations;
    for (const { flag, variant = '', count } of exposures) {
      if (!this.#known.isCountable(ruleset, kind === 'client', flag, variant)) continue;
      counter.inc({ project, environment, flag, variant }, count);
    }
  }
}
