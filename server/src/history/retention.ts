import type { FastifyBaseLogger } from 'fastify';
import { eraseOrigins } from '../audit/repository.ts';
import type { Config } from '../config/config.ts';
import { forgetMeasurements } from '../gates/repository.ts';
import { forgetRuns } from '../migration-plans/repository.ts';
import { forgetEnded } from '../releases/forget.ts';
import { findHeads } from '../rulesets/repository.ts';
import type { Database } from '../store/tables.ts';
import { forgetBefore } from './repository.ts';

export interface RetentionOptions {
  readonly database: Database;
  readonly log: Pick<FastifyBaseLogger, 'info' | 'warn'>;
  readonly now: () => number;
  readonly config: Pick<
    Config,
    'historyRetentionDays' | 'auditOriginRetentionDays' | 'gateRetentionDays' | 'releaseRetentionDays'
  >;
}

const DAY_MS = 86_400_000;
const EVERY_MS = 6 * 60 * 60 * 1000;

/**
 * Forgets what was kept for long enough: documents of old revisions, from where old audit events came,
 * what gates measured, and how releases and migrations that have ended went.
 */
export class Retention {
  readonly #options: RetentionOptions;
  readonly #timer: NodeJS.Timeout;
  #sweeping: Promise<void> | undefined;

  constructor(options: RetentionOptions) {
    this.#options = options;
    this.#timer = setInterval(() => {
      this.#sweeping = this.sweep().catch((error) => options.log.warn({ err: error }, 'could not forget the past'));
    }, EVERY_MS).unref();
  }

  /** Several servers may do so at once. */
  async sweep(): Promise<void> {
    const { database, log, now, config } = this.#options;
    const { historyRetentionDays, auditOriginRetentionDays, gateRetentionDays, releaseRetentionDays } = config;
    if (historyRetentionDays > 0) {
      const beforeMs = now() - historyRetentionDays * DAY_MS;
      for (const { environmentId } of await findHeads(database)) {
        const documents = await forgetBefore(database, environmentId, beforeMs);
        if (documents > 0) log.info({ environmentId, documents }, 'forgot what old revisions served');
      }
    }
    if (auditOriginRetentionDays > 0) await eraseOrigins(database, now() - auditOriginRetentionDays * DAY_MS);
    if (gateRetentionDays > 0) await forgetMeasurements(database, now() - gateRetentionDays * DAY_MS);
    if (releaseRetentionDays > 0) {
      const beforeMs = now() - releaseRetentionDays * DAY_MS;
      const releases = await forgetEnded(database, now(), beforeMs);
      if (releases > 0) log.info({ releases }, 'forgot what was decided about releases');
      await forgetRuns(database, beforeMs);
    }
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sweeping;
  }
}
