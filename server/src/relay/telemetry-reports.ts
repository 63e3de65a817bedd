import type { MetricEvent } from '@bunting/core';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import { KnownEvents } from '../telemetry/known-events.ts';
import { KnownVariants } from '../telemetry/known-variants.ts';
import type { Counts } from '../telemetry/telemetry.ts';
import type { RelayedTelemetry } from './protocol.ts';

/** How often sums are sent. */
const FLUSH_EVERY_MS = 10_000;
/** Exposures in one message: it stays well below what an upstream accepts. */
const MAX_EXPOSURES = 500;

type Sum = Counts['exposures'][number];

/** Adds up what the SDKs of one environment counted, and sends the sums. What cannot be sent yet is kept. */
export class TelemetryReports {
  readonly #send: (text: string) => boolean;
  readonly #known = new KnownVariants();
  /** By kind of key, then by flag and variant: no more than there are variants. */
  readonly #sums = { server: new Map<string, Sum>(), client: new Map<string, Sum>() };
  readonly #knownEvents = { server: new KnownEvents(), client: new KnownEvents() };
  readonly #events = { server: new Map<string, MetricEvent>(), client: new Map<string, MetricEvent>() };
  readonly #timer: NodeJS.Timeout;

  constructor(send: (text: string) => boolean) {
    this.#send = send;
    this.#timer = setInterval(() => this.flush(), FLUSH_EVERY_MS).unref();
  }

  record(ruleset: LiveRuleset, from: RelayedTelemetry['from'], { exposures, events = [] }: Counts): void {
    const sums = this.#sums[from];
    for (const { flag, variant, count } of exposures) {
      if (!this.#known.isCountable(ruleset, from === 'client', flag, variant ?? '')) continue;
      // Keys of flags hold no spaces.
      const name = `${flag} ${variant ?? ''}`;
      sums.set(name, { flag, variant, count: (sums.get(name)?.count ?? 0) + count });
    }
    for (const event of events) this.#addEvent(ruleset, from, event);
  }

  flush(): void {
    for (const from of ['server', 'client'] as const) {
      const sums = this.#sums[from];
      while (sums.size > 0) {
        const part = [...sums].slice(0, MAX_EXPOSURES);
        const exposures = part.map(([, sum]) => sum);
        const message: RelayedTelemetry = { type: 'telemetry', from, exposures };
        if (!this.#send(JSON.stringify(message))) return;
        for (const [name] of part) sums.delete(name);
      }
      const events = [...this.#events[from].values()];
      if (events.length === 0) continue;
      const message: RelayedTelemetry = { type: 'telemetry', from, exposures: [], events };
      if (this.#send(JSON.stringify(message))) this.#events[from].clear();
    }
  }

  #addEvent(ruleset: LiveRuleset, from: RelayedTelemetry['from'], event: MetricEvent): void {
    const events = this.#events[from];
    const name = this.#knownEvents[from].nameOf(ruleset, event.name);
    const { count, sum } = events.get(name) ?? { count: 0, sum: 0 };
    events.set(name, { name, count: count + event.count, sum: sum + event.sum });
  }

  /** Sends what there is, and no more after that. */
  close(): void {
    clearInterval(this.#timer);
    this.flush();
  }
}
