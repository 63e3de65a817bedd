import type { Static } from '@sinclair/typebox';
import { hashSecret, newSecret } from '../access/secrets.ts';
import { SYSTEM } from '../audit/actor.ts';
import type { Origin } from '../audit/origin.ts';
import type { Changes } from '../changes/changes.ts';
import { insertGrant } from '../grants/repository.ts';
import { ApiError } from '../http/api-error.ts';
import { hashPassword } from '../passwords/hash.ts';
import { requireStrongPassword } from '../passwords/strength.ts';
import { OWNER } from '../roles/role.ts';
import type { Sessions, StartedSession } from '../sessions/service.ts';
import { newId } from '../store/new-id.ts';
import type { Store } from '../store/store.ts';
import { countUsers, insertUser, toUser } from '../users/repository.ts';
import type { User } from '../users/user.ts';
import { deleteSetupTokens, insertSetupToken, isSetupToken, takeSetupTokens } from './repository.ts';
import type { SetupInput } from './schemas.ts';

/** Where several servers start, each leaves the links of the others alone for this long. */
const LINK_LIFETIME_MS = 24 * 60 * 60 * 1000;

/**
 * Makes the owner account, by a one-time link. Each start without an owner prints a new one. With SQLite the ones before
 * are void; on PostgreSQL those of other servers stay valid, for a day, and any server takes any of them.
 */
export class Setup {
  readonly #store: Store;
  readonly #changes: Changes;
  readonly #sessions: Sessions;
  readonly #now: () => number;

  constructor(store: Store, changes: Changes, sessions: Sessions, now: () => number) {
    this.#store = store;
    this.#changes = changes;
    this.#sessions = sessions;
    this.#now = now;
  }

  /** The token of the one-time link; undefined when there is an owner. Called once at start. */
  async begin(): Promise<string | undefined> {
    if (!(await this.isRequired())) return undefined;
    const { engine, database } = this.#store;
    const nowMs = this.#now();
    const token = newSecret();
    await deleteSetupTokens(database, engine === 'sqlite' ? Number.MAX_SAFE_INTEGER : nowMs - LINK_LIFETIME_MS);
    await insertSetupToken(database, hashSecret(token), nowMs);
    return token;
  }

  async isRequired(): Promise<boolean> {
    return (await countUsers(this.#store.database)) === 0;
  }

  /** Makes the owner and signs them in. */
  async finish(
    input: Static<typeof SetupInput>,
    { requestId, origin }: { readonly requestId: string; readonly origin: Origin },
  ): Promise<StartedSession & { readonly user: User }> {
    const { token, name, email, password } = input;
    if (!(await this.isRequired())) throw alreadySetUp();
    const tokenHash = hashSecret(token);
    if (!(await isSetupToken(this.#store.database, tokenHash))) {
      // Unless someone else has just used it, or another one.
      throw (await this.isRequired()) ? tokenInvalid() : alreadySetUp();
    }
    await requireStrongPassword(password, { email, name });
    const passwordHash = await hashPassword(password);
    const { result } = await this.#changes.commit({ ...SYSTEM, requestId, origin }, async (draft) => {
      // Asked again inside the transaction: links may be used twice at once. Only one gets the tokens.
      const tokens = await takeSetupTokens(draft.tx);
      if ((await countUsers(draft.tx)) > 0) throw alreadySetUp();
      if (!tokens.includes(tokenHash)) throw tokenInvalid();
      const user = {
        id: newId(draft.atMs),
        email: email.trim().toLowerCase(),
        name,
        role: 'owner',
        password_hash: passwordHash,
        created_at: draft.atMs,
        disabled_at: null,
        external_id: null,
      };
      await draft.count('access');
      await insertUser(draft.tx, user);
      await insertGrant(draft.tx, {
        id: newId(draft.atMs),
        user_id: user.id,
        group_id: null,
        service_account_id: null,
        role: OWNER,
        project_id: null,
        environment_id: null,
        created_at: draft.atMs,
      });
      await draft.audit({ action: 'user.created', target: { kind: 'user', key: user.id }, after: toUser(user) });
      return toUser(user);
    });
    return { user: result, ...(await this.#sessions.begin(result.id, origin, { isStrong: false })) };
  }
}

function tokenInvalid(): ApiError {
  return new ApiError(
    'setup_token_invalid',
    'The link is not valid. Use the one that the server printed at its latest start, or restart it for a new one.',
  );
}

function alreadySetUp(): ApiError {
  return new ApiError('already_set_up', 'There is an owner account already. Sign in with it.');
}
