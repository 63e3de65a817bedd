import type { Static } from '@sinclair/typebox';
import { toTimestamp } from '../http/key-schema.ts';
import { fromBit } from '../store/booleans.ts';
import type { WebhookRow } from '../store/tables/webhooks.ts';
import type { Vault } from '../vault/vault.ts';
import type { WebhookFilter, WebhookSchema } from './schemas.ts';
import { type Happening, isUrgent, URGENT } from './urgent.ts';

export type Webhook = Static<typeof WebhookSchema>;
export type WebhookFormat = Webhook['format'];
export type Filter = Static<typeof WebhookFilter>;

/** @param vault opens the address, which may hold a token in its path */
export function toWebhook(row: WebhookRow, vault: Vault): Webhook {
  return {
    id: row.id,
    name: row.name,
    url: vault.open(urlPurpose(row.id), row.url),
    format: row.format as WebhookFormat,
    filter: JSON.parse(row.filter) as Filter,
    enabled: fromBit(row.enabled),
    disabledReason: row.disabled_reason,
    failingSince: row.failing_since === null ? null : toTimestamp(row.failing_since),
    version: row.version,
    createdAt: toTimestamp(row.created_at),
    updatedAt: toTimestamp(row.updated_at),
  };
}

/** What is sealed for a webhook opens for that webhook only. */
export const urlPurpose = (id: string): string => `webhook-url:${id}`;
export const secretPurpose = (id: string): string => `webhook:${id}`;

/** The action of a test, as the message and the audit event name it. */
export const TESTED = 'webhook.tested';

/** Whether a webhook wants an event. An action may end with `*`: `flag.*`; `urgent` stands for a list of ours. */
export function wants({ actions, environments }: Filter, event: Happening): boolean {
  if (environments !== undefined && (event.environment === null || !environments.includes(event.environment))) {
    return false;
  }
  if (actions === undefined) return true;
  return actions.some((action) => {
    if (action === URGENT) return isUrgent(event);
    return action.endsWith('*') ? event.action.startsWith(action.slice(0, -1)) : event.action === action;
  });
}
