import type { FastifyBaseLogger } from 'fastify';

/** A use is written down when the last one written is this long ago, in milliseconds. */
const EVERY_MS = 60 * 60 * 1000;
/** Remembered at most; the one noted longest ago is forgotten first, and then written once more often. */
const CAPACITY = 10_000;

export interface LastUseDependencies {
  readonly write: (id: string, atMs: number) => Promise<void>;
  readonly log: FastifyBaseLogger;
  readonly now: () => number;
}

/** When keys or tokens were last used, to the hour: reading must not become writing. What cannot be written is left out. */
export class LastUse {
  readonly #dependencies: LastUseDependencies;
  readonly #writtenAtMs = new Map<string, number>();

  constructor(dependencies: LastUseDependencies) {
    this.#dependencies = dependencies;
  }

  /** Never waits, never fails. */
  note(id: string): void {
    const { write, log, now } = this.#dependencies;
    const nowMs = now();
    const writtenAtMs = this.#writtenAtMs.get(id);
    if (writtenAtMs !== undefined && nowMs - writtenAtMs < EVERY_MS) return;
    this.#writtenAtMs.delete(id);
    this.#writtenAtMs.set(id, nowMs);
    const [oldest] = this.#writtenAtMs.keys();
    if (this.#writtenAtMs.size > CAPACITY && oldest !== undefined) this.#writtenAtMs.delete(oldest);
    write(id, nowMs).catch((error) => log.debug({ err: error }, 'a last use could not be stored'));
  }
}
