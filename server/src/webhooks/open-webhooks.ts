import type { FastifyBaseLogger } from 'fastify';
import type { Registry } from 'prom-client';
import type { Changes } from '../changes/changes.ts';
import type { Config } from '../config/config.ts';
import type { AddressPolicy } from '../egress/address-policy.ts';
import { Mailer } from '../mail/mailer.ts';
import type { Database } from '../store/tables.ts';
import type { Vault } from '../vault/vault.ts';
import { Carrier } from './carrier.ts';
import { Dispatcher } from './dispatcher.ts';
import { WebhookMetrics } from './metrics.ts';
import { Webhooks } from './service.ts';

interface WebhooksOptions {
  readonly database: Database;
  readonly changes: Changes;
  readonly vault: Vault;
  /** Where messages may go. */
  readonly policy: AddressPolicy;
  readonly registry: Registry;
  readonly config: Config;
  readonly log: FastifyBaseLogger;
  readonly now: () => number;
}

/** Others are told of what happens: by HTTP and by mail. */
export function openWebhooks({ database, changes, vault, policy, registry, config, log, now }: WebhooksOptions) {
  const carrier = new Carrier({ vault, policy, mailer: Mailer.of(config), now });
  const { publicUrl } = config;
  const metrics = new WebhookMetrics(registry);
  const dispatcher = new Dispatcher({ database, changes, carrier, metrics, publicUrl, log, now });
  changes.onStored(() => dispatcher.poke());
  return { dispatcher, webhooks: new Webhooks({ database, changes, vault, carrier, now }) };
}
