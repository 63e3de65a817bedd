import type { SnapshotMessage } from '@bunting/core';
import { log } from '../logger.ts';
import type { Settings } from '../options.ts';
import { fetchBootstrap, readBootstrap } from './bootstrap-source.ts';
import { CacheFile } from './cache-file.ts';
import type { LastKnownGood } from './last-known-good.ts';

/** The longest that `close` waits for the disk. */
const LAST_WRITE_MS = 1_000;

/** A ruleset that did not come from the server. */
export interface Found {
  readonly source: 'bootstrapped' | 'cached';
  readonly snapshot: SnapshotMessage;
  /** How old the data is, in milliseconds; undefined when nobody knows. */
  readonly ageMs: number | undefined;
  /** What the origin's clock shows, milliseconds since 1970, UTC, as far as that can be told. */
  readonly originTimeMs?: number;
}

/** What a client can answer by without its server: last-known-good on disk, and the bootstrap. */
export class LocalSources {
  readonly #settings: Settings;
  readonly #cache: CacheFile | undefined;
  #isClosed = false;

  constructor(settings: Settings) {
    this.#settings = settings;
    const { target, cacheDir, logger } = settings;
    if (target !== undefined && cacheDir !== undefined) this.#cache = new CacheFile(cacheDir, target, logger);
  }

  /** Hands over what is at hand before it returns, and a bootstrap that has to be fetched when it is there, until `close`. */
  find(take: (found: Found) => void): void {
    const kept = this.#cache?.load();
    if (kept !== undefined) take(fromCache(kept));
    const { bootstrap } = this.#settings;
    const refuse = (cause: unknown) => {
      const reason = cause instanceof Error ? cause.message : String(cause);
      log(this.#settings.logger, 'warn', `connect(): bootstrap cannot be used: ${reason}`);
    };
    if (bootstrap?.type === 'fetched') {
      void fetchBootstrap(bootstrap.url)
        .then((snapshot) => this.#isClosed || take(fromBootstrap(snapshot)))
        .catch((cause) => this.#isClosed || refuse(cause));
    } else if (bootstrap !== undefined) {
      try {
        take(fromBootstrap(readBootstrap(bootstrap)));
      } catch (cause) {
        refuse(cause);
      }
    }
  }

  /** Keeps what `make` returns for the next start, a moment later. */
  keep(make: () => LastKnownGood): void {
    this.#cache?.keep(make);
  }

  /** Resolves when the last is written, or the disk takes too long. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#cache === undefined) return;
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LAST_WRITE_MS);
    });
    await Promise.race([this.#cache.close(), tooLate]);
    clearTimeout(timer);
  }
}

/** Of a clock that was set back, no time has passed: so no ramp goes back. */
function fromCache({ snapshot, dataAgeMs, keptAtMs }: LastKnownGood): Found {
  const elapsedMs = Math.max(0, Date.now() - keptAtMs);
  return {
    source: 'cached',
    snapshot,
    ageMs: dataAgeMs + elapsedMs,
    originTimeMs: snapshot.timeMs + elapsedMs,
  };
}

function fromBootstrap(snapshot: SnapshotMessage): Found {
  const { timeMs, dataAgeMs = 0 } = snapshot;
  const ageMs = timeMs > 0 ? Math.max(0, Date.now() - timeMs) + dataAgeMs : undefined;
  return { source: 'bootstrapped', snapshot, ageMs };
}
