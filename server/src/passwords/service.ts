import type { Static } from '@sinclair/typebox';
import { NO_POWERS } from '../access/powers.ts';
import { hashSecret } from '../access/secrets.ts';
import type { Caller } from '../audit/actor.ts';
import type { Origin } from '../audit/origin.ts';
import type { Changes } from '../changes/changes.ts';
import type { Draft } from '../changes/draft.ts';
import { addressGroup } from '../http/address-group.ts';
import { ApiError } from '../http/api-error.ts';
import { Throttle } from '../http/throttle.ts';
import { deleteSecondFactor } from '../second-factors/repository.ts';
import type { SecondFactors } from '../second-factors/service.ts';
import { type Credentials, tooManyAttempts } from '../sessions/credentials.ts';
import { deleteSessionsOf } from '../sessions/repository.ts';
import type { Sessions, StartedSession } from '../sessions/service.ts';
import type { SignInPolicies } from '../sign-in-policy/service.ts';
import { fromBit } from '../store/booleans.ts';
import type { Database } from '../store/tables.ts';
import { toUser, updateUser } from '../users/repository.ts';
import { requireUser } from '../users/service.ts';
import type { User } from '../users/user.ts';
import { hashPassword } from './hash.ts';
import { findPasswordLink, takePasswordLinks } from './repository.ts';
import type { PasswordChange, PasswordInput } from './schemas.ts';
import { requireStrongPassword } from './strength.ts';

export interface PasswordsDependencies {
  readonly database: Database;
  readonly changes: Changes;
  readonly sessions: Sessions;
  readonly credentials: Credentials;
  readonly factors: SecondFactors;
  readonly policies: SignInPolicies;
  readonly now: () => number;
}

/** Who asks, in a request without a caller. */
interface Asker {
  readonly requestId: string;
  readonly origin: Origin;
}

interface SignedIn extends StartedSession {
  readonly user: User;
}

/** How people come to a password. Whoever sets one is signed in anew, and nowhere else. */
export class Passwords {
  readonly #dependencies: PasswordsDependencies;
  readonly #byAddress = new Throttle({ burst: 20, refillMs: 3_000 });

  constructor(dependencies: PasswordsDependencies) {
    this.#dependencies = dependencies;
  }

  /** Sets the password of a one-time link's owner. @throws {ApiError} `link_invalid`, `rate_limited` */
  async setByLink({ token, password, code }: Static<typeof PasswordInput>, asker: Asker): Promise<SignedIn> {
    const { database, factors, policies, now } = this.#dependencies;
    const { requestId, origin } = asker;
    const waitMs = this.#byAddress.take(addressGroup(origin.address), now());
    if (waitMs > 0) throw tooManyAttempts(waitMs);
    const tokenHash = hashSecret(token);
    const link = await findPasswordLink(database, tokenHash, now());
    if (link === undefined) throw linkInvalid();
    const userId = link.user_id;
    const row = await requireUser(database, userId);
    const { name } = row;
    await policies.requirePasswordAllowed(userId);
    await requireStrongPassword(password, row);
    const dropsFactor = fromBit(link.drops_second_factor);
    const isStrong = !dropsFactor && (await factors.check(row, code, asker));
    const caller = { actor: { kind: 'user', id: userId, name } as const, requestId, origin, ...NO_POWERS };
    return this.#set(caller, { password, isStrong }, async (draft) => {
      // Asked again inside the transaction: a link may be used twice at once.
      if ((await findPasswordLink(draft.tx, tokenHash, draft.atMs)) === undefined) throw linkInvalid();
      if (!(await takePasswordLinks(draft.tx, userId)).includes(tokenHash)) throw linkInvalid();
      if (dropsFactor && (await deleteSecondFactor(draft.tx, userId))) {
        await draft.audit({ action: 'user.second-factor-removed', target: { kind: 'user', key: userId } });
      }
    });
  }

  /** @throws {ApiError} `wrong_credentials`, `rate_limited` */
  async change(
    caller: Caller & { readonly origin: Origin },
    sessionToken: string,
    { oldPassword, password }: Static<typeof PasswordChange>,
  ): Promise<SignedIn> {
    const { credentials, sessions } = this.#dependencies;
    const session = await sessions.find(sessionToken);
    if (session === undefined) throw new ApiError('unauthenticated', 'The session has ended. Sign in again.');
    const { user, isStrong } = session;
    const row = await credentials.checkPassword(user.email, oldPassword, caller.origin.address);
    await requireStrongPassword(password, row);
    return this.#set(caller, { password, isStrong }, async (draft) => {
      await takePasswordLinks(draft.tx, caller.actor.id);
    });
  }

  /** @param check runs in the transaction, and refuses by throwing */
  async #set(
    caller: Caller & { readonly origin: Origin },
    { password, isStrong }: { readonly password: string; readonly isStrong: boolean },
    check: (draft: Draft) => Promise<void>,
  ): Promise<SignedIn> {
    const { database, changes, sessions } = this.#dependencies;
    const { id } = caller.actor;
    const passwordHash = await hashPassword(password);
    await changes.commit(caller, async (draft) => {
      await check(draft);
      await updateUser(draft.tx, id, { password_hash: passwordHash });
      await deleteSessionsOf(draft.tx, id);
      await draft.audit({ action: 'user.password-set', target: { kind: 'user', key: id } });
    });
    sessions.forget(id);
    const user = toUser(await requireUser(database, id));
    return { user, ...(await sessions.begin(id, caller.origin, { isStrong })) };
  }
}

function linkInvalid(): ApiError {
  const message = 'The link is not valid: it was used, replaced, or is too old. Ask for a new one.';
  return new ApiError('link_invalid', message);
}
