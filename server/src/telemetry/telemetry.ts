import type { Exposure, MetricEvent } from '@bunting/core';
import type { ExposureCounts } from '../exposures/exposure-counts.ts';
import type { KeyKind } from '../keys/key-ring.ts';
import type { Measurements } from '../measurements/measurements.ts';
import type { Source, Window } from '../measurements/window.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import { KnownEvents } from './known-events.ts';
import { KnownVariants } from './known-variants.ts';

/** Takes what SDKs counted. */
export type TelemetrySink = Pick<Telemetry, 'record' | 'measure'>;

/** What is counted of an exposure. */
type Count = Omit<Exposure, 'reason'>;

/** A telemetry message, as far as it is counted. */
export interface Counts {
  readonly type: 'telemetry';
  readonly exposures: readonly (Count & Partial<Exposure>)[];
  readonly events?: readonly MetricEvent[];
}

/** Counts what SDKs evaluated and tracked, for Prometheus and plots; and what they measured, for whoever wants to know. */
export class Telemetry {
  readonly #metrics: Metrics;
  readonly #measurements: Measurements;
  readonly #exposures: Pick<ExposureCounts, 'add'>;
  readonly #known = new KnownVariants();
  readonly #knownEvents = new KnownEvents();
  readonly #knownClientEvents = new KnownEvents();

  constructor(metrics: Metrics, measurements: Measurements, exposures: Pick<ExposureCounts, 'add'>) {
    this.#metrics = metrics;
    this.#measurements = measurements;
    this.#exposures = exposures;
  }

  /** Takes what an instance with a server key measured. */
  measure(ruleset: LiveRuleset, source: Source, window: Window): void {
    this.#measurements.record(ruleset, source, window);
  }

  record(ruleset: LiveRuleset, kind: KeyKind, { exposures, events = [] }: Counts): void {
    const { environmentId, project, environment } = ruleset;
    const source = kind === 'server' ? 'servers' : 'pages';
    const counter = kind === 'server' ? this.#metrics.evaluations : this.#metrics.clientEvaluations;
    for (const { flag, variant = '', count } of exposures) {
      if (!this.#known.isCountable(ruleset, kind === 'client', flag, variant)) continue;
      counter.inc({ project, environment, flag, variant }, count);
      this.#exposures.add({ environmentId, flag, variant, source }, count);
    }
    // A page could make up any, also so many names that none is left for servers.
    const isClient = kind === 'client';
    const known = isClient ? this.#knownClientEvents : this.#knownEvents;
    for (const { name, count, sum } of events) {
      const labels = { project, environment, event: known.nameOf(ruleset, name) };
      this.#metrics[isClient ? 'clientEvents' : 'events'].inc(labels, count);
      this.#metrics[isClient ? 'clientEventSums' : 'eventSums'].inc(labels, sum);
    }
  }
}
