import type { Static } from '@sinclair/typebox';
import type { AccessBook } from '../access/access-book.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import { ApiError, validationFailed } from '../http/api-error.ts';
import { findProviders } from '../identity-providers/repository.ts';
import { OWNER } from '../roles/role.ts';
import type { Database } from '../store/tables.ts';
import { findPolicy, savePolicy } from './repository.ts';
import type { SignInPolicySchema } from './schemas.ts';

export type SignInPolicy = Static<typeof SignInPolicySchema>;

const DEFAULT_POLICY: SignInPolicy = { passwords: 'everyone', requireSecondFactor: false };

/** What the installation asks of whoever signs in. It holds from the next request on, also for those who are signed in. */
export class SignInPolicies {
  readonly #database: Database;
  readonly #changes: Changes;
  readonly #book: AccessBook;

  constructor(database: Database, changes: Changes, book: AccessBook) {
    this.#database = database;
    this.#changes = changes;
    this.#book = book;
  }

  async get(): Promise<SignInPolicy> {
    return (await findPolicy(this.#database)) ?? DEFAULT_POLICY;
  }

  /** @throws {ApiError} `sso_required` when someone is to sign in by a provider. Asked when the password was right */
  async requirePasswordAllowed(userId: string): Promise<void> {
    if ((await this.get()).passwords === 'everyone') return;
    const grants = this.#book.grantsOf('user', userId);
    if (grants.some(({ role, place }) => role.key === OWNER && place.project === undefined)) return;
    const message = 'Passwords are for owners here. Sign in by one of the providers of single sign-on.';
    throw new ApiError('sso_required', message);
  }

  async set(caller: Caller, after: SignInPolicy): Promise<SignInPolicy> {
    await this.#changes.commit(caller, async (draft) => {
      if (after.passwords === 'owners' && (await findProviders(draft.tx)).length === 0) {
        const message = 'needs a provider of single sign-on, or nobody else could sign in; see PUT /identity-providers';
        throw validationFailed([{ path: 'passwords', message }]);
      }
      const before = (await findPolicy(draft.tx)) ?? DEFAULT_POLICY;
      await savePolicy(draft.tx, after);
      const target = { kind: 'sign-in-policy', key: 'installation' };
      await draft.audit({ action: 'sign-in-policy.updated', target, before, after });
    });
    return after;
  }
}
