import { sql } from 'kysely';
import type { After } from '../store/after.ts';
import { toBit } from '../store/booleans.ts';
import type { AuditEventRow } from '../store/tables/audit.ts';
import type { WebhookDeliveryRow, WebhookRow } from '../store/tables/webhooks.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';

export async function insertWebhook(tx: DatabaseTransaction, row: WebhookRow): Promise<void> {
  await tx.insertInto('webhooks').values(row).execute();
}

export async function updateWebhook(db: Querier, id: string, columns: Partial<WebhookRow>): Promise<void> {
  await db.updateTable('webhooks').set(columns).where('id', '=', id).execute();
}

/** @returns false: it is turned off already, or gone */
export async function disableWebhook(tx: DatabaseTransaction, id: string, reason: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('webhooks')
    .set({ enabled: toBit(false), disabled_reason: reason })
    .where('id', '=', id)
    .where('enabled', '=', toBit(true))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function deleteWebhook(tx: DatabaseTransaction, id: string): Promise<void> {
  await tx.deleteFrom('webhooks').where('id', '=', id).execute();
}

export async function findWebhook(db: Querier, projectId: string, id: string): Promise<WebhookRow | undefined> {
  return db
    .selectFrom('webhooks')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('id', '=', id)
    .executeTakeFirst();
}

export async function findWebhooks(
  db: Querier,
  projectId: string,
  { afterId = '', limit }: After,
): Promise<WebhookRow[]> {
  return db
    .selectFrom('webhooks')
    .selectAll()
    .where('project_id', '=', projectId)
    .where('id', '>', afterId)
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Where a project's audit chain ends. */
export async function findChainEnd(db: Querier, chain: string): Promise<number> {
  const row = await db.selectFrom('audit_chains').select('seq').where('chain', '=', chain).executeTakeFirst();
  return row?.seq ?? 0;
}

/** A webhook whose project's chain goes on behind what it has seen. */
export type LateWebhook = Pick<WebhookRow, 'id' | 'filter' | 'seen_seq'> & { readonly chain: string };

export async function findLateWebhooks(db: Querier): Promise<LateWebhook[]> {
  const { rows } = await sql<LateWebhook>`
    select webhooks.id, webhooks.filter, webhooks.seen_seq, audit_chains.chain
    from webhooks
    join projects on projects.id = webhooks.project_id
    join audit_chains on audit_chains.chain = 'project:' || projects.key
    where webhooks.enabled = 1 and audit_chains.seq > webhooks.seen_seq
  `.execute(db);
  return rows;
}

/** Says up to where a webhook has seen its chain. @returns false: another server was faster */
export async function advanceWebhook(
  tx: DatabaseTransaction,
  { id, seen_seq }: LateWebhook,
  seq: number,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('webhooks')
    .set({ seen_seq: seq })
    .where('id', '=', id)
    .where('seen_seq', '=', seen_seq)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function insertDeliveries(
  tx: DatabaseTransaction,
  deliveries: readonly WebhookDeliveryRow[],
): Promise<void> {
  if (deliveries.length > 0) await tx.insertInto('webhook_deliveries').values(deliveries).execute();
}

interface ClaimOptions {
  readonly nowMs: number;
  readonly leaseMs: number;
  readonly limit: number;
  readonly limitEach: number;
  readonly busy: readonly string[];
}

/** A delivery that this server is to make, with all that it takes. */
export interface Claimed {
  readonly delivery: WebhookDeliveryRow;
  readonly webhook: WebhookRow;
  readonly event: AuditEventRow | undefined;
}

/**
 * Takes deliveries that are due, `limitEach` of a webhook, for as long as `leaseMs`: then they are due again. Webhooks
 * that are `busy` are left out.
 */
export async function claimDeliveries(
  db: Querier,
  { nowMs, leaseMs, limit, limitEach, busy }: ClaimOptions,
): Promise<Claimed[]> {
  const isDue = sql<boolean>`state = 'pending' and due_at <= ${nowMs}`;
  const isFree = busy.length === 0 ? sql`true` : sql`webhook_id not in (${sql.join(busy)})`;
  const { rows: deliveries } = await sql<WebhookDeliveryRow>`
    update webhook_deliveries set due_at = ${nowMs + leaseMs}
    where id in (
      select due.id from (
        select webhook_deliveries.id, due_at, row_number() over (partition by webhook_id order by due_at) as place
        from webhook_deliveries join webhooks on webhooks.id = webhook_id
        where ${isDue} and enabled = 1 and ${isFree}
      ) as due
      where place <= ${limitEach} order by due_at limit ${limit}
    )
    -- Again, for a server that had to wait for another one's claim.
    and ${isDue}
    returning *
  `.execute(db);
  if (deliveries.length === 0) return [];
  const webhooks = await db
    .selectFrom('webhooks')
    .selectAll()
    .where(
      'id',
      'in',
      deliveries.map(({ webhook_id }) => webhook_id),
    )
    .execute();
  const events = await db
    .selectFrom('audit_events')
    .selectAll()
    .where(
      'id',
      'in',
      deliveries.map(({ event_id }) => event_id),
    )
    .execute();
  const byId = new Map(webhooks.map((webhook) => [webhook.id, webhook]));
  return deliveries.flatMap((delivery) => {
    const webhook = byId.get(delivery.webhook_id);
    return webhook === undefined
      ? []
      : [{ delivery, webhook, event: events.find(({ id }) => id === delivery.event_id) }];
  });
}

/** Notes what became of an attempt, unless another server has taken the delivery over. */
export async function saveAttempt(
  db: Querier,
  { id, due_at }: WebhookDeliveryRow,
  columns: Partial<WebhookDeliveryRow>,
): Promise<void> {
  await db.updateTable('webhook_deliveries').set(columns).where('id', '=', id).where('due_at', '=', due_at).execute();
}

interface DeliveryFilter {
  readonly state?: string | undefined;
  readonly beforeId?: string | undefined;
  readonly limit: number;
}

/** A delivery, and what it tells of; null: that is no longer kept. */
export interface ToldDeliveryRow extends WebhookDeliveryRow {
  readonly action: string | null;
}

/** Newest first. */
export async function findDeliveries(
  db: Querier,
  webhookId: string,
  { state, beforeId, limit }: DeliveryFilter,
): Promise<ToldDeliveryRow[]> {
  let select = db
    .selectFrom('webhook_deliveries')
    .leftJoin('audit_events', 'audit_events.id', 'event_id')
    .selectAll('webhook_deliveries')
    .select('audit_events.action')
    .where('webhook_id', '=', webhookId)
    .orderBy('webhook_deliveries.id', 'desc')
    .limit(limit);
  if (state !== undefined) select = select.where('state', '=', state);
  if (beforeId !== undefined) select = select.where('webhook_deliveries.id', '<', beforeId);
  return select.execute();
}

/** Makes deliveries due now, as if they were new. @param id of the only one; undefined: all that failed */
export async function restartDeliveries(
  db: Querier,
  webhookId: string,
  nowMs: number,
  id: string | undefined,
): Promise<number> {
  let update = db
    .updateTable('webhook_deliveries')
    .set({ state: 'pending', attempts: 0, due_at: nowMs })
    .where('webhook_id', '=', webhookId);
  update = id === undefined ? update.where('state', '=', 'failed') : update.where('id', '=', id);
  return Number((await update.executeTakeFirst()).numUpdatedRows);
}

/** Forgets what was done with before `beforeMs`. */
export async function deleteOldDeliveries(db: Querier, beforeMs: number): Promise<void> {
  await db
    .deleteFrom('webhook_deliveries')
    .where('created_at', '<', beforeMs)
    .where('state', '<>', 'pending')
    .execute();
}
