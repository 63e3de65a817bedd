import type { Flag, Item, TelemetryMessage } from '@bunting/core';
import type { KeyKind } from '../keys/key-ring.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';

/** What may be counted of a flag. */
interface Countable {
  readonly variants: ReadonlySet<string>;
  readonly isClientVisible: boolean;
}

/** Takes what SDKs counted. */
export type TelemetrySink = Pick<Telemetry, 'record'>;

/** Counts what SDKs evaluated. Only flags and variants that exist are counted, so clients cannot make up series. */
export class Telemetry {
  readonly #metrics: Metrics;
  /** Items are replaced, never changed, so what was read of one stays true. */
  readonly #known = new WeakMap<Item, Countable>();

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  record(ruleset: LiveRuleset, kind: KeyKind, { exposures }: TelemetryMessage): void {
    const { project, environment } = ruleset;
    const counter = kind === 'server' ? this.#metrics.evaluations : this.#metrics.clientEvaluations;
    for (const { flag, variant = '', count } of exposures) {
      const item = ruleset.item('flag', flag);
      if (item === undefined) continue;
      const { variants, isClientVisible } = this.#read(item);
      if (kind === 'client' && !isClientVisible) continue;
      if (variant !== '' && !variants.has(variant)) continue;
      counter.inc({ project, environment, flag, variant }, count);
    }
  }

  #read(item: Item): Countable {
    let known = this.#known.get(item);
    if (known === undefined) {
      const { variants, clientVisible = false } = JSON.parse(item.json) as Flag;
      known = { variants: new Set(variants.map(({ name }) => name)), isClientVisible: clientVisible };
      this.#known.set(item, known);
    }
    return known;
  }
}
