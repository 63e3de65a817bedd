import type { Static } from '@sinclair/typebox';
import { renderSVG } from 'uqr';
import type { AccessBook } from '../access/access-book.ts';
import { requireAtLeast } from '../access/edit-access.ts';
import { NO_POWERS } from '../access/powers.ts';
import type { Caller } from '../audit/actor.ts';
import type { Origin } from '../audit/origin.ts';
import type { Changes } from '../changes/changes.ts';
import { ApiError } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { Throttle } from '../http/throttle.ts';
import { tooManyAttempts } from '../sessions/credentials.ts';
import { deleteSessionsOf } from '../sessions/repository.ts';
import type { Sessions, StartedSession } from '../sessions/service.ts';
import { findPolicy } from '../sign-in-policy/repository.ts';
import type { UserRow } from '../store/tables/access.ts';
import type { Database } from '../store/tables.ts';
import { requireUser } from '../users/service.ts';
import type { User } from '../users/user.ts';
import type { Vault } from '../vault/vault.ts';
import { hashRecoveryCode, newRecoveryCodes } from './recovery-codes.ts';
import {
  confirmSecondFactor,
  countRecoveryCodes,
  deleteSecondFactor,
  findSecondFactor,
  replaceRecoveryCodes,
  replaceSecondFactor,
  useRecoveryCode,
  useStep,
} from './repository.ts';
import type { EnrolmentSchema, SecondFactorSchema } from './schemas.ts';
import { newTotpSecret, stepOfCode, totpUri } from './totp.ts';

/**
 * Of 3 000 000 guesses one is right, as three codes of a million are valid at once: who has the password and tries for a day
 * gets in at each server with a chance of 1 in 1 400.
 */
const THROTTLE = { burst: 5, refillMs: 120_000 };

export interface SecondFactorsDependencies {
  readonly database: Database;
  readonly changes: Changes;
  readonly vault: Vault;
  readonly sessions: Sessions;
  readonly book: AccessBook;
  /** What authenticator apps call this installation. */
  readonly issuer: string;
  readonly now: () => number;
}

/** One-time codes from an authenticator app, besides the password. */
export class SecondFactors {
  readonly #dependencies: SecondFactorsDependencies;
  readonly #attempts = new Throttle(THROTTLE);

  constructor(dependencies: SecondFactorsDependencies) {
    this.#dependencies = dependencies;
  }

  async get(userId: string): Promise<Static<typeof SecondFactorSchema>> {
    const { database } = this.#dependencies;
    const { confirmed_at = null } = (await findSecondFactor(database, userId)) ?? {};
    const isOn = confirmed_at !== null;
    return {
      enabled: isOn,
      since: isOn ? toTimestamp(confirmed_at) : null,
      recoveryCodesLeft: isOn ? await countRecoveryCodes(database, userId) : 0,
      required: (await findPolicy(database))?.requireSecondFactor ?? false,
    };
  }

  /**
   * Asks who has shown a password for the second factor, if they have one.
   * @param code from the app, or a recovery code; each counts once
   * @returns whether there is one, and it was shown
   * @throws {ApiError} `second_factor_required`, `wrong_code`, `rate_limited`
   */
  async check(
    { id, name }: Pick<UserRow, 'id' | 'name'>,
    code: string | undefined,
    asker: { readonly requestId: string; readonly origin: Origin },
  ): Promise<boolean> {
    const { database, changes, vault, now } = this.#dependencies;
    const row = await findSecondFactor(database, id);
    if (row === undefined || row.confirmed_at === null) return false;
    if (code === undefined) {
      const message = 'This account has a second factor: send the code of the app, or a recovery code, as `code`.';
      throw new ApiError('second_factor_required', message);
    }
    const waitMs = this.#attempts.take(id, now());
    if (waitMs > 0) throw tooManyAttempts(waitMs);
    if (isTotp(code)) {
      const step = stepOfCode(vault.open(purposeOf(id), row.sealed), code.trim(), now());
      if (step === undefined || !(await useStep(database, id, step))) throw wrongCode();
    } else {
      const caller: Caller = { actor: { kind: 'user', id, name }, ...asker, ...NO_POWERS };
      await changes.commit(caller, async (draft) => {
        if (!(await useRecoveryCode(draft.tx, id, hashRecoveryCode(code)))) throw wrongCode();
        await draft.audit({ action: 'user.recovery-code-used', target: { kind: 'user', key: id } });
      });
    }
    this.#attempts.reset(id);
    return true;
  }

  /** Makes a secret for the app. It counts when a code of it was shown. @throws {ApiError} `conflict`, `vault_locked` */
  async begin({ id, email }: User): Promise<Static<typeof EnrolmentSchema>> {
    const { database, vault, issuer, now } = this.#dependencies;
    if ((await this.get(id)).enabled) throw new ApiError('conflict', 'There is a second factor. Remove it first.');
    const secret = newTotpSecret();
    const sealed = vault.seal(purposeOf(id), secret);
    const row = { user_id: id, sealed, created_at: now(), confirmed_at: null, last_step: 0 };
    await database.transaction().execute((tx) => replaceSecondFactor(tx, row));
    const uri = totpUri(secret, email, issuer);
    return { secret, uri, qr: renderSVG(uri) };
  }

  /** Turns it on, ends all other sessions, and begins this one anew. @throws {ApiError} `wrong_code`, `rate_limited` */
  async confirm(caller: Caller & { readonly origin: Origin }, code: string) {
    const { database, changes, vault, sessions, now } = this.#dependencies;
    const { id } = caller.actor;
    const row = await findSecondFactor(database, id);
    if (row === undefined || row.confirmed_at !== null) {
      throw new ApiError('conflict', 'No second factor waits for its first code. Begin with POST /second-factor.');
    }
    const waitMs = this.#attempts.take(id, now());
    if (waitMs > 0) throw tooManyAttempts(waitMs);
    const step = stepOfCode(vault.open(purposeOf(id), row.sealed), code.trim(), now());
    if (step === undefined) throw wrongCode();
    const recoveryCodes = newRecoveryCodes();
    await changes.commit(caller, async (draft) => {
      if (!(await useStep(draft.tx, id, step))) throw wrongCode();
      await confirmSecondFactor(draft.tx, id, draft.atMs);
      await replaceRecoveryCodes(draft.tx, id, recoveryCodes.map(hashRecoveryCode));
      await deleteSessionsOf(draft.tx, id);
      await draft.audit({ action: 'user.second-factor-added', target: { kind: 'user', key: id } });
    });
    this.#attempts.reset(id);
    sessions.forget(id);
    return { recoveryCodes, session: await sessions.begin(id, caller.origin, { isStrong: true }) };
  }

  /** Ten new ones in place of those that were left. */
  async renewRecoveryCodes(caller: Caller): Promise<string[]> {
    const { id } = caller.actor;
    if (!(await this.get(id)).enabled) throw new ApiError('conflict', 'There is no second factor. Set one up first.');
    const recoveryCodes = newRecoveryCodes();
    await this.#dependencies.changes.commit(caller, async (draft) => {
      await replaceRecoveryCodes(draft.tx, id, recoveryCodes.map(hashRecoveryCode));
      await draft.audit({ action: 'user.recovery-codes-renewed', target: { kind: 'user', key: id } });
    });
    return recoveryCodes;
  }

  /** Of oneself; who asks has shown password and code. All other sessions end, and this one begins anew. */
  async remove(caller: Caller & { readonly origin: Origin }): Promise<StartedSession> {
    await this.#remove(caller, caller.actor.id);
    return this.#dependencies.sessions.begin(caller.actor.id, caller.origin, { isStrong: false });
  }

  /** Of someone who lost it: they are signed out, and sign in by the password alone. */
  async reset(caller: Caller, userId: string): Promise<void> {
    await requireUser(this.#dependencies.database, userId);
    requireAtLeast(caller, this.#dependencies.book.grantsOf('user', userId), 'This person');
    await this.#remove(caller, userId);
  }

  async #remove(caller: Caller, userId: string): Promise<void> {
    await this.#dependencies.changes.commit(caller, async (draft) => {
      if (!(await deleteSecondFactor(draft.tx, userId))) return;
      await deleteSessionsOf(draft.tx, userId);
      await draft.audit({ action: 'user.second-factor-removed', target: { kind: 'user', key: userId } });
    });
    this.#dependencies.sessions.forget(userId);
  }
}

function purposeOf(userId: string): string {
  return `second-factor:${userId}`;
}

/** Whether it is meant to be from the app: recovery codes are longer. */
function isTotp(code: string): boolean {
  return /^\s*\d{6}\s*$/.test(code);
}

function wrongCode(): ApiError {
  return new ApiError(
    'wrong_code',
    'The code is wrong, too old, or was used before. Wait for the next one and try again.',
  );
}
