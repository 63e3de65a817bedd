import { setTimeout as pause } from 'node:timers/promises';
import { checkPassword } from '../access/passwords.ts';
import { hashSecret, newSecret } from '../access/secrets.ts';
import { Throttle } from '../access/throttle.ts';
import { ApiError } from '../http/api-error.ts';
import type { Lease } from '../receipts/event-stream.ts';
import type { Database } from '../store/tables.ts';
import { findUserByEmail, toUser } from '../users/repository.ts';
import type { User } from '../users/user.ts';
import { SESSION_LIFETIME_MS } from './cookie.ts';
import { RecentSessions } from './recent-sessions.ts';
import { deleteExpiredSessions, deleteSession, extendSession, findSession, insertSession } from './repository.ts';

/** Use extends a session at most this often, so that reading does not write each time. */
const EXTEND_EVERY_MS = 60 * 60 * 1000;

/** How long the database may take where a remembered session will do, in milliseconds. */
const RECALL_AFTER_MS = 250;

/** Signing in and out, and who a session's cookie belongs to. */
export class Sessions {
  readonly #database: Database;
  readonly #now: () => number;
  /** Who wants to know when a session is signed out of, by its token's hash. */
  readonly #endListeners = new Map<string, Set<() => void>>();
  readonly #recent = new RecentSessions();
  readonly #byAddress = new Throttle({ burst: 20, refillMs: 3_000 });
  readonly #byAccount = new Throttle({ burst: 10, refillMs: 6_000 });

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  /** @throws {ApiError} `wrong_credentials`, the same whether or not there is such a user; `rate_limited` */
  async signIn(emailAsTyped: string, password: string, address: string): Promise<{ user: User; token: string }> {
    const email = emailAsTyped.trim().toLowerCase();
    const nowMs = this.#now();
    const waitMs = Math.max(this.#byAddress.take(address, nowMs), this.#byAccount.take(email, nowMs));
    if (waitMs > 0) throw tooManyAttempts(waitMs);
    const row = await findUserByEmail(this.#database, email);
    // Nobody learns whether an account has no password yet, or is disabled.
    const isRight = await checkPassword(row?.password_hash || undefined, password);
    if (row === undefined || row.disabled_at !== null || !isRight) {
      throw new ApiError('wrong_credentials', 'Email and password do not match an account. Check both and try again.');
    }
    this.#byAccount.reset(email);
    return { user: toUser(row), token: await this.begin(row.id) };
  }

  /** Starts a session. @returns its token, for the cookie */
  async begin(userId: string): Promise<string> {
    const token = newSecret();
    const createdAtMs = this.#now();
    await deleteExpiredSessions(this.#database, createdAtMs);
    const expiresAtMs = createdAtMs + SESSION_LIFETIME_MS;
    await insertSession(this.#database, { tokenHash: hashSecret(token), userId, createdAtMs, expiresAtMs });
    return token;
  }

  /** The session's user; `isExtended` when the session now ends later, so that its cookie should too. */
  async find(token: string): Promise<{ user: User; isExtended: boolean } | undefined> {
    const tokenHash = hashSecret(token);
    const session = await findSession(this.#database, tokenHash);
    const nowMs = this.#now();
    if (session === undefined || session.expiresAtMs <= nowMs) {
      this.#recent.delete(tokenHash);
      return undefined;
    }
    const expiresAtMs = nowMs + SESSION_LIFETIME_MS;
    const isExtended = expiresAtMs - session.expiresAtMs > EXTEND_EVERY_MS;
    if (isExtended) await extendSession(this.#database, tokenHash, expiresAtMs);
    this.#recent.set(tokenHash, session.user, nowMs);
    return { user: session.user, isExtended };
  }

  /**
   * As `find`; where the database does not answer, a session that it confirmed lately will do. For what must not wait and
   * can do no harm.
   */
  async findOrRecall(token: string): Promise<{ user: User; isExtended: boolean } | undefined> {
    const recalled = this.#recent.get(hashSecret(token), this.#now());
    const found = this.find(token);
    if (recalled === undefined) return found;
    const remembered = { user: recalled, isExtended: false };
    const late = pause(RECALL_AFTER_MS, remembered, { ref: false });
    return Promise.race([found.catch(() => remembered), late]);
  }

  async end(token: string): Promise<void> {
    const tokenHash = hashSecret(token);
    this.#recent.delete(tokenHash);
    await deleteSession(this.#database, tokenHash);
    for (const listener of [...(this.#endListeners.get(tokenHash) ?? [])]) listener();
  }

  /** Forgets the sessions of someone whose sessions were deleted: they are not recalled any more. */
  forget(userId: string): void {
    this.#recent.deleteOf(userId);
  }

  /** For what outlives a request. Holding it does not extend the session. */
  lease(token: string): Lease {
    const tokenHash = hashSecret(token);
    return {
      isValid: async () => {
        const session = await findSession(this.#database, tokenHash);
        return session !== undefined && session.expiresAtMs > this.#now();
      },
      onEnd: (listener) => {
        const listeners = this.#endListeners.get(tokenHash) ?? new Set();
        this.#endListeners.set(tokenHash, listeners.add(listener));
        return () => {
          listeners.delete(listener);
          if (listeners.size === 0) this.#endListeners.delete(tokenHash);
        };
      },
    };
  }
}

function tooManyAttempts(waitMs: number): ApiError {
  const seconds = Math.ceil(waitMs / 1000);
  return new ApiError('rate_limited', `Too many attempts to sign in. Try again in ${seconds} s.`, undefined, {
    'retry-after': String(seconds),
  });
}
