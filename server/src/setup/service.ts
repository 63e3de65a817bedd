import type { Static } from '@sinclair/typebox';
import { hashPassword } from '../access/passwords.ts';
import { isSameSecret, newSecret } from '../access/secrets.ts';
import { SYSTEM } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import { ApiError } from '../http/api-error.ts';
import type { Sessions } from '../sessions/service.ts';
import { newId } from '../store/new-id.ts';
import type { Database } from '../store/tables.ts';
import { countUsers, insertUser, toUser } from '../users/repository.ts';
import type { User } from '../users/user.ts';
import type { SetupInput } from './schemas.ts';

/**
 * Makes the owner account, by a one-time link. The link's token lives in this process only: each start without an
 * owner prints a new one, and the ones before are void.
 */
export class Setup {
  readonly #database: Database;
  readonly #changes: Changes;
  readonly #sessions: Sessions;
  #token: string | undefined;

  constructor(database: Database, changes: Changes, sessions: Sessions) {
    this.#database = database;
    this.#changes = changes;
    this.#sessions = sessions;
  }

  /** The token of the one-time link; undefined when there is an owner. Called once at start. */
  async begin(): Promise<string | undefined> {
    if (!(await this.isRequired())) return undefined;
    this.#token = newSecret();
    return this.#token;
  }

  async isRequired(): Promise<boolean> {
    return (await countUsers(this.#database)) === 0;
  }

  /** Makes the owner and signs them in. */
  async finish(input: Static<typeof SetupInput>, requestId: string): Promise<{ user: User; token: string }> {
    const { token, name, email, password } = input;
    if (!(await this.isRequired())) throw alreadySetUp();
    if (this.#token === undefined || !isSameSecret(token, this.#token)) {
      throw new ApiError(
        'setup_token_invalid',
        'The link is not valid. Use the one that the server printed at its latest start, or restart it for a new one.',
      );
    }
    const passwordHash = await hashPassword(password);
    const { result } = await this.#changes.commit({ ...SYSTEM, requestId }, async (draft) => {
      // Asked again inside the transaction: the link may have been used twice at once.
      if ((await countUsers(draft.tx)) > 0) throw alreadySetUp();
      const user = {
        id: newId(draft.atMs),
        email: email.trim().toLowerCase(),
        name,
        role: 'owner',
        password_hash: passwordHash,
        created_at: draft.atMs,
      };
      await insertUser(draft.tx, user);
      await draft.audit({ action: 'user.created', target: { kind: 'user', key: user.id }, after: toUser(user) });
      return toUser(user);
    });
    this.#token = undefined;
    return { user: result, token: await this.#sessions.begin(result.id) };
  }
}

function alreadySetUp(): ApiError {
  return new ApiError('already_set_up', 'There is an owner account already. Sign in with it.');
}
