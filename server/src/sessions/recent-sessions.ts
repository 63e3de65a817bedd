import type { User } from '../users/user.ts';

/** A session is remembered for this long after the database confirmed it, in milliseconds. */
const REMEMBER_MS = 15 * 60 * 1000;
const MAX_SESSIONS = 1_000;

interface Confirmed {
  readonly user: User;
  readonly atMs: number;
}

/** Whose sessions were in use lately, by the token's hash: bounded in time and number. */
export class RecentSessions {
  /** The one confirmed longest ago comes first. */
  readonly #byHash = new Map<string, Confirmed>();

  get(tokenHash: string, nowMs: number): User | undefined {
    const confirmed = this.#byHash.get(tokenHash);
    return confirmed !== undefined && nowMs - confirmed.atMs <= REMEMBER_MS ? confirmed.user : undefined;
  }

  set(tokenHash: string, user: User, atMs: number): void {
    this.#byHash.delete(tokenHash);
    this.#byHash.set(tokenHash, { user, atMs });
    const [oldest] = this.#byHash.keys();
    if (this.#byHash.size > MAX_SESSIONS && oldest !== undefined) this.#byHash.delete(oldest);
  }

  deleteOf(userId: string): void {
    for (const [tokenHash, { user }] of this.#byHash) if (user.id === userId) this.#byHash.delete(tokenHash);
  }

  delete(tokenHash: string): void {
    this.#byHash.delete(tokenHash);
  }
}
