import type { Static } from '@sinclair/typebox';
import { hashSecret, newSecret } from '../access/secrets.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { toBit } from '../store/booleans.ts';
import type { DatabaseTransaction } from '../store/tables.ts';
import { insertPasswordLink, takePasswordLinks } from './repository.ts';
import type { PasswordLinkSchema } from './schemas.ts';

export type PasswordLink = Static<typeof PasswordLinkSchema>;

/** A link is valid for a week: it may travel by any means that people have. */
const LINK_LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;

interface LinkOptions {
  readonly lifetimeMs?: number;
  /** Whether setting the password removes the second factor; else it is asked for. */
  readonly dropsSecondFactor?: boolean;
}

/** Makes a one-time link by which someone sets a password, in place of those before. */
export async function makePasswordLink(
  { tx, atMs }: { readonly tx: DatabaseTransaction; readonly atMs: number },
  userId: string,
  { lifetimeMs = LINK_LIFETIME_MS, dropsSecondFactor = false }: LinkOptions = {},
): Promise<PasswordLink> {
  await takePasswordLinks(tx, userId);
  const token = newSecret();
  const expiresAtMs = atMs + lifetimeMs;
  await insertPasswordLink(tx, {
    token_hash: hashSecret(token),
    user_id: userId,
    expires_at: expiresAtMs,
    drops_second_factor: toBit(dropsSecondFactor),
  });
  return { token, path: `/password?token=${token}`, expiresAt: toTimestamp(expiresAtMs) };
}
