import { Counter, type Registry } from 'prom-client';
import type { Vendor } from './episode.ts';

/** What became of a message. */
type Result = 'matched' | 'unmatched' | 'malformed' | 'refused' | 'unkept';

export class SignalMetrics {
  readonly #signals: Counter<'vendor' | 'result'>;

  constructor(registry: Registry) {
    this.#signals = new Counter({
      name: 'bunting_signals_total',
      help: 'Messages of sources of signals: matched by a binding, unmatched, malformed, refused as not authentic, or unkept (besides)',
      labelNames: ['vendor', 'result'],
      registers: [registry],
    });
  }

  count(vendor: Vendor, result: Result): void {
    this.#signals.inc({ vendor, result });
  }
}
