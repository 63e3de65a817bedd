import { setTimeout } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { AccessBook } from '../access/access-book.ts';
import type { BindingBook } from '../bindings/binding-book.ts';
import type { ContextProofs } from '../context-proofs/service.ts';
import type { KnownSettings } from '../contexts/known-settings.ts';
import type { Keys } from '../keys/service.ts';
import type { Kills } from '../kills/kills.ts';
import type { ReleaseEngine } from '../releases/engine.ts';
import type { CatchUp } from '../rulesets/catch-up.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import type { SafeguardBook } from '../safeguards/safeguard-book.ts';
import type { SourceBook } from '../signals/source-book.ts';
import { coalesce } from '../store/coalesce.ts';
import { Listener } from '../store/listener.ts';
import { type Note, notify } from '../store/note.ts';
import type { Store } from '../store/store.ts';
import { isStoreFailure } from '../store/store-failure.ts';
import type { Changes } from './changes.ts';
import { type Heads, readHeads } from './heads.ts';
import type { StoreMetrics } from './metrics.ts';

export interface FollowerDependencies {
  readonly store: Store;
  readonly rulesets: Rulesets;
  readonly catchUp: CatchUp;
  readonly keys: Keys;
  readonly book: AccessBook;
  readonly kills: Kills;
  readonly safeguards: SafeguardBook;
  readonly contextSettings: KnownSettings;
  readonly contextProofs: ContextProofs;
  readonly sourceBook: SourceBook;
  readonly bindingBook: BindingBook;
  readonly releaseEngine: Pick<ReleaseEngine, 'heed'>;
  readonly changes: Changes;
  readonly metrics: StoreMetrics;
  readonly log: FastifyBaseLogger;
}

export interface FollowerOptions {
  /** Where LISTEN works. */
  readonly listenUrl: string;
  readonly connectMs: number;
  /** How often to look, whatever notifications say. */
  readonly pollMs: number;
}

/** A look at the database that takes longer counts as failed. */
const SLOW_MS = 3_000;

/**
 * Keeps this server's memory equal to a PostgreSQL that other servers write to as well. Notifications say where to look,
 * and a look at everything, at every interval and whenever notifications begin to come, finds what they did not say: a
 * lost one costs time, nothing else.
 */
export class Follower {
  readonly #dependencies: FollowerDependencies;
  readonly #pollMs: number;
  readonly #listener: Listener;
  readonly #closing = new AbortController();
  readonly #polling: Promise<void>;
  readonly #look = coalesce(() => this.#compare());
  readonly #keysSeen = coalesce(() => this.#dependencies.keys.catchUp());
  #killsSeen = -1;
  #lookSinceMs: number | undefined;
  /** When the last comparison that ended well began, by `performance.now()`. */
  #comparedSinceMs = performance.now();
  #isAnswering = true;
  #isReadOnly = false;
  #isSilent = false;

  constructor(dependencies: FollowerDependencies, { listenUrl, connectMs, pollMs }: FollowerOptions) {
    this.#dependencies = dependencies;
    this.#pollMs = pollMs;
    this.#listener = new Listener({
      url: listenUrl,
      connectMs,
      send: (note) => notify(dependencies.store.database, note),
      onNote: (note) => void this.#follow(note),
      onListening: () => this.#beginListening(),
      onSilence: (reason) => this.#noteSilence(reason),
    });
    this.#polling = this.#poll();
  }

  get isListening(): boolean {
    return this.#listener.isListening;
  }

  /** True when the database answered lately and takes changes. Known without asking it. */
  get isDatabaseFine(): boolean {
    return this.#isInTouch && !this.#isReadOnly;
  }

  /**
   * How long ago, in milliseconds, what is in memory was last known to be what the database has: 0 while that answers. Other
   * servers may have changed it since, so what is here confirms nothing that is newer.
   */
  get dataAgeMs(): number {
    return this.#isInTouch ? 0 : performance.now() - this.#comparedSinceMs;
  }

  get #isInTouch(): boolean {
    const isSlow = this.#lookSinceMs !== undefined && performance.now() - this.#lookSinceMs > SLOW_MS;
    return this.#isAnswering && !isSlow;
  }

  /** Compares all that is in memory with the database, and fetches what differs. Never rejects. */
  async look(): Promise<void> {
    await this.#look().catch(() => {});
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([this.#listener.close(), this.#polling]);
  }

  #beginListening(): void {
    this.#isSilent = false;
    void this.look();
  }

  /** Told once: the listener tries again and again. */
  #noteSilence(reason: Error): void {
    if (this.#isSilent) return;
    this.#isSilent = true;
    const fields = { err: reason, pollMs: this.#pollMs };
    this.#dependencies.log.warn(fields, 'no notifications from PostgreSQL; looking at intervals goes on');
  }

  async #poll(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await setTimeout(this.#pollMs, undefined, { signal }).catch(() => {});
      if (!signal.aborted) await this.look();
    }
  }

  async #follow({ environment, number, counter, release }: Note): Promise<void> {
    const { rulesets, catchUp, releaseEngine } = this.#dependencies;
    if (release !== undefined) return releaseEngine.heed(release);
    if (counter !== undefined) return this.look();
    if (environment === undefined) return;
    const known = rulesets.get(environment)?.revision.number ?? -1;
    if (number === undefined || number > known) await catchUp.tryEnvironment(environment);
  }

  async #compare(): Promise<void> {
    const { store, changes, log } = this.#dependencies;
    const sinceMs = performance.now();
    this.#lookSinceMs = sinceMs;
    try {
      const heads = await readHeads(store.database);
      this.#isReadOnly = heads.isReadOnly;
      await this.#take(heads);
      if (!this.#isAnswering) log.info('the database answers again');
      this.#isAnswering = true;
      this.#comparedSinceMs = sinceMs;
      if (!heads.isReadOnly) changes.noteAnswer();
    } catch (error) {
      if (this.#isAnswering) log.error({ err: error }, 'the database does not answer; serving from memory');
      this.#isAnswering = false;
    } finally {
      this.#lookSinceMs = undefined;
    }
  }

  /** Environments first, so that keys and kills find theirs. */
  async #take({ revisions, counters }: Heads): Promise<void> {
    const {
      rulesets,
      catchUp,
      keys,
      book,
      kills,
      safeguards,
      contextSettings,
      contextProofs,
      sourceBook,
      bindingBook,
      metrics,
      log,
    } = this.#dependencies;
    let isNew = false;
    for (const [environmentId, head] of revisions) {
      const known = rulesets.get(environmentId)?.revision;
      if (known?.incarnation === head.incarnation && known.number >= head.number && known.hash === head.hash) continue;
      isNew ||= known === undefined;
      if (known?.incarnation !== head.incarnation || known.number < head.number) metrics.missed.inc();
      try {
        await catchUp.environment(environmentId);
      } catch (error) {
        // One that cannot be read must not keep the others from being followed.
        if (isStoreFailure(error)) throw error;
        log.error({ err: error, environmentId }, 'an environment cannot be followed');
      }
    }
    for (const { environmentId } of [...rulesets.all()]) {
      if (!revisions.has(environmentId)) await catchUp.tryEnvironment(environmentId);
    }
    if (counters.get('keys') !== keys.knownCount) await this.#keysSeen();
    if (counters.get('context-settings') !== contextSettings.knownCount) await contextSettings.catchUp();
    if (counters.get('access') !== book.knownCount) await book.catchUp();
    if (counters.get('context-proofs') !== contextProofs.knownCount) await contextProofs.catchUp();
    if (counters.get('signal-sources') !== sourceBook.knownCount) await sourceBook.catchUp();
    if (counters.get('safeguards') !== safeguards.knownCount) await safeguards.catchUp();
    if (counters.get('bindings') !== bindingBook.knownCount) await bindingBook.catchUp();
    const killsCount = counters.get('kills') ?? -1;
    if (isNew || killsCount !== this.#killsSeen) {
      await kills.catchUp();
      this.#killsSeen = killsCount;
    }
  }
}
