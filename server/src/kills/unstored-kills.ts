import type { FastifyBaseLogger } from 'fastify';
import type { Database } from '../store/tables.ts';
import type { KillRecord } from './kill-record.ts';
import { saveKill, takeKillNumber } from './repository.ts';

/** Written in one transaction at most. */
const MAX_BATCH = 500;

/** Before the first attempt again, in milliseconds; it doubles with each that fails. */
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5_000;

export interface UnstoredKillsOptions {
  readonly database: Database;
  /** Shows how many wait. */
  readonly gauge: { set(value: number): void };
  readonly log: FastifyBaseLogger;
  /** Learns what others have stored. Never rejects. */
  readonly refresh: () => Promise<void>;
}

/** Kills that are in force and not in the database yet. Each is tried until it is. */
export class UnstoredKills {
  readonly #options: UnstoredKillsOptions;
  /** By the id of their audit event. */
  readonly #waiting = new Map<string, KillRecord>();
  #attempt: Promise<void> = Promise.resolve();
  #retry: NodeJS.Timeout | undefined;
  #retryMs = FIRST_RETRY_MS;
  #isClosed = false;

  constructor(options: UnstoredKillsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#waiting.size;
  }

  has({ eventId }: KillRecord): boolean {
    return this.#waiting.has(eventId);
  }

  /** @returns whether the attempt that begins now stored it; otherwise it waits for the next */
  async store(record: KillRecord): Promise<boolean> {
    this.#waiting.set(record.eventId, record);
    this.#options.gauge.set(this.size);
    await this.flush();
    return !this.has(record);
  }

  /** It is stored. */
  forget({ eventId }: KillRecord): void {
    this.#waiting.delete(eventId);
    this.#options.gauge.set(this.size);
  }

  /** Tries to store all that wait, one attempt at a time. Never rejects. */
  flush(): Promise<void> {
    this.#attempt = this.#attempt.then(() => this.#flush());
    return this.#attempt;
  }

  /** Tries once more, and says what could not be stored. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.flush();
    clearTimeout(this.#retry);
    const kills = [...this.#waiting.values()].map(({ environmentId, flag, epoch }) => ({ environmentId, flag, epoch }));
    if (kills.length > 0) this.#options.log.error({ kills }, 'stopped before these kills could be stored');
  }

  async #flush(): Promise<void> {
    const records = [...this.#waiting.values()].slice(0, MAX_BATCH);
    if (records.length === 0) return;
    try {
      await this.#options.database.transaction().execute(async (tx) => {
        const number = await takeKillNumber(tx);
        for (const record of records) await saveKill(tx, record, number);
      });
    } catch (error) {
      this.#options.log.warn({ err: error, kills: this.size }, 'kills are in force but could not be stored yet');
      this.#scheduleAgain();
      return;
    }
    for (const record of records) this.forget(record);
    this.#retryMs = FIRST_RETRY_MS;
    if (this.size > 0) this.#schedule(0);
  }

  #scheduleAgain(): void {
    this.#schedule(this.#retryMs);
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
  }

  #schedule(delayMs: number): void {
    if (this.#isClosed || this.#retry !== undefined) return;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      void this.#again();
    }, delayMs).unref();
  }

  async #again(): Promise<void> {
    await this.#options.refresh();
    await this.flush();
  }
}
