import { setTimeout as wait } from 'node:timers/promises';
import type { Json } from '@bunting/core';
import type { FastifyBaseLogger } from 'fastify';
import type { Journal } from '../journal/journal.ts';
import { isStoreFailure } from '../store/store-failure.ts';
import type { SignalEpisodeRow, SignalRow } from '../store/tables/signals.ts';
import type { Database } from '../store/tables.ts';
import type { SignalRecord } from './signal-record.ts';
import { forgetSignals, saveEpisodes, saveOutcome, saveSignals } from './signal-repository.ts';

export interface KeptSignalsDependencies {
  readonly database: Database;
  readonly journal: Pick<Journal, 'keep' | 'has' | 'forget' | 'entries'>;
  readonly log: Pick<FastifyBaseLogger, 'warn' | 'error'>;
  readonly now: () => number;
  /** 0: as long as there is room. */
  readonly retentionDays: number;
}

/** How long an answer waits for the database, then for the journal, in milliseconds each. */
const PATIENCE_MS = 300;

/** Stored in one transaction. */
const MAX_BATCH = 100;
/** That wait for the database; who comes besides goes to the journal at once. */
const MAX_WAITING = 1_000;

/** Between attempts to store what the journal has, in milliseconds. */
const RETRY_MS = 2_000;
const SWEEP_MS = 10 * 60_000;
const DAY_MS = 86_400_000;

/** Of each source, whatever its age. */
const MAX_OF_A_SOURCE = 2_000;

const KIND = 'signal';

interface Waiting {
  readonly record: SignalRecord;
  readonly answer: (isStored: boolean) => void;
}

/** What came, in the database; while that does not answer, in the journal. */
export class KeptSignals {
  readonly #dependencies: KeptSignalsDependencies;
  readonly #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #retrying: Promise<void> | undefined;
  #sweeping: Promise<void> | undefined;
  readonly #sweep: NodeJS.Timeout;
  #isClosed = false;

  constructor(dependencies: KeptSignalsDependencies) {
    this.#dependencies = dependencies;
    this.#sweep = setInterval(() => {
      this.#sweeping = this.sweep().catch((error) =>
        dependencies.log.warn({ err: error }, 'old signals could not be forgotten'),
      );
    }, SWEEP_MS).unref();
    this.#scheduleRetry();
  }

  /** @returns whether the database or the journal has it. Never rejects. */
  async keep(record: SignalRecord): Promise<boolean> {
    const { journal } = this.#dependencies;
    const { id } = record.row;
    const storing = this.#store(record);
    if (await within(PATIENCE_MS, storing)) return true;
    const isJournalled = within(PATIENCE_MS, journal.keep(KIND, id, record as unknown as Json));
    // It may come to the database yet.
    void storing.then((isStored) => isStored && journal.forget(KIND, id));
    this.#scheduleRetry();
    return isJournalled;
  }

  /** Says what came of a signal that is kept already, where it is kept. Never rejects. */
  async complete(record: SignalRecord): Promise<void> {
    const { database, journal, log } = this.#dependencies;
    const { row, episodes } = record;
    try {
      const isJournalled = journal.has(KIND, row.id) && (await journal.keep(KIND, row.id, record as unknown as Json));
      if (isJournalled) return;
      await saveOutcome(database, row);
      await saveEpisodes(database, episodes);
    } catch (error) {
      log.warn({ err: error, signal: row.id }, 'what came of a signal could not be stored');
    }
  }

  /** Forgets what is too old, or too much. */
  async sweep(): Promise<void> {
    const { database, now, retentionDays } = this.#dependencies;
    const beforeMs = retentionDays === 0 ? 0 : now() - retentionDays * DAY_MS;
    await forgetSignals(database, beforeMs, MAX_OF_A_SOURCE);
  }

  /** What is not stored now is in the journal for the next start. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#retry);
    clearInterval(this.#sweep);
    await Promise.all([this.#writing, this.#retrying, this.#sweeping]);
  }

  #store(record: SignalRecord): Promise<boolean> {
    if (this.#waiting.length >= MAX_WAITING) return Promise.resolve(false);
    return new Promise((answer) => {
      this.#waiting.push({ record, answer });
      this.#writing ??= this.#writeAll().finally(() => {
        this.#writing = undefined;
      });
    });
  }

  async #writeAll(): Promise<void> {
    // What comes at the same moment goes together.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MAX_BATCH);
      const isStored = await this.#write(batch.map(({ record }) => record));
      for (const { answer } of batch) answer(isStored);
    }
  }

  /** In one transaction, or else one by one: what can never be stored, as its source is gone, is done with. */
  async #write(records: readonly SignalRecord[]): Promise<boolean> {
    const { database, log } = this.#dependencies;
    try {
      await database.transaction().execute(async (tx) => {
        await saveSignals(tx, mergeSignals(records));
        await saveEpisodes(tx, mergeEpisodes(records));
      });
      return true;
    } catch (error) {
      if (isStoreFailure(error)) {
        log.warn({ err: error, signals: records.length }, 'signals could not be stored yet');
        return false;
      }
      if (records.length === 1) {
        log.error({ err: error, source: records[0]?.row.source_id }, 'a signal cannot be stored');
        return true;
      }
      let isWhole = true;
      for (const record of records) isWhole = (await this.#write([record])) && isWhole;
      return isWhole;
    }
  }

  #scheduleRetry(): void {
    if (this.#isClosed || this.#retry !== undefined) return;
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#retrying = this.#storeJournalled();
    }, RETRY_MS).unref();
  }

  async #storeJournalled(): Promise<void> {
    const { journal } = this.#dependencies;
    const entries = journal.entries(KIND);
    for (let at = 0; at < entries.length && !this.#isClosed; at += MAX_BATCH) {
      const batch = entries.slice(at, at + MAX_BATCH);
      if (!(await this.#write(batch.map(({ document }) => document as unknown as SignalRecord)))) {
        return this.#scheduleRetry();
      }
      // What came of one may have been told while it was stored.
      const latest = new Map(journal.entries(KIND).map(({ id, document }) => [id, document]));
      for (const { id, document } of batch) {
        journal.forget(KIND, id);
        const told = latest.get(id);
        if (told !== undefined && told !== document) await this.complete(told as unknown as SignalRecord);
      }
    }
  }
}

/** One row for each delivery, in one order everywhere, so that two servers never wait for each other's rows. */
function mergeSignals(records: readonly SignalRecord[]): SignalRow[] {
  const rows = new Map<string, SignalRow>();
  for (const { row } of records) {
    const name = `${row.source_id} ${row.delivery_id}`;
    const first = rows.get(name);
    const isSame = first === undefined || first.id === row.id;
    rows.set(name, isSame ? row : { ...first, deliveries: first.deliveries + row.deliveries, last_at: row.last_at });
  }
  return inOrder(rows);
}

function mergeEpisodes(records: readonly SignalRecord[]): SignalEpisodeRow[] {
  const rows = new Map<string, SignalEpisodeRow>();
  for (const { episodes } of records) for (const row of episodes) rows.set(`${row.source_id} ${row.episode}`, row);
  return inOrder(rows);
}

function inOrder<T>(rows: ReadonlyMap<string, T>): T[] {
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** False when it takes too long. */
async function within(patienceMs: number, work: Promise<boolean>): Promise<boolean> {
  const patience = new AbortController();
  const late = wait(patienceMs, false, { signal: patience.signal }).catch(() => false);
  return Promise.race([work.finally(() => patience.abort()), late]);
}
