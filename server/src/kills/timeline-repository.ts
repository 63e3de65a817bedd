import type { KillTimelineRow } from '../store/tables/kills.ts';
import type { DatabaseTransaction, Querier } from '../store/tables.ts';
import { readDocument, type Timeline, toDocument } from './timeline.ts';

/** What is known when the kill is stored, unless more is stored already. */
export async function insertTimeline(tx: DatabaseTransaction, timeline: Timeline): Promise<void> {
  await tx
    .insertInto('kill_timelines')
    .values(toRow(timeline))
    .onConflict((conflict) => conflict.column('event_id').doNothing())
    .execute();
}

/** What is known now. @returns false when the kill was not stored, or its environment is gone */
export async function updateTimeline(tx: DatabaseTransaction, timeline: Timeline): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('kill_timelines')
    .set({ document: toDocument(timeline) })
    .where('event_id', '=', timeline.eventId)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Of servers that were cut off from each other two may have killed a flag under one epoch: the first. */
export async function findTimeline(
  db: Querier,
  environmentId: string,
  flag: string,
  epoch: number,
): Promise<Timeline | undefined> {
  return (await findTimelinesOf(db, { environmentId, flag, epoch }))[0];
}

/** Whether what the same actor made of the flag on another server is stored under this epoch. */
export async function hasTwin(
  db: Querier,
  { eventId, actor, ...kill }: Pick<Timeline, 'environmentId' | 'flag' | 'epoch' | 'eventId' | 'actor'>,
): Promise<boolean> {
  const stored = await findTimelinesOf(db, kill);
  return stored.some(
    (other) => other.eventId !== eventId && other.actor.kind === actor.kind && other.actor.id === actor.id,
  );
}

async function findTimelinesOf(
  db: Querier,
  { environmentId, flag, epoch }: Pick<Timeline, 'environmentId' | 'flag' | 'epoch'>,
): Promise<Timeline[]> {
  const rows = await db
    .selectFrom('kill_timelines')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .where('flag_key', '=', flag)
    .where('epoch', '=', epoch)
    .orderBy('event_id')
    .execute();
  return rows.flatMap((row) => toTimeline(row) ?? []);
}

export interface TimelineFilter {
  readonly flag?: string | undefined;
  /** The position of the last one of the page before. */
  readonly before?: readonly [atMs: number, eventId: string] | undefined;
  readonly limit: number;
}

/** An environment's, newest first. */
export async function findTimelines(
  db: Querier,
  environmentId: string,
  { flag, before, limit }: TimelineFilter,
): Promise<Timeline[]> {
  let select = db
    .selectFrom('kill_timelines')
    .selectAll()
    .where('environment_id', '=', environmentId)
    .orderBy('at', 'desc')
    .orderBy('event_id', 'desc')
    .limit(limit);
  if (flag !== undefined) select = select.where('flag_key', '=', flag);
  if (before !== undefined) {
    const [atMs, eventId] = before;
    select = select.where(({ or, and, eb }) =>
      or([eb('at', '<', atMs), and([eb('at', '=', atMs), eb('event_id', '<', eventId)])]),
    );
  }
  return (await select.execute()).flatMap((row) => toTimeline(row) ?? []);
}

function toRow(timeline: Timeline): KillTimelineRow {
  const { eventId, environmentId, flag, epoch, engagedAtMs } = timeline;
  return {
    event_id: eventId,
    environment_id: environmentId,
    flag_key: flag,
    epoch,
    at: engagedAtMs,
    document: toDocument(timeline),
  };
}

function toTimeline(row: KillTimelineRow): Timeline | undefined {
  const document = readDocument(row.document);
  const { event_id: eventId, environment_id: environmentId, flag_key: flag, epoch, at } = row;
  return document && { eventId, environmentId, flag, epoch, engagedAtMs: at, ...document };
}
