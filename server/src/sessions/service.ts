import { setTimeout as pause } from 'node:timers/promises';
import type { Static } from '@sinclair/typebox';
import { hashSecret, newSecret } from '../access/secrets.ts';
import type { Origin } from '../audit/origin.ts';
import { notFound } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import type { Lease } from '../receipts/event-stream.ts';
import { findPolicy } from '../sign-in-policy/repository.ts';
import { fromBit, toBit } from '../store/booleans.ts';
import type { SessionRow } from '../store/tables/access.ts';
import type { Database } from '../store/tables.ts';
import type { User } from '../users/user.ts';
import { endOfSession, SESSION_MAX_AGE_MS } from './lifetime.ts';
import { RecentSessions } from './recent-sessions.ts';
import {
  deleteExpiredSessions,
  deleteSession,
  extendSession,
  type FoundSession,
  findSession,
  findSessionsOf,
  insertSession,
} from './repository.ts';
import type { OpenSessionSchema } from './schemas.ts';

/** Use is noted, and extends a session, at most this often, so that reading does not write each time. */
const EXTEND_EVERY_MS = 60 * 60 * 1000;

/** How long the database may take where a remembered session will do, in milliseconds. */
const RECALL_AFTER_MS = 250;

export type OpenSession = Static<typeof OpenSessionSchema>;

export interface StartedSession {
  /** For the cookie. */
  readonly token: string;
  /** Whether a second factor must be set up before anything else. */
  readonly mustEnrol: boolean;
}

export interface ValidSession {
  readonly user: User;
  /** Whether more than a password was shown, here or at a provider of identities. */
  readonly isStrong: boolean;
  readonly mustEnrol: boolean;
  /** Set when the session ends later than it did: in so many milliseconds, so that its cookie should too. */
  readonly lifetimeMs?: number;
}

/** Which sessions there are, and who a session's cookie belongs to. */
export class Sessions {
  readonly #database: Database;
  readonly #now: () => number;
  /** Who wants to know when a session is signed out of, by its token's hash. */
  readonly #endListeners = new Map<string, Set<() => void>>();
  readonly #recent = new RecentSessions();

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  async begin(userId: string, origin: Origin, { isStrong }: { readonly isStrong: boolean }): Promise<StartedSession> {
    const token = newSecret();
    const nowMs = this.#now();
    await deleteExpiredSessions(this.#database, nowMs);
    await insertSession(this.#database, {
      token_hash: hashSecret(token),
      user_id: userId,
      created_at: nowMs,
      expires_at: endOfSession(nowMs, nowMs),
      address: origin.address,
      user_agent: origin.userAgent ?? null,
      used_at: nowMs,
      strong: toBit(isStrong),
    });
    const policy = await findPolicy(this.#database);
    return { token, mustEnrol: policy?.requireSecondFactor === true && !isStrong };
  }

  async find(token: string): Promise<ValidSession | undefined> {
    const tokenHash = hashSecret(token);
    const session = await findSession(this.#database, tokenHash);
    const nowMs = this.#now();
    if (session === undefined || isOver(session.row, nowMs)) {
      this.#recent.delete(tokenHash);
      return undefined;
    }
    const { user, row } = session;
    const mustEnrol = isTooWeak(session);
    const found = { user, isStrong: fromBit(row.strong), mustEnrol };
    if (mustEnrol) this.#recent.delete(tokenHash);
    else this.#recent.set(tokenHash, user, nowMs);
    if (nowMs - usedAtOf(row) <= EXTEND_EVERY_MS) return found;
    const expiresAtMs = endOfSession(row.created_at, nowMs);
    await extendSession(this.#database, tokenHash, { usedAtMs: nowMs, expiresAtMs });
    return { ...found, lifetimeMs: expiresAtMs - nowMs };
  }

  /**
   * As `find`; where the database does not answer, a session that it confirmed lately will do. For what must not wait and
   * can do no harm.
   */
  async findOrRecall(token: string): Promise<ValidSession | undefined> {
    const recalled = this.#recent.get(hashSecret(token), this.#now());
    const found = this.find(token);
    if (recalled === undefined) return found;
    const remembered = { user: recalled, isStrong: false, mustEnrol: false };
    const late = pause(RECALL_AFTER_MS, remembered, { ref: false });
    return Promise.race([found.catch(() => remembered), late]);
  }

  /** Someone's sessions, newest first. @param token of the session that asks, where it is one of them */
  async list(userId: string, token?: string): Promise<OpenSession[]> {
    const rows = await findSessionsOf(this.#database, userId, this.#now());
    const own = token === undefined ? undefined : hashSecret(token);
    return rows.map((row) => show(row, row.token_hash === own));
  }

  async end(token: string): Promise<void> {
    await this.#end(hashSecret(token));
  }

  /** Ends one of someone's sessions. @throws {ApiError} `not_found` */
  async endOne(userId: string, id: string): Promise<void> {
    const rows = await findSessionsOf(this.#database, userId, this.#now());
    const row = rows.find(({ token_hash }) => idOf(token_hash) === id);
    if (row === undefined) throw notFound(`session "${id}"`);
    await this.#end(row.token_hash);
  }

  /** Ends all of someone's sessions but the one with this token. */
  async endOthers(userId: string, token: string): Promise<void> {
    const own = hashSecret(token);
    const rows = await findSessionsOf(this.#database, userId, this.#now());
    for (const { token_hash } of rows) if (token_hash !== own) await this.#end(token_hash);
  }

  /** Forgets the sessions of someone whose sessions were deleted: they are not recalled any more. */
  forget(userId: string): void {
    this.#recent.deleteOf(userId);
  }

  async #end(tokenHash: string): Promise<void> {
    this.#recent.delete(tokenHash);
    await deleteSession(this.#database, tokenHash);
    for (const listener of [...(this.#endListeners.get(tokenHash) ?? [])]) listener();
  }

  /** For what outlives a request. Holding it does not extend the session. */
  lease(token: string): Lease {
    const tokenHash = hashSecret(token);
    return {
      isValid: async () => {
        const session = await findSession(this.#database, tokenHash);
        return session !== undefined && !isOver(session.row, this.#now()) && !isTooWeak(session);
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

/** What a session is called by: a part of its token's hash, which tells nothing of the token. */
function idOf(tokenHash: string): string {
  return tokenHash.slice(0, 24);
}

/** Servers of the version before let a session grow older. */
function isOver({ created_at, expires_at }: Pick<SessionRow, 'created_at' | 'expires_at'>, nowMs: number): boolean {
  return nowMs >= expires_at || nowMs >= created_at + SESSION_MAX_AGE_MS;
}

/** What is asked of sessions may change while they go on. */
function isTooWeak({ row, requiresStrong }: FoundSession): boolean {
  return requiresStrong && !fromBit(row.strong);
}

function usedAtOf({ used_at, created_at }: Pick<SessionRow, 'used_at' | 'created_at'>): number {
  return used_at ?? created_at;
}

function show(row: SessionRow, isCurrent: boolean): OpenSession {
  return {
    id: idOf(row.token_hash),
    isCurrent,
    createdAt: toTimestamp(row.created_at),
    lastUsedAt: toTimestamp(usedAtOf(row)),
    expiresAt: toTimestamp(row.expires_at),
    address: row.address,
    userAgent: row.user_agent,
  };
}
