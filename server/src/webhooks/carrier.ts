import type { AuditEvent } from '../audit/event.ts';
import type { AddressPolicy } from '../egress/address-policy.ts';
import { checkUrl, EgressRefused } from '../egress/send.ts';
import { validationFailed } from '../http/api-error.ts';
import { MailtoRefused, readMailto } from '../mail/addresses.ts';
import { type Mailer, MailFailed } from '../mail/mailer.ts';
import type { WebhookRow } from '../store/tables/webhooks.ts';
import type { Vault } from '../vault/vault.ts';
import { type Attempt, attempt, NOTHING } from './attempt.ts';
import { emailMessage } from './email.ts';
import { messageOf } from './message.ts';
import { secretsOf } from './secrets.ts';
import { tell } from './story.ts';
import { toWebhook, type Webhook } from './webhook.ts';

export interface CarrierDependencies {
  readonly vault: Vault;
  readonly policy: AddressPolicy;
  /** Undefined where the operator named no mail server. */
  readonly mailer: Mailer | undefined;
  readonly now: () => number;
}

/** Brings a message about an event to where a webhook leads: posted, or by mail. */
export class Carrier {
  readonly #dependencies: CarrierDependencies;

  constructor(dependencies: CarrierDependencies) {
    this.#dependencies = dependencies;
  }

  /** @throws {ApiError} `validation_failed` that says the fix, where a message could not even be tried */
  check({ format, url }: Pick<Webhook, 'format' | 'url'>): void {
    try {
      if (format === 'email') {
        readMailto(url);
        if (this.#dependencies.mailer === undefined) throw new MailtoRefused(NO_MAILER);
      } else {
        checkUrl(this.#dependencies.policy, url);
      }
    } catch (error) {
      if (!(error instanceof EgressRefused || error instanceof MailtoRefused)) throw error;
      throw validationFailed([{ path: 'url', message: error.message }]);
    }
  }

  /** Tries once. Never rejects. @param link where people see what the event is about */
  async carry(row: WebhookRow, event: AuditEvent, link: string | undefined, signal?: AbortSignal): Promise<Attempt> {
    const { vault, policy, now } = this.#dependencies;
    let webhook: Webhook;
    let secrets: readonly string[];
    try {
      webhook = toWebhook(row, vault);
      secrets = secretsOf(vault, row, now());
    } catch (error) {
      const reason = `its address and secret cannot be opened: ${(error as Error).message}`;
      return { ...NOTHING, error: reason, ms: 0 };
    }
    const { format, url } = webhook;
    if (format === 'email') return this.#mail(url, event, link, signal);
    const body = messageOf(format, event, link);
    return attempt(policy, { url, id: event.id, body, secrets }, signal);
  }

  async #mail(url: string, event: AuditEvent, link: string | undefined, signal?: AbortSignal): Promise<Attempt> {
    const { mailer } = this.#dependencies;
    const startedMs = performance.now();
    const result = (outcome: Pick<Attempt, 'delivered' | 'status' | 'error' | 'answer'>) => ({
      ...outcome,
      ms: Math.round(performance.now() - startedMs),
      isGone: false,
      retryAfterMs: undefined,
    });
    try {
      if (mailer === undefined) throw new Error(NO_MAILER);
      const mail = { to: readMailto(url), id: event.id, ...emailMessage(tell(event, link)) };
      const { response, refused } = await mailer.send(mail, signal);
      const answer = refused.length === 0 ? response : `${response} (but not for ${refused.join(', ')})`;
      return result({ delivered: true, status: Number(response.slice(0, 3)) || null, error: null, answer });
    } catch (error) {
      const status = error instanceof MailFailed ? (error.status ?? null) : null;
      return result({ delivered: false, status, error: (error as Error).message, answer: null });
    }
  }
}

const NO_MAILER = 'this server sends no mail: its operator must set BUNTING_SMTP_HOST and BUNTING_SMTP_FROM';
