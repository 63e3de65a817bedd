import type { MetricEvent } from '@bunting/core';
import { type Logger, log } from './logger.ts';

/** Names that are counted apart, at most: the server has a bound, too. The rest is counted as `OTHER`. */
const MAX_NAMES = 200;
const OTHER = 'other';
const MAX_NAME_LENGTH = 100;

/** No sum of such values is ever more than a double can hold. */
const MAX_VALUE = Number.MAX_SAFE_INTEGER;

/** What the host tracked, added up by name until telemetry is due. */
export class MetricEvents {
  readonly #logger: Logger;
  readonly #sums = new Map<string, { readonly name: string; count: number; sum: number }>();
  readonly #said = new Set<string>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** @param value as the caller gave it: counts for 0 when it is no usable number */
  count(name: unknown, value?: unknown): void {
    if (typeof name !== 'string' || name === '' || name.length > MAX_NAME_LENGTH) {
      this.#warn(`track() takes the name of an event, 1 to ${MAX_NAME_LENGTH} characters; not counted`);
      return;
    }
    const isUsable = typeof value === 'number' && Math.abs(value) <= MAX_VALUE;
    if (!isUsable && value !== undefined) this.#warn(`the value of an event must be a number; '${name}' counts for 0`);
    this.#add({ name, count: 1, sum: isUsable ? value : 0 });
  }

  /** What was counted since the last call. */
  drain(): readonly MetricEvent[] {
    const events = [...this.#sums.values()];
    this.#sums.clear();
    return events;
  }

  /** Takes back what could not be sent. */
  restore(events: readonly MetricEvent[]): void {
    for (const event of events) this.#add(event);
  }

  #add({ name, count, sum }: MetricEvent): void {
    const known = this.#sums.get(name);
    if (known !== undefined) {
      known.count += count;
      known.sum += sum;
    } else if (this.#sums.size < MAX_NAMES || name === OTHER) {
      this.#sums.set(name, { name, count, sum });
    } else {
      this.#add({ name: OTHER, count, sum });
    }
  }

  /** Each problem once: who tracks wrongly does so often. */
  #warn(problem: string): void {
    if (this.#said.has(problem) || this.#said.size >= MAX_NAMES) return;
    this.#said.add(problem);
    log(this.#logger, 'warn', problem);
  }
}
