import { hash, verify } from '@node-rs/argon2';
import { newSecret } from '../access/secrets.ts';

/** argon2id with 19 MiB, 2 passes, 1 thread: OWASP's recommendation and the library's default, written down. */
const OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

export function hashPassword(password: string): Promise<string> {
  return hash(password, OPTIONS);
}

let decoy: Promise<string> | undefined;

/**
 * Checks a password. Without a user (`passwordHash` undefined) it takes as long as with one and answers false, so
 * that nobody learns who has an account.
 */
export async function checkPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  if (passwordHash !== undefined) return verify(passwordHash, password);
  decoy ??= hashPassword(newSecret());
  await verify(await decoy, password);
  return false;
}
