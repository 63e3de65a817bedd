import type { ServerRow } from '../store/tables/installation.ts';

interface Sighting {
  readonly row: ServerRow;
  /** How many times in a row the register was read without news of it; its first row is no news. */
  readonly missed: number;
}

/**
 * Who of the register is there, judged by whether its row changes from one reading to the next: no two clocks are ever
 * compared, and a database that cannot be read makes nobody look gone.
 */
export class Sightings {
  #byId = new Map<string, Sighting>();

  /** Takes what the register says now. */
  see(rows: readonly ServerRow[]): void {
    const seen = new Map<string, Sighting>();
    for (const row of rows) {
      const before = this.#byId.get(row.id);
      const isNews = before !== undefined && before.row.seen_at !== row.seen_at;
      const missed = isNews ? 0 : (before?.missed ?? 0) + 1;
      seen.set(row.id, { row, missed });
    }
    this.#byId = seen;
  }

  /** The servers without news for less than this many readings. */
  within(readings: number): ServerRow[] {
    return [...this.#byId.values()].filter(({ missed }) => missed < readings).map(({ row }) => row);
  }

  /** The others. */
  beyond(readings: number): ServerRow[] {
    return [...this.#byId.values()].filter(({ missed }) => missed >= readings).map(({ row }) => row);
  }
}
