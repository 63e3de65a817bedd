import { setTimeout } from 'node:timers/promises';
import { Value } from '@sinclair/typebox/value';
import type { Journal } from '../journal/journal.ts';
import { type KillRecord, KillRecordSchema } from './kill-record.ts';

const KIND = 'kill';

/** How long a kill waits for the disk, in milliseconds: it must not depend on one that hangs. */
const PATIENCE_MS = 20;

/** The kills on this server's disk: those that the database may not have yet. */
export class KillJournal {
  readonly #journal: Pick<Journal, 'keep' | 'forget' | 'entries' | 'has'>;

  constructor(journal: Pick<Journal, 'keep' | 'forget' | 'entries' | 'has'>) {
    this.#journal = journal;
  }

  /**
   * Resolves when the disk has it, or will not, or takes too long: then it may have it later. Never rejects.
   * @returns whether the disk has it
   */
  async keep(record: KillRecord): Promise<boolean> {
    const patience = new AbortController();
    const keeping = this.#journal.keep(KIND, record.eventId, { ...record }).finally(() => patience.abort());
    const late = setTimeout(PATIENCE_MS, false, { signal: patience.signal }).catch(() => false);
    return Promise.race([keeping, late]);
  }

  has({ eventId }: KillRecord): boolean {
    return this.#journal.has(KIND, eventId);
  }

  /** The database has it, or it can never have it. */
  forget({ eventId }: KillRecord): void {
    this.#journal.forget(KIND, eventId);
  }

  /**
   * What earlier processes have left, oldest first. What is no kill to this version stays on the disk: a re-arm is not
   * either, whoever wrote it there.
   */
  records(): KillRecord[] {
    return this.#journal.entries(KIND).flatMap(({ document }) => {
      return Value.Check(KillRecordSchema, document) && document.engaged ? [document as KillRecord] : [];
    });
  }
}
