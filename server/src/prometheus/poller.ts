import { Counter, type Registry } from 'prom-client';
import type { AddressPolicy } from '../egress/address-policy.ts';
import type { Step } from '../safeguards/step.ts';
import { type Queries, type Reading, readCounts } from './counts.ts';
import type { Endpoint } from './query.ts';

/** Scraped samples may be queried so much later, in milliseconds. */
const LAG_MS = 2_000;
/** So many are read at once; the others wait for the next look. */
const MAX_AT_ONCE = 20;

/** Whose queries are asked. */
export interface Polled extends Queries {
  readonly id: string;
  /** Of its definition: what is read for another one is not taken. */
  readonly version: number;
  /** @returns undefined where the data source is gone @throws when its secret cannot be opened */
  readonly endpoint: () => Endpoint | undefined;
}

interface Poll {
  polled: Polled;
  /** The end of the last step that was asked for. */
  askedMs: number;
  isAsking: boolean;
  last: Reading | undefined;
}

export interface Arrived {
  readonly id: string;
  readonly step: Step;
}

interface PollerDependencies {
  readonly policy: AddressPolicy;
  readonly registry: Registry;
  readonly now: () => number;
}

/**
 * Asks the queries of safeguards once for each step. Steps begin at multiples of their length, on every server at the same
 * moments, so all of them judge the same numbers. A step that could not be read is left out: what is not known is
 * neither good nor bad.
 */
export class PrometheusPoller {
  readonly #policy: AddressPolicy;
  readonly #now: () => number;
  readonly #readings: Counter<'result'>;
  readonly #polls = new Map<string, Poll>();
  readonly #arrived: Arrived[] = [];
  readonly #ending = new AbortController();

  constructor({ policy, registry, now }: PollerDependencies) {
    this.#policy = policy;
    this.#now = now;
    this.#readings = new Counter({
      name: 'bunting_safeguard_readings_total',
      help: 'Steps that safeguards read from Prometheus: counts, no_data or error',
      labelNames: ['result'],
      registers: [registry],
    });
  }

  /** Asks for these from now on, and for no others. */
  follow(all: readonly Polled[]): void {
    const ids = new Set(all.map(({ id }) => id));
    for (const id of this.#polls.keys()) if (!ids.has(id)) this.#polls.delete(id);
    for (const polled of all) {
      const known = this.#polls.get(polled.id);
      if (known?.polled.version === polled.version) known.polled = polled;
      else this.#polls.set(polled.id, { polled, askedMs: Number.NaN, isAsking: false, last: undefined });
    }
  }

  /** Asks for the steps that are over. Waits for nothing. */
  look(): void {
    let asking = [...this.#polls.values()].filter(({ isAsking }) => isAsking).length;
    for (const [id, poll] of [...this.#polls]) {
      const { stepMs } = poll.polled;
      const dueMs = Math.floor((this.#now() - LAG_MS) / stepMs) * stepMs;
      // A clock that was set back begins anew with the next step: this one was asked for.
      if (dueMs < poll.askedMs) poll.askedMs = dueMs;
      if (dueMs === poll.askedMs || poll.isAsking || asking >= MAX_AT_ONCE) continue;
      asking += 1;
      poll.askedMs = dueMs;
      // Whoever waited goes first the next time.
      this.#polls.delete(id);
      this.#polls.set(id, poll);
      void this.#read(poll, dueMs);
    }
  }

  /** What was read since the last time. */
  take(): Arrived[] {
    return this.#arrived.splice(0);
  }

  /** Why nothing was read last; undefined when it was, or nothing was asked yet. */
  explain(id: string): string | undefined {
    const last = this.#polls.get(id)?.last;
    if (last === undefined || last.kind === 'counts') return undefined;
    return last.kind === 'error'
      ? `Prometheus cannot be asked: ${last.reason}.`
      : `Prometheus has no data: ${last.reason}.`;
  }

  close(): void {
    this.#ending.abort();
    this.#polls.clear();
  }

  async #read(poll: Poll, dueMs: number): Promise<void> {
    const { polled } = poll;
    poll.isAsking = true;
    const reading = await this.#readStep(polled, dueMs);
    poll.isAsking = false;
    if (this.#polls.get(polled.id) !== poll) return;
    this.#readings.inc({ result: reading.kind });
    poll.last = reading;
    if (reading.kind === 'counts') this.#arrived.push({ id: polled.id, step: reading.step });
  }

  async #readStep(polled: Polled, dueMs: number): Promise<Reading> {
    let endpoint: Endpoint | undefined;
    try {
      endpoint = polled.endpoint();
    } catch (error) {
      return { kind: 'error', reason: `the secret of its data source cannot be opened: ${(error as Error).message}` };
    }
    if (endpoint === undefined) return { kind: 'error', reason: 'its data source is gone' };
    return readCounts(this.#policy, endpoint, polled, dueMs, this.#ending.signal);
  }
}
