import type { WebhookRow } from '../store/tables/webhooks.ts';
import type { Vault } from '../vault/vault.ts';
import { secretPurpose } from './webhook.ts';

/** What a webhook's messages are signed with: its secret and, for a while after a rotation, the one before. */
export function secretsOf(
  vault: Vault,
  { id, secret, previous_secret, previous_until }: WebhookRow,
  nowMs: number,
): readonly string[] {
  const isPreviousValid = previous_secret !== null && (previous_until ?? 0) > nowMs;
  return [secret, ...(isPreviousValid ? [previous_secret] : [])].map((sealed) => vault.open(secretPurpose(id), sealed));
}
