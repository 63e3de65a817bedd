import type { Static } from '@sinclair/typebox';
import { requirePermission } from '../access/guard.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import { refuseOutdated } from '../changes/refuse-outdated.ts';
import { newWebhookSecret } from '../egress/signature.ts';
import { requireProject } from '../environments/service.ts';
import { notFound } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { DEFAULT_LIMIT, type Page, type PageRequest, readCursor, toPage } from '../http/page.ts';
import { readMailto } from '../mail/addresses.ts';
import { toBit } from '../store/booleans.ts';
import { newId } from '../store/new-id.ts';
import type { WebhookRow } from '../store/tables/webhooks.ts';
import type { Database, Querier } from '../store/tables.ts';
import type { Vault } from '../vault/vault.ts';
import type { Attempt } from './attempt.ts';
import type { Carrier } from './carrier.ts';
import {
  deleteWebhook,
  findChainEnd,
  findDeliveries,
  findWebhook,
  findWebhooks,
  insertWebhook,
  restartDeliveries,
  type ToldDeliveryRow,
  updateWebhook,
} from './repository.ts';
import type {
  DeliveryQuery,
  DeliverySchema,
  NewWebhookSchema,
  WebhookInput,
  WebhookPatch,
  WebhookSecretSchema,
} from './schemas.ts';
import { secretPurpose, TESTED, toWebhook, urlPurpose, type Webhook } from './webhook.ts';

/** How long the secret before signs too after a rotation, in milliseconds. */
const OVERLAP_MS = 24 * 60 * 60 * 1000;

type Delivery = Static<typeof DeliverySchema>;

export interface WebhooksDependencies {
  readonly database: Database;
  readonly changes: Changes;
  readonly vault: Vault;
  readonly carrier: Carrier;
  readonly now: () => number;
}

/** Where people want to hear of a project's changes. */
export class Webhooks {
  readonly #dependencies: WebhooksDependencies;

  constructor(dependencies: WebhooksDependencies) {
    this.#dependencies = dependencies;
  }

  async list(project: string, { cursor, limit = DEFAULT_LIMIT }: PageRequest): Promise<Page<Webhook>> {
    const [afterId] = readCursor(cursor, ['string']) ?? [];
    const { id } = await requireProject(this.#dependencies.database, project);
    const rows = await findWebhooks(this.#dependencies.database, id, { afterId, limit: limit + 1 });
    const page = toPage(rows, limit, (row) => [row.id]);
    return { ...page, items: page.items.map((row) => toWebhook(row, this.#dependencies.vault)) };
  }

  async get(project: string, id: string): Promise<Webhook> {
    return toWebhook(await this.#find(project, id), this.#dependencies.vault);
  }

  /** Hears of what happens from now on. @throws {ApiError} `forbidden` for who may not read that themselves */
  async create(
    caller: Caller,
    project: string,
    { name, url, format = 'standard', filter = {}, enabled = true }: Static<typeof WebhookInput>,
  ): Promise<Static<typeof NewWebhookSchema>> {
    requirePermission(caller, 'audit:read', { project });
    const { vault, carrier } = this.#dependencies;
    carrier.check({ format, url });
    const secret = newWebhookSecret();
    const { result } = await this.#dependencies.changes.commit(caller, async (draft) => {
      const { id: projectId } = await requireProject(draft.tx, project);
      const id = newId(draft.atMs);
      const row: WebhookRow = {
        id,
        project_id: projectId,
        name,
        url: vault.seal(urlPurpose(id), url),
        format,
        filter: JSON.stringify(filter),
        enabled: toBit(enabled),
        disabled_reason: null,
        secret: vault.seal(secretPurpose(id), secret),
        previous_secret: null,
        previous_until: null,
        seen_seq: await findChainEnd(draft.tx, `project:${project}`),
        failing_since: null,
        version: 1,
        created_at: draft.atMs,
        updated_at: draft.atMs,
      };
      await insertWebhook(draft.tx, row);
      await draft.audit({
        action: 'webhook.created',
        project,
        target: targetOf(id),
        after: describe(toWebhook(row, vault)),
      });
      return row;
    });
    return { ...toWebhook(result, vault), secret };
  }

  /** @param ifVersion the version that the caller has seen; undefined: whatever it is */
  async update(
    caller: Caller,
    project: string,
    id: string,
    { url, filter, enabled, ...patch }: Static<typeof WebhookPatch>,
    ifVersion: number | undefined,
  ): Promise<Webhook> {
    requirePermission(caller, 'audit:read', { project });
    const { vault, carrier } = this.#dependencies;
    const { result } = await this.#dependencies.changes.commit(caller, async (draft) => {
      const before = await this.#find(project, id, draft.tx);
      const target = targetOf(id);
      await refuseOutdated(draft.tx, ifVersion, { project, target, version: before.version });
      const isTurnedOn = enabled === true && before.enabled === 0;
      // Only what is changed: deliveries write the other columns at any time.
      const columns: Partial<WebhookRow> = {
        ...patch,
        ...(url === undefined ? {} : { url: vault.seal(urlPurpose(id), url) }),
        ...(filter === undefined ? {} : { filter: JSON.stringify(filter) }),
        ...(enabled === undefined ? {} : { enabled: toBit(enabled) }),
        // What happened while it was off is not told afterwards.
        ...(isTurnedOn && {
          disabled_reason: null,
          failing_since: null,
          seen_seq: await findChainEnd(draft.tx, `project:${project}`),
        }),
        version: before.version + 1,
        updated_at: draft.atMs,
      };
      const after = { ...before, ...columns };
      if (url !== undefined || patch.format !== undefined) carrier.check(toWebhook(after, vault));
      await updateWebhook(draft.tx, id, columns);
      await draft.audit({
        action: 'webhook.updated',
        project,
        target,
        before: describe(toWebhook(before, vault)),
        after: describe(toWebhook(after, vault)),
      });
      return after;
    });
    return toWebhook(result, vault);
  }

  async remove(caller: Caller, project: string, id: string): Promise<void> {
    await this.#dependencies.changes.commit(caller, async (draft) => {
      const before = await this.#find(project, id, draft.tx);
      await deleteWebhook(draft.tx, id);
      await draft.audit({
        action: 'webhook.deleted',
        project,
        target: targetOf(id),
        before: describe(toWebhook(before, this.#dependencies.vault)),
      });
    });
  }

  /** Messages are signed by the new secret and, for a day, by the one before, too. */
  async rotateSecret(caller: Caller, project: string, id: string): Promise<Static<typeof WebhookSecretSchema>> {
    const secret = newWebhookSecret();
    const { result: previousUntilMs } = await this.#dependencies.changes.commit(caller, async (draft) => {
      const before = await this.#find(project, id, draft.tx);
      const untilMs = draft.atMs + OVERLAP_MS;
      const sealed = this.#dependencies.vault.seal(secretPurpose(id), secret);
      await updateWebhook(draft.tx, id, { secret: sealed, previous_secret: before.secret, previous_until: untilMs });
      await draft.audit({ action: 'webhook.secret-rotated', project, target: targetOf(id) });
      return untilMs;
    });
    return { secret, previousUntil: toTimestamp(previousUntilMs) };
  }

  /** Sends a message that says it is a test, now, and tells what came of it. It is audited before anything is sent. */
  async test(caller: Caller, project: string, id: string): Promise<Omit<Attempt, 'isGone' | 'retryAfterMs'>> {
    const { changes, carrier, now } = this.#dependencies;
    await changes.commit(caller, async (draft) => {
      await this.#find(project, id, draft.tx);
      await draft.audit({ action: TESTED, project, target: targetOf(id) });
    });
    const row = await this.#find(project, id);
    const event = {
      id: newId(now()),
      chain: null,
      seq: null,
      at: toTimestamp(now()),
      actor: caller.actor,
      action: TESTED,
      project,
      environment: null,
      target: targetOf(id),
      before: null,
      after: null,
      requestId: caller.requestId ?? null,
      hash: null,
    };
    const { isGone: _, retryAfterMs: __, ...result } = await carrier.carry(row, event, undefined);
    return result;
  }

  async listDeliveries(
    project: string,
    id: string,
    { cursor, limit = DEFAULT_LIMIT, state }: Static<typeof DeliveryQuery>,
  ): Promise<Page<Delivery>> {
    const [beforeId] = readCursor(cursor, ['string']) ?? [];
    await this.#find(project, id);
    const rows = await findDeliveries(this.#dependencies.database, id, { state, beforeId, limit: limit + 1 });
    const page = toPage(rows, limit, (row) => [row.id]);
    return { ...page, items: page.items.map(toDelivery) };
  }

  /** Delivers once more: one delivery, or all that failed. @returns how many */
  async redeliver(caller: Caller, project: string, id: string, delivery?: string): Promise<number> {
    const { result } = await this.#dependencies.changes.commit(caller, async (draft) => {
      await this.#find(project, id, draft.tx);
      const deliveries = await restartDeliveries(draft.tx, id, draft.atMs, delivery);
      if (delivery !== undefined && deliveries === 0) throw notFound(`delivery "${delivery}" of webhook "${id}"`);
      if (deliveries > 0) {
        const after = { deliveries, delivery };
        await draft.audit({ action: 'webhook.redelivered', project, target: targetOf(id), after });
      }
      return deliveries;
    });
    return result;
  }

  async #find(project: string, id: string, db: Querier = this.#dependencies.database): Promise<WebhookRow> {
    const row = await findWebhook(db, (await requireProject(db, project)).id, id);
    if (row === undefined) throw notFound(`webhook "${id}" in project "${project}"`);
    return row;
  }
}

const targetOf = (id: string) => ({ kind: 'webhook', key: id });

/** For audit events: an address may hold a token in its path, so only its host is told; of mail, the domains. */
function describe({ name, url, format, filter, enabled, version }: Webhook) {
  const hosts =
    format === 'email' ? readMailto(url).map((to) => to.slice(to.lastIndexOf('@') + 1)) : [new URL(url).host];
  return { name, host: [...new Set(hosts)].join(', '), format, filter, enabled, version };
}

function toDelivery(row: ToldDeliveryRow): Delivery {
  return {
    id: row.id,
    event: row.event_id,
    action: row.action,
    state: row.state as Delivery['state'],
    attempts: row.attempts,
    nextAt: row.state === 'pending' ? toTimestamp(row.due_at) : null,
    lastAt: row.last_at === null ? null : toTimestamp(row.last_at),
    lastStatus: row.last_status,
    lastError: row.last_error,
    lastAnswer: row.last_answer,
    lastMs: row.last_ms,
    createdAt: toTimestamp(row.created_at),
  };
}
