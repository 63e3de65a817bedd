import type { FastifyBaseLogger } from 'fastify';
import type { Config } from '../config/config.ts';
import { ApiError } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { coalesce } from '../store/coalesce.ts';
import type { Database } from '../store/tables.ts';
import type { Vault } from '../vault/vault.ts';
import { chainOldEvents } from './chain.ts';
import { type Checkpoint, signCheckpoint } from './checkpoint.ts';
import { appendCheckpoints } from './checkpoint-file.ts';
import { findLastCheckpoint, insertCheckpoint } from './checkpoint-repository.ts';
import { type CheckpointTarget, postCheckpoints } from './checkpoint-webhook.ts';
import { type ChainHead, findChains } from './repository.ts';
import { findSigningKey } from './signing-keys.ts';

type CheckpointConfig = Pick<
  Config,
  'auditCheckpointMs' | 'auditCheckpointFile' | 'auditCheckpointUrl' | 'auditCheckpointSecret'
>;

export interface CheckpointerOptions {
  readonly database: Database;
  readonly vault: Vault;
  readonly log: Pick<FastifyBaseLogger, 'warn'>;
  readonly now: () => number;
  /** 0: only when asked to. */
  readonly everyMs: number;
  readonly file: string | undefined;
  readonly target: CheckpointTarget | undefined;
}

/**
 * Signs where the audit chains end, from time to time, and sends it elsewhere: what was anchored so cannot be rewritten by
 * someone who can write the database, without it being seen. Of several servers the one that comes first signs.
 */
export class Checkpointer {
  readonly #options: CheckpointerOptions;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #run = coalesce(() => this.#work());
  #ticking: Promise<void> | undefined;
  #isLocked = false;

  constructor(options: CheckpointerOptions) {
    this.#options = options;
    const { everyMs } = options;
    if (everyMs > 0) this.#timer = setInterval(() => (this.#ticking = this.#tick()), everyMs).unref();
  }

  /**
   * Signs now, when anything was added, and sends what was not sent. @returns the last checkpoint
   * @throws {ApiError} `vault_locked`, `conflict` when there is nothing to sign, `checkpoint_unsent`
   */
  async make(): Promise<Checkpoint> {
    await this.#run();
    const last = await findLastCheckpoint(this.#options.database);
    if (last === undefined) throw new ApiError('conflict', 'There are no audit events yet: there is nothing to sign.');
    return last;
  }

  /** Resolves when what has begun is done. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#ticking;
  }

  async #tick(): Promise<void> {
    try {
      await this.#run();
      this.#isLocked = false;
    } catch (error) {
      const isLocked = error instanceof ApiError && error.code === 'vault_locked';
      // Said once: nothing changes until someone starts the server anew.
      if (!isLocked || !this.#isLocked) {
        this.#options.log.warn({ err: error }, 'audit events could not be anchored; trying again');
      }
      this.#isLocked = isLocked;
    }
  }

  async #work(): Promise<void> {
    const { database, file, target, now } = this.#options;
    await chainOldEvents(database);
    await this.#sign();
    const sending = await Promise.allSettled([
      file === undefined ? undefined : appendCheckpoints(database, file),
      target === undefined ? undefined : postCheckpoints(database, target, now()),
    ]);
    const failed = sending.find((sent) => sent.status === 'rejected');
    if (failed !== undefined) throw unsent(failed.reason);
  }

  async #sign(): Promise<void> {
    const { database, vault, now, target } = this.#options;
    const last = await findLastCheckpoint(database);
    const heads = await findChains(database);
    if (!isNews(heads, last)) return;
    const key = await findSigningKey(database, vault, now());
    // Later than the one before, whatever the clock says: files are continued by time.
    const atMs = Math.max(now(), last === undefined ? 0 : Date.parse(last.at) + 1);
    const checkpoint = signCheckpoint(key, last, toTimestamp(atMs), heads);
    await insertCheckpoint(database, checkpoint, target === undefined);
  }
}

export function checkpointOptionsOf(
  config: CheckpointConfig,
): Pick<CheckpointerOptions, 'everyMs' | 'file' | 'target'> {
  const { auditCheckpointUrl: url, auditCheckpointSecret: secret } = config;
  const target = url === undefined ? undefined : { url, secret };
  return { everyMs: config.auditCheckpointMs, file: config.auditCheckpointFile, target };
}

function isNews(heads: readonly ChainHead[], last: Checkpoint | undefined): boolean {
  const known = new Map(last?.heads.map(({ chain, hash }) => [chain, hash]));
  return heads.some(({ chain, hash }) => known.get(chain) !== hash);
}

function unsent(cause: Error): ApiError {
  const error = new ApiError(
    'checkpoint_unsent',
    `A checkpoint was signed and could not be sent: ${cause.message}. It is tried again; check BUNTING_AUDIT_CHECKPOINT_FILE and BUNTING_AUDIT_CHECKPOINT_URL.`,
  );
  error.cause = cause;
  return error;
}
