import type { Source, Window } from '../measurements/window.ts';

/** Windows wait this long for each other. They are about a second, and someone may wait for what is in them. */
const BATCH_MS = 50;
/** How long until it is tried again when the upstream does not read. */
const RETRY_MS = 1_000;
/** A message stays below what an upstream accepts, unless one window alone is larger. */
const MAX_MESSAGE_CHARACTERS = 200_000;
/** Of an environment, while they cannot be sent: a minute of 500 instances. Beyond it the oldest are left out. */
const MAX_WAITING_CHARACTERS = 8_000_000;

interface Waiting {
  readonly text: string;
  /** How many paths and comparisons are in it. */
  readonly size: number;
}

/**
 * Passes on what instances of one environment measured, each window as it came: those who look for a bad version need
 * instances apart, and the upstream knows by the numbers of windows what it has counted.
 */
export class MeasurementReports {
  readonly #send: (text: string) => boolean;
  #waiting: Waiting[] = [];
  #characters = 0;
  #dropped = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (text: string) => boolean) {
    this.#send = send;
  }

  add({ instance, version }: Source, window: Window): void {
    const { seq, startMs, durationMs, paths, comparisons, dropped = 0 } = window;
    const size = paths.length + (comparisons?.length ?? 0);
    const told = dropped + this.#dropped;
    const fields = { seq, startMs, durationMs, paths, comparisons, dropped: told === 0 ? undefined : told };
    this.#dropped = 0;
    const text = JSON.stringify({ instance, version, ...fields });
    this.#waiting.push({ text, size });
    this.#characters += text.length;
    while (this.#characters > MAX_WAITING_CHARACTERS) this.#dropOldest();
    this.#timer ??= setTimeout(() => this.flush(), BATCH_MS).unref();
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#waiting.length > 0) {
      let [characters, count] = [0, 0];
      for (const { text } of this.#waiting) {
        characters += text.length + 1;
        if (count > 0 && characters > MAX_MESSAGE_CHARACTERS) break;
        count += 1;
      }
      const batch = this.#waiting.slice(0, count);
      if (!this.#send(`{"type":"measurements","windows":[${batch.map(({ text }) => text).join(',')}]}`)) {
        this.#timer = setTimeout(() => this.flush(), RETRY_MS).unref();
        return;
      }
      this.#waiting = this.#waiting.slice(count);
      for (const { text } of batch) this.#characters -= text.length;
    }
  }

  /** Sends what there is, and no more after that. */
  close(): void {
    this.flush();
    clearTimeout(this.#timer);
  }

  #dropOldest(): void {
    const oldest = this.#waiting.shift();
    this.#characters -= oldest?.text.length ?? 0;
    this.#dropped += oldest?.size ?? 0;
  }
}
