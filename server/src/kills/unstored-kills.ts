import type { FastifyBaseLogger } from 'fastify';
import { coalesce } from '../store/coalesce.ts';
import type { Store } from '../store/store.ts';
import { isStoreFailure } from '../store/store-failure.ts';
import type { KillJournal } from './kill-journal.ts';
import type { KillRecord } from './kill-record.ts';
import { saveKill, storeKills } from './repository.ts';

/** Before the first attempt again, in milliseconds; it doubles with each that fails. */
const FIRST_RETRY_MS = 250;
const LAST_RETRY_MS = 5_000;

/** Stored in one transaction. */
const MAX_BATCH = 100;

/** How long another server has to store what it told us, in milliseconds. */
const KEEP_MS = 1_000;

export interface UnstoredKillsOptions {
  readonly store: Store;
  /** Has them until they are stored. */
  readonly journal: Pick<KillJournal, 'keep' | 'forget'>;
  /** Shows how many wait. */
  readonly gauge: { set(value: number): void };
  readonly log: FastifyBaseLogger;
  /** Hears of each that waited and is stored, or never will be. */
  readonly onStored: (record: KillRecord) => void;
  /** Learns, and tells by `forget`, what others have stored. Never rejects. */
  readonly refresh: () => Promise<void>;
  /** Hears of those that still wait after another attempt: the other servers should have them too. */
  readonly onWaiting: (records: readonly KillRecord[]) => void;
}

/** Kills that are in force and not in the database yet. Each is tried until it is. */
export class UnstoredKills {
  readonly #options: UnstoredKillsOptions;
  /** By the id of their audit event. */
  readonly #waiting = new Map<string, KillRecord>();
  /** What other servers are storing; it waits only if they do not. */
  readonly #kept = new Map<string, KillRecord>();
  readonly #attempt = coalesce(() => this.#flush());
  #adoption: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #retryMs = FIRST_RETRY_MS;
  #isClosed = false;

  constructor(options: UnstoredKillsOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#waiting.size;
  }

  /** All that the database may not have, also those that another server is storing. */
  records(): KillRecord[] {
    return [...this.#waiting.values(), ...this.#kept.values()];
  }

  has({ eventId }: KillRecord): boolean {
    return this.#waiting.has(eventId);
  }

  /** It is in force; the next attempt stores it. */
  add(record: KillRecord): void {
    this.#waiting.set(record.eventId, record);
    this.#options.gauge.set(this.size);
  }

  /** @returns whether the attempt that begins now stored it; otherwise it waits for the next */
  async store(record: KillRecord): Promise<boolean> {
    this.add(record);
    await this.flush();
    return !this.has(record);
  }

  /** Keeps what another server is storing, in case it does not come to it. */
  keep(record: KillRecord): void {
    this.#kept.set(record.eventId, record);
    void this.#options.journal.keep(record);
    this.#adoption ??= setTimeout(() => void this.#adopt(), KEEP_MS).unref();
  }

  /** It is stored. */
  forget(record: KillRecord): void {
    this.#kept.delete(record.eventId);
    if (this.#waiting.delete(record.eventId)) this.#options.onStored(record);
    this.#options.journal.forget(record);
    this.#options.gauge.set(this.size);
  }

  /** Gives up what can no longer be stored. */
  forgetEnvironment(environmentId: string): void {
    for (const record of this.records()) if (record.environmentId === environmentId) this.forget(record);
  }

  /** Tries to store all that wait; who asks during an attempt shares the next. Never rejects. */
  flush(): Promise<void> {
    return this.#attempt();
  }

  /** Tries once more, and says what could not be stored. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#adoption);
    clearTimeout(this.#retry);
    for (const record of this.#kept.values()) this.add(record);
    await this.flush();
    const kills = [...this.#waiting.values()].map(({ environmentId, flag, epoch }) => ({ environmentId, flag, epoch }));
    if (kills.length > 0) this.#options.log.error({ kills }, 'stopped before these kills could be stored');
  }

  async #adopt(): Promise<void> {
    await this.#options.refresh();
    this.#adoption = undefined;
    for (const record of this.#kept.values()) this.add(record);
    this.#kept.clear();
    await this.flush();
  }

  async #flush(): Promise<void> {
    const records = [...this.#waiting.values()];
    let hasFailed = false;
    for (let at = 0; at < records.length && !hasFailed; at += MAX_BATCH) {
      hasFailed = !(await this.#write(records.slice(at, at + MAX_BATCH)));
    }
    if (hasFailed) this.#scheduleRetry();
    else this.#retryMs = FIRST_RETRY_MS;
  }

  /** In one transaction, or else one by one, so that one that cannot be stored does not keep the others out. */
  async #write(records: readonly KillRecord[]): Promise<boolean> {
    try {
      await storeKills(this.#options.store, async (batch) => {
        for (const record of records) await saveKill(batch, record);
      });
    } catch (error) {
      this.#options.log.warn({ err: error, waiting: this.size }, 'kills are in force but could not be stored yet');
      if (isStoreFailure(error) || records.length === 1) return false;
      let isWhole = true;
      for (const record of records) isWhole = (await this.#write([record])) && isWhole;
      return isWhole;
    }
    for (const record of records) this.forget(record);
    return true;
  }

  #scheduleRetry(): void {
    if (this.#isClosed || this.#retry !== undefined) return;
    this.#retry = setTimeout(() => void this.#again(), this.#retryMs).unref();
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
  }

  async #again(): Promise<void> {
    await this.#options.refresh();
    this.#retry = undefined;
    await this.flush();
    if (this.size > 0) this.#options.onWaiting([...this.#waiting.values()]);
  }
}
