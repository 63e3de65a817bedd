import { Value } from '@sinclair/typebox/value';
import type { Journal } from '../journal/journal.ts';
import { type KillRecord, KillRecordSchema } from './kill-record.ts';

const KIND = 'kill';

/** The kills on this server's disk: those that the database may not have yet. */
export class KillJournal {
  readonly #journal: Pick<Journal, 'keep' | 'forget' | 'entries' | 'has'>;

  constructor(journal: Pick<Journal, 'keep' | 'forget' | 'entries' | 'has'>) {
    this.#journal = journal;
  }

  /** Never rejects. As slow as the disk. @returns whether the disk has it */
  keep(record: KillRecord): Promise<boolean> {
    return this.#journal.keep(KIND, record.eventId, { ...record });
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
