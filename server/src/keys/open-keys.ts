import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { LastUse } from '../access/last-use.ts';
import type { Changes } from '../changes/changes.ts';
import type { Config } from '../config/config.ts';
import { ContextProofs } from '../context-proofs/service.ts';
import type { Environments } from '../environments/service.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import { coalesce } from '../store/coalesce.ts';
import type { Store } from '../store/store.ts';
import type { Vault } from '../vault/vault.ts';
import { KeyRing } from './key-ring.ts';
import { noteKeyUse } from './repository.ts';
import { Keys } from './service.ts';

interface KeysOptions {
  readonly store: Store;
  readonly changes: Changes;
  readonly rulesets: Rulesets;
  readonly environments: Environments;
  readonly vault: Vault;
  readonly config: Pick<Config, 'bootstrapAdminKey'>;
  readonly log: FastifyBaseLogger;
  readonly now: () => number;
}

/** How often keys are read at most because one is not known, in milliseconds. */
const KEY_LOOK_UP_MS = 100;

/** The keys of SDKs and what proves pages' contexts, in memory: who connects waits for no database. */
export async function openKeys({ store, changes, rulesets, environments, vault, config, log, now }: KeysOptions) {
  const { database, engine } = store;
  const keyRing = new KeyRing(now);
  const keyUse = new LastUse({ write: (id, atMs) => noteKeyUse(database, id, atMs), log, now });
  keyRing.onUse(({ id, isWorker }) => {
    if (!isWorker) keyUse.note(id);
  });
  rulesets.onRemove(({ environmentId }) => keyRing.replace(environmentId, []));
  const keys = new Keys(database, changes, environments, keyRing, now);
  await keys.catchUp();
  // A flood of wrong keys reads them once in a while, not all the time.
  const lookUp = coalesce(() => Promise.all([keys.catchUp(), wait(KEY_LOOK_UP_MS)]).then(() => {}));
  if (engine === 'postgres') keyRing.lookUpBy(lookUp);
  if (config.bootstrapAdminKey !== undefined) await keys.ensureAdminKey(config.bootstrapAdminKey);
  const contextProofs = new ContextProofs({ database, changes, environments, vault, ring: keyRing, log });
  await contextProofs.catchUp();
  changes.onCount('context-proofs', () => contextProofs.refresh());
  return { keyRing, keys, contextProofs };
}
