import type { Selectable } from 'kysely';
import type { Bit } from '../booleans.ts';

/** Who else is told. */
export interface WebhooksTables {
  webhooks: WebhookTable;
  webhook_deliveries: WebhookDeliveryTable;
}

interface WebhookTable {
  id: string;
  project_id: string;
  name: string;
  /** Sealed. */
  url: string;
  /** `standard`, `slack`, `teams` or `email`. */
  format: string;
  /** JSON: which events it wants. */
  filter: string;
  enabled: Bit;
  /** Why it was turned off by itself. */
  disabled_reason: string | null;
  /** Sealed. */
  secret: string;
  /** Sealed; signs too until `previous_until`. */
  previous_secret: string | null;
  previous_until: number | null;
  /** The place in the project's audit chain up to which deliveries were made. */
  seen_seq: number;
  /** When deliveries began to fail; null while they do not. */
  failing_since: number | null;
  version: number;
  created_at: number;
  updated_at: number;
}
export type WebhookRow = Selectable<WebhookTable>;

/** An event on its way to a webhook. */
interface WebhookDeliveryTable {
  id: string;
  webhook_id: string;
  event_id: string;
  /** `pending`, `delivered` or `failed`. */
  state: string;
  attempts: number;
  /** When it is to be tried; while a server tries it, when another one may. */
  due_at: number;
  last_at: number | null;
  last_status: number | null;
  last_error: string | null;
  last_answer: string | null;
  last_ms: number | null;
  created_at: number;
}
export type WebhookDeliveryRow = Selectable<WebhookDeliveryTable>;
