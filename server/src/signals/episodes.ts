import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '../store/tables.ts';
import { findLatestEpisode } from './signal-repository.ts';
import type { Episode } from './to-alert.ts';

/** Remembered in memory; the longest untouched is forgotten first. */
const CAPACITY = 10_000;

/** How long the end of an episode waits for the database, in milliseconds. Nothing that begins one waits. */
const PATIENCE_MS = 250;

/** Which episode of a fingerprint was the last to begin: some vendors do not say which one is over. */
export class Episodes {
  readonly #database: Database;
  readonly #latest = new Map<string, Episode>();

  constructor(database: Database) {
    this.#database = database;
  }

  note(sourceId: string, fingerprint: string, { episode, startsAtMs }: Episode): void {
    const name = nameOf(sourceId, fingerprint);
    const known = this.#latest.get(name);
    if (known !== undefined && known.startsAtMs > startsAtMs) return;
    this.#latest.delete(name);
    this.#latest.set(name, { episode, startsAtMs });
    if (this.#latest.size > CAPACITY) this.#latest.delete(this.#latest.keys().next().value ?? name);
  }

  /**
   * The last one that began before a moment: what is said of an earlier time, or said again, ends no later one.
   * Other servers may know of a later one than this; without the database it is the last one of this server.
   */
  async latest(sourceId: string, fingerprint: string, beforeMs: number): Promise<Episode | undefined> {
    const patience = new AbortController();
    const stored = findLatestEpisode(this.#database, sourceId, fingerprint)
      .catch(() => undefined)
      .finally(() => patience.abort());
    const late = wait(PATIENCE_MS, undefined, { signal: patience.signal }).catch(() => undefined);
    const found = await Promise.race([stored, late]);
    const known = this.#latest.get(nameOf(sourceId, fingerprint));
    const latest = [found, known]
      .filter((episode) => episode !== undefined)
      .reduce<Episode | undefined>((a, b) => (a === undefined || b.startsAtMs > a.startsAtMs ? b : a), undefined);
    return latest !== undefined && latest.startsAtMs <= beforeMs ? latest : undefined;
  }
}

function nameOf(sourceId: string, fingerprint: string): string {
  return `${sourceId} ${fingerprint}`;
}
