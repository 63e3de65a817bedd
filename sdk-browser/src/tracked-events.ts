/** A kind of event, added up. */
export interface TrackedEvent {
  readonly name: string;
  count: number;
  /** Of the events' values. */
  sum: number;
}

/** More names than these are not counted between two reports. */
const MAX_NAMES = 100;
const MAX_NAME_LENGTH = 100;

/** Adds up what the page tracked, until it is reported. */
export class TrackedEvents {
  #events = new Map<string, TrackedEvent>();

  /** @param value whatever the caller gave; counts for 0 when it is no usable number */
  add(name: string, value: unknown): void {
    if (typeof name !== 'string' || name === '' || name.length > MAX_NAME_LENGTH) return;
    const event = this.#events.get(name) ?? { name, count: 0, sum: 0 };
    if (event.count === 0 && this.#events.size >= MAX_NAMES) return;
    event.count += 1;
    if (typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER) event.sum += value;
    this.#events.set(name, event);
  }

  /** What was tracked since the last time. */
  take(): TrackedEvent[] {
    const events = [...this.#events.values()];
    this.#events = new Map();
    return events;
  }
}
