import type { Static } from '@sinclair/typebox';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import type { Database } from '../store/tables.ts';
import { findPolicy, savePolicy } from './repository.ts';
import type { SignInPolicySchema } from './schemas.ts';

export type SignInPolicy = Static<typeof SignInPolicySchema>;

export const DEFAULT_POLICY: SignInPolicy = { requireSecondFactor: false };

/** What the installation asks of whoever signs in. It holds from the next request on, also for those who are signed in. */
export class SignInPolicies {
  readonly #database: Database;
  readonly #changes: Changes;

  constructor(database: Database, changes: Changes) {
    this.#database = database;
    this.#changes = changes;
  }

  async get(): Promise<SignInPolicy> {
    return (await findPolicy(this.#database)) ?? DEFAULT_POLICY;
  }

  async set(caller: Caller, after: SignInPolicy): Promise<SignInPolicy> {
    await this.#changes.commit(caller, async (draft) => {
      const before = (await findPolicy(draft.tx)) ?? DEFAULT_POLICY;
      await savePolicy(draft.tx, after);
      const target = { kind: 'sign-in-policy', key: 'installation' };
      await draft.audit({ action: 'sign-in-policy.updated', target, before, after });
    });
    return after;
  }
}
