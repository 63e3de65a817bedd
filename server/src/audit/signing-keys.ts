import type { Database } from '../store/tables.ts';
import { SealError } from '../vault/sealed.ts';
import type { Vault } from '../vault/vault.ts';
import { newSigningKey, type SigningKey } from './checkpoint.ts';

/**
 * The key that checkpoints are signed with; made when there is none, or none that the vault opens (the database was
 * copied to where another master key is).
 * @throws {ApiError} `vault_locked` when there is no master key
 */
export async function findSigningKey(database: Database, vault: Vault, nowMs: number): Promise<SigningKey> {
  const rows = await database.selectFrom('audit_keys').selectAll().orderBy('created_at', 'desc').execute();
  for (const { public_key: publicKey, sealed } of rows) {
    try {
      return { publicKey, privateKey: vault.open(purposeOf(publicKey), sealed) };
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
    }
  }
  const made = newSigningKey();
  const sealed = vault.seal(purposeOf(made.publicKey), made.privateKey);
  await database.insertInto('audit_keys').values({ public_key: made.publicKey, sealed, created_at: nowMs }).execute();
  return made;
}

function purposeOf(publicKey: string): string {
  return `audit-checkpoints:${publicKey}`;
}
