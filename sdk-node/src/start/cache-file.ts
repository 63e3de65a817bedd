import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Logger, log } from '../logger.ts';
import { fileNameOf, type LastKnownGood, type Owner, seal, unseal } from './last-known-good.ts';

export interface CacheTiming {
  /** How long a change may wait to be written, so that a burst costs one write. */
  readonly waitMs: number;
  /** After a failure, such as a full disk. */
  readonly retryMs: number;
}

const CACHE_TIMING: CacheTiming = { waitMs: 1_000, retryMs: 30_000 };

/** A large ruleset that changes all the time is written less often: making its text may take one part in so many. */
const MAX_LOAD = 50;

/** A draft this old is of a process that died while it wrote; a younger one may be another process's, at work. */
const DRAFT_LIFE_MS = 60_000;

/**
 * One client's last-known-good on disk. Processes that share a folder replace each other's file whole. A disk that fails
 * is said once, and takes nothing away.
 */
export class CacheFile {
  readonly path: string;
  readonly #owner: Owner;
  readonly #logger: Logger;
  readonly #timing: CacheTiming;
  /** Makes what is to be written, when it is written. */
  #pending: (() => LastKnownGood) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isFailing = false;
  #isClosed = false;
  /** How long making the last text blocked this process. */
  #madeInMs = 0;

  constructor(folder: string, owner: Owner, logger: Logger, timing: CacheTiming = CACHE_TIMING) {
    this.path = join(folder, fileNameOf(owner));
    this.#owner = owner;
    this.#logger = logger;
    this.#timing = timing;
  }

  /** Undefined when there is none, or none that can be used: that is said, and the next one takes its place. */
  load(): LastKnownGood | undefined {
    try {
      mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 });
      removeDrafts(this.path);
      // Reading what is no file, such as a pipe, could take for ever.
      if (!statSync(this.path).isFile()) throw new Error('it is no file');
      return unseal(readFileSync(this.path, 'utf8'), this.#owner);
    } catch (cause) {
      if (!isMissing(cause)) {
        const reason = (cause as Error).message;
        log(this.#logger, 'warn', `${this.path} cannot be used: ${reason}. The next ruleset that comes replaces it.`);
      }
      return undefined;
    }
  }

  /** Keeps what `make` returns, a moment later. */
  keep(make: () => LastKnownGood): void {
    if (this.#isClosed) return;
    this.#pending = make;
    this.#schedule(Math.max(this.#timing.waitMs, this.#madeInMs * MAX_LOAD));
  }

  /** Writes what waits, and no more after that. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    await this.#writing;
    await this.#write();
  }

  #schedule(delayMs: number): void {
    if (this.#isClosed) return;
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
      const text = seal(make(), this.#owner);
      this.#madeInMs = performance.now() - startedMs;
      await replaceFile(this.path, text);
      if (this.#isFailing) log(this.#logger, 'info', `${this.path} is written again`);
      this.#isFailing = false;
    } catch (cause) {
      if (!this.#isFailing) {
        const reason = (cause as Error).message;
        const fix = 'Give cacheDir a folder that this process may write to, with room for the ruleset';
        log(
          this.#logger,
          'warn',
          `the ruleset cannot be kept for the next start: ${reason}. ${fix}; flags are served.`,
        );
      }
      this.#isFailing = true;
      this.#pending ??= make;
      this.#schedule(this.#timing.retryMs);
    }
  }
}

function isMissing(cause: unknown): boolean {
  return (cause as NodeJS.ErrnoException).code === 'ENOENT';
}

function removeDrafts(path: string): void {
  for (const name of readdirSync(dirname(path))) {
    if (!name.startsWith(`${basename(path)}.`) || !name.endsWith('.tmp')) continue;
    const draft = join(dirname(path), name);
    const stat = statSync(draft, { throwIfNoEntry: false });
    if (stat !== undefined && Date.now() - stat.mtimeMs > DRAFT_LIFE_MS) rmSync(draft, { force: true });
  }
}

/** Whoever reads sees the old text or the new one, whole: after a power cut, too, as what is renamed is on the disk. */
async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path);
  } catch (cause) {
    await rm(draft, { force: true });
    throw cause;
  }
}
