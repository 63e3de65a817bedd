import type { FastifyBaseLogger } from 'fastify';
import { Checkpointer, checkpointOptionsOf } from '../audit/checkpointer.ts';
import { Audit } from '../audit/service.ts';
import type { Config } from '../config/config.ts';
import type { Environments } from '../environments/service.ts';
import type { Database } from '../store/tables.ts';
import type { Vault } from '../vault/vault.ts';
import { PastRulesets } from './past-rulesets.ts';
import { Retention } from './retention.ts';
import { History } from './service.ts';

interface HistoryOptions {
  readonly database: Database;
  readonly environments: Environments;
  readonly vault: Vault;
  readonly config: Config;
  readonly log: FastifyBaseLogger;
  readonly now: () => number;
}

/** What was: who did what, what was served then, and for how long either is kept. */
export function openHistory({ database, environments, vault, config, log, now }: HistoryOptions) {
  return {
    audit: new Audit(database, now),
    checkpointer: new Checkpointer({ database, vault, log, now, ...checkpointOptionsOf(config) }),
    history: new History(database, environments, new PastRulesets(database), now),
    retention: new Retention({ database, log, now, config }),
  };
}
