import { type KillRecord, replaces } from './kill-record.ts';

/** The latest kill or re-arm of each flag in memory. Whatever order they come in, and however often, the same remain. */
export class KillBook {
  readonly #byEnvironment = new Map<string, Map<string, KillRecord>>();

  get(environmentId: string, flag: string): KillRecord | undefined {
    return this.#byEnvironment.get(environmentId)?.get(flag);
  }

  /** Those that are engaged, by flag key. */
  engaged(environmentId: string): KillRecord[] {
    return [...(this.#byEnvironment.get(environmentId)?.values() ?? [])]
      .filter(({ engaged }) => engaged)
      .sort((a, b) => (a.flag < b.flag ? -1 : 1));
  }

  /** @returns false when the same or a later one is known */
  take(record: KillRecord): boolean {
    if (!replaces(record, this.get(record.environmentId, record.flag))) return false;
    let records = this.#byEnvironment.get(record.environmentId);
    if (records === undefined) {
      records = new Map();
      this.#byEnvironment.set(record.environmentId, records);
    }
    records.set(record.flag, record);
    return true;
  }
}
