import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import { SYSTEM } from '../audit/actor.ts';
import { toAuditEvent } from '../audit/event.ts';
import { type ChainedEventRow, findChainedEvents } from '../audit/repository.ts';
import type { Changes } from '../changes/changes.ts';
import { newId } from '../store/new-id.ts';
import type { AuditEventRow } from '../store/tables/audit.ts';
import type { WebhookDeliveryRow, WebhookRow } from '../store/tables/webhooks.ts';
import type { Database } from '../store/tables.ts';
import type { Attempt } from './attempt.ts';
import type { Carrier } from './carrier.ts';
import { linkTo } from './link.ts';
import type { WebhookMetrics } from './metrics.ts';
import {
  advanceWebhook,
  type Claimed,
  claimDeliveries,
  deleteOldDeliveries,
  disableWebhook,
  findLateWebhooks,
  insertDeliveries,
  type LateWebhook,
  saveAttempt,
  updateWebhook,
} from './repository.ts';
import { waitAfter } from './retries.ts';
import type { Happening } from './urgent.ts';
import { type Filter, TESTED, wants } from './webhook.ts';

export interface DispatcherDependencies {
  readonly database: Database;
  readonly changes: Changes;
  readonly carrier: Carrier;
  readonly metrics: WebhookMetrics;
  readonly publicUrl: string | undefined;
  readonly log: FastifyBaseLogger;
  readonly now: () => number;
}

/** How often to look for what other servers committed, and for what is due again. */
const LOOK_EVERY_MS = 1_000;
/** Events that are read of a chain at once. */
const BATCH = 200;
/** Attempts at once, of all webhooks and of each: a slow receiver keeps no other waiting. */
const MAX_ATTEMPTS = 32;
const MAX_ATTEMPTS_EACH = 4;
/** A server that dies leaves its deliveries to others after this long; an attempt takes 10 s at most. */
const LEASE_MS = 30_000;
const DAY_MS = 24 * 60 * 60 * 1000;
/** A webhook that took nothing for this long is turned off. */
const GIVE_UP_MS = 5 * DAY_MS;
const KEEP_MS = 30 * DAY_MS;
const SWEEP_EVERY_MS = 60 * 60 * 1000;

/**
 * Delivers events to webhooks, at least once each. It follows the projects' audit chains, so that a change costs nothing
 * more because there are webhooks; any server may make any delivery, and one at a time does.
 */
export class Dispatcher {
  readonly #dependencies: DispatcherDependencies;
  readonly #closing = new AbortController();
  /** By webhook id. */
  readonly #busy = new Map<string, number>();
  readonly #attempts = new Set<Promise<void>>();
  /** Ids of webhooks that could not be told of what happened the last time. */
  readonly #unheard = new Set<string>();
  #wake = new AbortController();
  #sweptAtMs = Number.NEGATIVE_INFINITY;
  readonly #running: Promise<void>;

  constructor(dependencies: DispatcherDependencies) {
    this.#dependencies = dependencies;
    this.#running = this.#run();
  }

  /** Something was committed: look now. */
  poke(): void {
    this.#wake.abort();
  }

  /** Ends attempts under way; others make them anew. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#wake.abort();
    await this.#running;
    await Promise.allSettled(this.#attempts);
  }

  async #run(): Promise<void> {
    while (!this.#closing.signal.aborted) {
      try {
        await this.#look();
      } catch (error) {
        // The database is away: webhooks wait for it as everything else does.
        if (!this.#closing.signal.aborted)
          this.#dependencies.log.debug({ err: error }, 'webhooks could not be looked at');
      }
      await wait(LOOK_EVERY_MS, undefined, { signal: this.#wake.signal, ref: false }).catch(() => {});
      if (!this.#closing.signal.aborted) this.#wake = new AbortController();
    }
  }

  async #look(): Promise<void> {
    const { database, now } = this.#dependencies;
    for (const webhook of await findLateWebhooks(database)) await this.#tryEnqueue(webhook);
    await this.#deliverDue();
    if (now() - this.#sweptAtMs < SWEEP_EVERY_MS) return;
    this.#sweptAtMs = now();
    await deleteOldDeliveries(database, now() - KEEP_MS);
  }

  /** Never rejects: one webhook that cannot be read keeps no other one from hearing. */
  async #tryEnqueue(webhook: LateWebhook): Promise<void> {
    const { id } = webhook;
    try {
      await this.#enqueue(webhook);
      this.#unheard.delete(id);
    } catch (error) {
      if (!this.#unheard.has(id))
        this.#dependencies.log.warn({ err: error, webhook: id }, 'a webhook could not be told of what happened');
      this.#unheard.add(id);
    }
  }

  /** Makes deliveries of the events that a webhook has not seen yet. */
  async #enqueue(webhook: LateWebhook): Promise<void> {
    const { database, now } = this.#dependencies;
    const events = await findChainedEvents(database, webhook.chain, webhook.seen_seq, BATCH);
    const last = events.at(-1);
    if (last === undefined) return;
    const filter = JSON.parse(webhook.filter) as Filter;
    const deliveries = events
      .filter((event) => wants(filter, toHappening(event)) && !isOwnTest(webhook, event))
      .map((event) => newDelivery(webhook.id, event.id, now()));
    await database.transaction().execute(async (tx) => {
      if (await advanceWebhook(tx, webhook, last.seq)) await insertDeliveries(tx, deliveries);
    });
    if (events.length === BATCH) this.poke();
  }

  async #deliverDue(): Promise<void> {
    const { database, now } = this.#dependencies;
    const limit = MAX_ATTEMPTS - this.#attempts.size;
    if (limit <= 0) return;
    const options = {
      nowMs: now(),
      leaseMs: LEASE_MS,
      limit,
      limitEach: MAX_ATTEMPTS_EACH,
      busy: [...this.#busy.keys()],
    };
    for (const claimed of await claimDeliveries(database, options)) {
      this.#count(claimed.webhook.id, 1);
      const running = this.#deliver(claimed)
        .catch((error) => this.#dependencies.log.warn({ err: error }, 'a webhook delivery could not be noted'))
        .finally(() => {
          this.#attempts.delete(running);
          this.#count(claimed.webhook.id, -1);
          this.poke();
        });
      this.#attempts.add(running);
    }
  }

  async #deliver({ delivery, webhook, event }: Claimed): Promise<void> {
    const { database, carrier, publicUrl, metrics } = this.#dependencies;
    if (event === undefined)
      return saveAttempt(database, delivery, { state: 'failed', last_error: 'the event is gone' });
    const result = await carrier.carry(webhook, toAuditEvent(event), linkTo(publicUrl, event), this.#closing.signal);
    // What was broken off here is due again soon, for another server or the next start.
    if (this.#closing.signal.aborted && !result.delivered) return;
    metrics.deliveries.inc({ outcome: result.delivered ? 'delivered' : 'failed' });
    await saveAttempt(database, delivery, this.#outcome(delivery, result));
    await this.#judge(webhook, result);
  }

  #outcome(delivery: WebhookDeliveryRow, result: Attempt): Partial<WebhookDeliveryRow> {
    const nowMs = this.#dependencies.now();
    const attempts = delivery.attempts + 1;
    const waitMs = result.delivered ? undefined : waitAfter(attempts, result.retryAfterMs);
    return {
      state: result.delivered ? 'delivered' : waitMs === undefined ? 'failed' : 'pending',
      attempts,
      due_at: nowMs + (waitMs ?? 0),
      last_at: nowMs,
      last_status: result.status,
      last_error: result.error,
      last_answer: result.answer,
      last_ms: result.ms,
    };
  }

  /** Notes since when a webhook fails, and turns off one that is gone or has failed for too long. */
  async #judge(webhook: WebhookRow, result: Attempt): Promise<void> {
    const { database, now } = this.#dependencies;
    if (result.delivered) {
      if (webhook.failing_since !== null) await updateWebhook(database, webhook.id, { failing_since: null });
      return;
    }
    const since = webhook.failing_since ?? now();
    if (webhook.failing_since === null) await updateWebhook(database, webhook.id, { failing_since: since });
    if (result.isGone) await this.#turnOff(webhook, 'The receiver answered 410: it wants no more messages.');
    else if (now() - since > GIVE_UP_MS) await this.#turnOff(webhook, 'Nothing could be delivered for five days.');
  }

  async #turnOff({ id, name, project_id }: WebhookRow, reason: string): Promise<void> {
    const { changes, log } = this.#dependencies;
    const { result: isOff } = await changes.commit(SYSTEM, async (draft) => {
      const project = await draft.tx
        .selectFrom('projects')
        .select('key')
        .where('id', '=', project_id)
        .executeTakeFirst();
      // Of several attempts at once, which all fail, one turns it off.
      if (project === undefined || !(await disableWebhook(draft.tx, id, reason))) return false;
      const target = { kind: 'webhook', key: id };
      await draft.audit({ action: 'webhook.disabled', project: project.key, target, after: { name, reason } });
      return true;
    });
    if (isOff) log.warn({ webhook: id, name, reason }, 'a webhook was turned off');
  }

  #count(webhookId: string, by: number): void {
    const count = (this.#busy.get(webhookId) ?? 0) + by;
    if (count === 0) this.#busy.delete(webhookId);
    else this.#busy.set(webhookId, count);
  }
}

function toHappening({ action, environment, actor_kind, target_key }: AuditEventRow): Happening {
  return { action, environment, actorKind: actor_kind as Happening['actorKind'], target: target_key };
}

function newDelivery(webhookId: string, eventId: string, nowMs: number): WebhookDeliveryRow {
  return {
    id: newId(nowMs),
    webhook_id: webhookId,
    event_id: eventId,
    state: 'pending',
    attempts: 0,
    due_at: nowMs,
    last_at: null,
    last_status: null,
    last_error: null,
    last_answer: null,
    last_ms: null,
    created_at: nowMs,
  };
}

/** A test has been sent already when it is found in the chain. */
function isOwnTest({ id }: LateWebhook, { action, target_key }: ChainedEventRow): boolean {
  return action === TESTED && target_key === id;
}
