import type { FastifyBaseLogger } from 'fastify';
import { newSecret } from '../access/secrets.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import type { Environments } from '../environments/service.ts';
import { ApiError, notFound } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import type { ContextProof, KeyRing } from '../keys/key-ring.ts';
import { Book } from '../store/book.ts';
import { readCounter } from '../store/counters.ts';
import { newId } from '../store/new-id.ts';
import { inSnapshot } from '../store/snapshot.ts';
import type { ContextProofSecretRow } from '../store/tables/contexts.ts';
import type { Database, Querier } from '../store/tables.ts';
import type { Vault } from '../vault/vault.ts';
import {
  type ContextProofMode,
  deleteSecret,
  findAllProofs,
  findMode,
  findSecrets,
  insertSecret,
  saveMode,
} from './repository.ts';

export interface ContextProofsDependencies {
  readonly database: Database;
  readonly changes: Changes;
  readonly environments: Environments;
  readonly vault: Vault;
  readonly ring: KeyRing;
  readonly log: Pick<FastifyBaseLogger, 'error'>;
}

export interface ContextProofSettings {
  readonly mode: ContextProofMode;
  /** Newest first. */
  readonly secrets: { readonly id: string; readonly createdAt: string }[];
}

/** While hosts go over from one to the other. */
const MAX_SECRETS = 2;

const PREFIX = 'bnt_ctx_';

/** Whether pages must prove their contexts, by environment, and the secrets for it. What holds is in the key ring. */
export class ContextProofs extends Book {
  readonly #dependencies: ContextProofsDependencies;

  constructor(dependencies: ContextProofsDependencies) {
    super(dependencies.log, 'context proofs');
    this.#dependencies = dependencies;
  }

  async get(project: string, environment: string): Promise<ContextProofSettings> {
    const { database, environments } = this.#dependencies;
    const place = await environments.find(project, environment);
    return readSettings(database, place.environment.id);
  }

  setMode(caller: Caller, project: string, environment: string, mode: ContextProofMode): Promise<ContextProofSettings> {
    return this.#change(caller, project, environment, async (draft, environmentId) => {
      const before = await readSettings(draft.tx, environmentId);
      if (mode === 'required' && before.secrets.length === 0) throw missingSecret();
      if (before.mode !== mode) {
        await saveMode(draft.tx, environmentId, mode);
        await draft.audit({
          action: 'environment.context-proof.updated',
          ...{ project, environment },
          target: { kind: 'environment', key: environment },
          before: { mode: before.mode },
          after: { mode },
        });
      }
      return { ...before, mode };
    });
  }

  /** Makes another secret; the ones before go on holding. */
  addSecret(caller: Caller, project: string, environment: string) {
    return this.#change(caller, project, environment, async (draft, environmentId) => {
      if ((await findSecrets(draft.tx, environmentId)).length >= MAX_SECRETS) {
        throw new ApiError('conflict', `There are ${MAX_SECRETS} secrets. Retire the one that no host uses any more.`);
      }
      const secret = PREFIX + newSecret();
      const sealed = this.#dependencies.vault.seal(purposeOf(environmentId), secret);
      const row = { id: newId(draft.atMs), environment_id: environmentId, sealed, created_at: draft.atMs };
      await insertSecret(draft.tx, row);
      const target = { kind: 'context-proof-secret', key: row.id };
      await draft.audit({ action: 'context-proof-secret.created', ...{ project, environment }, target });
      return { ...describe(row), secret };
    });
  }

  /** What was proved by the secret is refused from now on. */
  async retireSecret(caller: Caller, project: string, environment: string, id: string): Promise<void> {
    await this.#change(caller, project, environment, async (draft, environmentId) => {
      const { mode, secrets } = await readSettings(draft.tx, environmentId);
      if (!secrets.some((secret) => secret.id === id)) {
        throw notFound(`context proof secret "${id}" in environment "${environment}"`);
      }
      if (mode === 'required' && secrets.length === 1) throw missingSecret();
      await deleteSecret(draft.tx, id);
      const target = { kind: 'context-proof-secret', key: id };
      await draft.audit({ action: 'context-proof-secret.retired', ...{ project, environment }, target });
    });
  }

  /** Changes come one after the other: each holds the project, and then the counter. */
  async #change<T>(
    caller: Caller,
    project: string,
    environment: string,
    work: (draft: Draft, environmentId: string) => Promise<T>,
  ): Promise<T> {
    const { changes, environments } = this.#dependencies;
    const { result } = await changes.commit(caller, async (draft) => {
      const place = await environments.find(project, environment, draft.tx);
      await draft.count('context-proofs');
      return work(draft, place.environment.id);
    });
    return result;
  }

  protected override async load(): Promise<number> {
    const { count, modes, secrets } = await inSnapshot(this.#dependencies.database, async (tx) => ({
      count: await readCounter(tx, 'context-proofs'),
      ...(await findAllProofs(tx)),
    }));
    const required = modes.filter(({ mode }) => mode === 'required').map((row) => row.environment_id);
    const proofs = new Map<string, ContextProof>();
    for (const environmentId of required) {
      const own = secrets.filter((row) => row.environment_id === environmentId);
      proofs.set(environmentId, { secrets: own.flatMap((row) => this.#open(row)) });
    }
    this.#dependencies.ring.replaceProofs(proofs);
    return count;
  }

  /** One that cannot be opened proves nothing: pages are refused rather than believed. */
  #open({ id, environment_id, sealed }: ContextProofSecretRow): string[] {
    try {
      return [this.#dependencies.vault.open(purposeOf(environment_id), sealed)];
    } catch (error) {
      const context = { err: error, environmentId: environment_id, secret: id };
      this.#dependencies.log.error(context, 'a context proof secret cannot be opened: what it proves is refused');
      return [];
    }
  }
}

async function readSettings(db: Querier, environmentId: string): Promise<ContextProofSettings> {
  const secrets = await findSecrets(db, environmentId);
  return { mode: await findMode(db, environmentId), secrets: secrets.map(describe) };
}

function describe({ id, created_at }: ContextProofSecretRow) {
  return { id, createdAt: toTimestamp(created_at) };
}

function purposeOf(environmentId: string): string {
  return `context-proof:${environmentId}`;
}

function missingSecret(): ApiError {
  return new ApiError(
    'conflict',
    'Without a secret nobody could prove a context. Make one first (POST .../context-proof/secrets), or set the mode to off.',
  );
}
