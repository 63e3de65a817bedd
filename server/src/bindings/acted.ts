import type { FastifyBaseLogger } from 'fastify';
import type { FlagTarget } from '../interventions/intervention.ts';
import type { Database } from '../store/tables.ts';
import { claimEpisode, deleteOldEpisodes, findActed, findPaused, savePaused } from './episode-repository.ts';

/** An alert that began longer ago acts on no binding: `maxAgeSeconds` is at most this, in milliseconds. */
const MAX_AGE_MS = 24 * 60 * 60 * 1000;
const SWEEP_EVERY_MS = 60 * 60 * 1000;
/** The oldest are forgotten first; the database has them, too. */
const MAX_KNOWN = 50_000;

export interface ActedDependencies {
  readonly database: Database;
  readonly log: Pick<FastifyBaseLogger, 'warn'>;
  readonly now: () => number;
}

/**
 * Which episodes bindings have acted on: each acts once. Here in memory, so that a kill waits for nothing; in the database,
 * so that other servers and later processes know it. While there is no database, two servers may both act on one: a kill
 * bears that, for a killed flag stays as it is, and one that was re-armed since then is left alone.
 */
export class Acted {
  readonly #dependencies: ActedDependencies;
  readonly #known = new Set<string>();
  #sweptAtMs = 0;

  constructor(dependencies: ActedDependencies) {
    this.#dependencies = dependencies;
  }

  /** Reads what earlier processes and other servers have acted on. */
  async load(): Promise<void> {
    const { database, now } = this.#dependencies;
    for (const { bindingId, episode } of await findActed(database, now() - MAX_AGE_MS)) this.#add(bindingId, episode);
  }

  /** @returns false when this server has acted on it */
  begin(bindingId: string, episode: string): boolean {
    if (this.#known.has(nameOf(bindingId, episode))) return false;
    this.#add(bindingId, episode);
    return true;
  }

  /** Nothing was done: it may act when it comes again. */
  forget(bindingId: string, episode: string): void {
    this.#known.delete(nameOf(bindingId, episode));
  }

  /** Tells the database. @returns false when another server was first; true also when nobody can say */
  async claim(bindingId: string, episode: string): Promise<boolean> {
    const { database, log, now } = this.#dependencies;
    try {
      return await claimEpisode(database, { bindingId, episode, atMs: now(), paused: [] });
    } catch (error) {
      log.warn({ err: error, bindingId, episode }, 'the database was not told that a binding acts');
      return true;
    } finally {
      await this.#sweep();
    }
  }

  /** Remembers what an episode has paused, besides what it had. */
  async notePaused(bindingId: string, episode: string, added: readonly FlagTarget[]): Promise<void> {
    await this.#savePaused(bindingId, episode, [...(await this.pausedBy(bindingId, episode)), ...added]);
  }

  /** @param left what could not be lifted: it is tried again when the alert's end is delivered again */
  noteLifted(bindingId: string, episode: string, left: readonly FlagTarget[]): Promise<void> {
    return this.#savePaused(bindingId, episode, left);
  }

  /** What an episode has paused. None while the database does not answer: nothing is resumed without it anyway. */
  async pausedBy(bindingId: string, episode: string): Promise<readonly FlagTarget[]> {
    return findPaused(this.#dependencies.database, bindingId, episode).catch(() => []);
  }

  async #savePaused(bindingId: string, episode: string, paused: readonly FlagTarget[]): Promise<void> {
    const { database, log, now } = this.#dependencies;
    await savePaused(database, { bindingId, episode, atMs: now(), paused }).catch((error) =>
      log.warn({ err: error, bindingId, paused }, 'what was paused has to be resumed by hand'),
    );
  }

  #add(bindingId: string, episode: string): void {
    this.#known.add(nameOf(bindingId, episode));
    if (this.#known.size <= MAX_KNOWN) return;
    const [oldest] = this.#known;
    if (oldest !== undefined) this.#known.delete(oldest);
  }

  /** Never rejects. */
  async #sweep(): Promise<void> {
    const { database, log, now } = this.#dependencies;
    if (now() - this.#sweptAtMs < SWEEP_EVERY_MS) return;
    this.#sweptAtMs = now();
    try {
      await deleteOldEpisodes(database, now() - MAX_AGE_MS);
    } catch (error) {
      log.warn({ err: error }, 'what bindings acted on long ago was not forgotten');
    }
  }
}

function nameOf(bindingId: string, episode: string): string {
  return `${bindingId} ${episode}`;
}
