import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import { hashSecret } from '../access/secrets.ts';
import { type LastKnownGood, seal, unseal } from './last-known-good.ts';

export interface CacheTiming {
  /** How long a change may wait to be written, so that a burst costs one write. */
  readonly waitMs: number;
  /** After a failure, such as a full disk. */
  readonly retryMs: number;
}

/** A large ruleset that changes all the time is written less often: making its text may take one part in so many. */
const MAX_LOAD = 50;

const CACHE_TIMING: CacheTiming = { waitMs: 1_000, retryMs: 30_000 };

/** One environment's last-known-good on disk. A disk that fails is said once, and takes nothing away. */
export class CacheFile {
  readonly path: string;
  readonly #relayKey: string;
  readonly #log: FastifyBaseLogger;
  readonly #timing: CacheTiming;
  /** Makes what is to be written, when it is written. */
  #pending: (() => LastKnownGood) | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Resolves when the last write is done; each waits for the one before, for all write the same draft. */
  #writing: Promise<void> = Promise.resolve();
  #isFailing = false;
  /** How long making the last text blocked this process. */
  #madeInMs = 0;

  constructor(folder: string, relayKey: string, log: FastifyBaseLogger, timing: CacheTiming = CACHE_TIMING) {
    // Named by the key, not after it.
    this.path = join(folder, `${hashSecret(relayKey).slice(0, 16)}.last-known-good`);
    this.#relayKey = relayKey;
    this.#log = log;
    this.#timing = timing;
  }

  /** Undefined when there is none, or none that can be used: that is said, and the next one takes its place. */
  load(): LastKnownGood | undefined {
    try {
      mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
      removeDrafts(this.path);
      return unseal(readFileSync(this.path, 'utf8'), this.#relayKey);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      const reason = (error as Error).message;
      this.#log.warn({ file: this.path, reason }, 'last-known-good cannot be used; a new one will replace it');
      return undefined;
    }
  }

  /** Keeps what `make` returns, a moment later. */
  keep(make: () => LastKnownGood): void {
    this.#pending = make;
    this.#schedule(Math.max(this.#timing.waitMs, this.#madeInMs * MAX_LOAD));
  }

  /** Writes what waits, and no more after that. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#writing;
    await this.#write();
    clearTimeout(this.#timer);
  }

  #schedule(delayMs: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#writing = this.#writing.then(() => this.#write());
    }, delayMs).unref();
  }

  async #write(): Promise<void> {
    const make = this.#pending;
    if (make === undefined) return;
    this.#pending = undefined;
    try {
      const startedMs = performance.now();
      const text = seal(make(), this.#relayKey);
      this.#madeInMs = performance.now() - startedMs;
      await replaceFile(this.path, text);
      if (this.#isFailing) this.#log.info({ file: this.path }, 'last-known-good is kept again');
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) {
        this.#log.error(
          { err: error, file: this.path },
          'last-known-good cannot be written; flags are served all the same',
        );
      }
      this.#isFailing = true;
      this.#pending ??= make;
      this.#schedule(this.#timing.retryMs);
    }
  }
}

/** What a process left that died while it wrote. */
function removeDrafts(path: string): void {
  for (const name of readdirSync(dirname(path))) {
    if (name.startsWith(`${basename(path)}.`) && name.endsWith('.tmp'))
      rmSync(join(dirname(path), name), { force: true });
  }
}

/** Whoever reads sees the old text or the new one, whole, also after a power cut. */
async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.tmp`;
  try {
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
