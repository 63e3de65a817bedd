import type { Source, Window } from '../measurements/window.ts';

/** Windows wait this long for each other. They are about a second, and someone may wait for what is in them. */
const BATCH_MS = 50;
/** How long until it is tried again when the upstream does not read. */
const RETRY_MS = 1_000;
/** A message stays below what an upstream accepts. */
const MAX_MESSAGE_BYTES = 200_000;
/** Of an environment, while they cannot be sent: a minute of 500 instances. Beyond it the oldest are left out. */
const MAX_WAITING_BYTES = 8_000_000;

interface Waiting {
  readonly text: string;
  readonly bytes: number;
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
  #bytes = 0;
  /** Left out, and not told yet. */
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
    const text = JSON.stringify({ instance, version, ...fields });
    const bytes = Buffer.byteLength(text);
    // One that is so large would cost everyone behind this relay the link.
    if (bytes > MAX_MESSAGE_BYTES) {
      this.#dropped += size + dropped;
      return;
    }
    this.#dropped = 0;
    this.#waiting.push({ text, bytes, size });
    this.#bytes += bytes;
    while (this.#bytes > MAX_WAITING_BYTES) this.#dropOldest();
    this.#timer ??= setTimeout(() => this.flush(), BATCH_MS).unref();
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    while (this.#waiting.length > 0) {
      const batch = this.#nextBatch();
      if (!this.#send(`{"type":"measurements","windows":[${batch.map(({ text }) => text).join(',')}]}`)) {
        this.#timer = setTimeout(() => this.flush(), RETRY_MS).unref();
        return;
      }
      this.#waiting = this.#waiting.slice(batch.length);
      for (const { bytes } of batch) this.#bytes -= bytes;
    }
  }

  /** Sends what there is, and no more after that. */
  close(): void {
    this.flush();
    clearTimeout(this.#timer);
  }

  #nextBatch(): readonly Waiting[] {
    let sum = 0;
    const end = this.#waiting.findIndex(({ bytes }, at) => {
      sum += bytes + 1;
      return at > 0 && sum > MAX_MESSAGE_BYTES;
    });
    return end === -1 ? this.#waiting : this.#waiting.slice(0, end);
  }

  #dropOldest(): void {
    const oldest = this.#waiting.shift();
    this.#bytes -= oldest?.bytes ?? 0;
    this.#dropped += oldest?.size ?? 0;
  }
}
