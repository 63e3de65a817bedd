import { addressGroup } from '../http/address-group.ts';
import { ApiError } from '../http/api-error.ts';
import { Throttle } from '../http/throttle.ts';
import { checkPassword } from '../passwords/hash.ts';
import type { UserRow } from '../store/tables/access.ts';
import type { Database } from '../store/tables.ts';
import { findUserByEmail } from '../users/repository.ts';

/** Checks who someone says they are, as often as is let through by account and by address, on this server. */
export class Credentials {
  readonly #database: Database;
  readonly #now: () => number;
  readonly #byAddress = new Throttle({ burst: 20, refillMs: 3_000 });
  readonly #byAccount = new Throttle({ burst: 10, refillMs: 6_000 });

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  /** @throws {ApiError} `wrong_credentials`, the same whether or not there is such a user; `rate_limited` */
  async checkPassword(emailAsTyped: string, password: string, address: string): Promise<UserRow> {
    const email = emailAsTyped.trim().toLowerCase();
    const nowMs = this.#now();
    const waitMs = Math.max(this.#byAddress.take(addressGroup(address), nowMs), this.#byAccount.take(email, nowMs));
    if (waitMs > 0) throw tooManyAttempts(waitMs);
    const row = await findUserByEmail(this.#database, email);
    // Nobody learns whether an account has no password yet, or is disabled.
    const isRight = await checkPassword(row?.password_hash || undefined, password);
    if (row === undefined || row.disabled_at !== null || !isRight) {
      throw new ApiError('wrong_credentials', 'Email and password do not match an account. Check both and try again.');
    }
    this.#byAccount.reset(email);
    return row;
  }
}

export function tooManyAttempts(waitMs: number): ApiError {
  const seconds = Math.ceil(waitMs / 1000);
  return new ApiError('rate_limited', `Too many attempts. Try again in ${seconds} s.`, undefined, {
    'retry-after': String(seconds),
  });
}
