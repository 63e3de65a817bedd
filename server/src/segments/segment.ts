import type { Condition, Item, KeyListName, Segment as ServedSegment } from '@bunting/core';
import { toItem } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import { toTimestamp } from '../http/key-schema.ts';
import type { SegmentRow } from '../store/tables/flags.ts';
import type { SegmentSchema } from './schemas.ts';

/** A segment as the API shows it. */
export type Segment = Static<typeof SegmentSchema>;

/** What is stored of a list of keys besides the keys: how many there are, and in how many pages (0: in the document). */
export interface ListState {
  readonly count: number;
  readonly pages: number;
}

/** The keys that are in a segment's document. */
export type DocumentKeys = Readonly<Partial<Record<KeyListName, readonly string[]>>>;

export function listStateOf(row: SegmentRow, list: KeyListName): ListState {
  return list === 'included'
    ? { count: row.included_count, pages: row.included_pages }
    : { count: row.excluded_count, pages: row.excluded_pages };
}

export function withListState(row: SegmentRow, list: KeyListName, { count, pages }: ListState): SegmentRow {
  return list === 'included'
    ? { ...row, included_count: count, included_pages: pages }
    : { ...row, excluded_count: count, excluded_pages: pages };
}

export function conditionOf(row: Pick<SegmentRow, 'conditions'>): Condition | undefined {
  return row.conditions === null ? undefined : (JSON.parse(row.conditions) as Condition);
}

export function documentKeysOf(item: Item | undefined): DocumentKeys {
  const { included, excluded } = item === undefined ? {} : (JSON.parse(item.json) as Partial<ServedSegment>);
  return {
    ...(Array.isArray(included) ? { included: included as string[] } : {}),
    ...(Array.isArray(excluded) ? { excluded: excluded as string[] } : {}),
  };
}

/** The document that SDKs get. What is at its default is left out; the order of fields never changes. */
export function toServedSegment(row: SegmentRow, keys: DocumentKeys): ServedSegment {
  const when = conditionOf(row);
  return {
    key: row.key,
    ...(row.attribute === null ? {} : { by: row.attribute }),
    ...toServedList(row, 'excluded', keys),
    ...toServedList(row, 'included', keys),
    ...(when === undefined ? {} : { when }),
  };
}

function toServedList(row: SegmentRow, list: KeyListName, keys: DocumentKeys): Partial<ServedSegment> {
  const { count, pages } = listStateOf(row, list);
  if (count === 0) return {};
  return { [list]: pages === 0 ? (keys[list] ?? []) : { pages } };
}

export function toSegmentItem(row: SegmentRow, keys: DocumentKeys): Item {
  return toItem('segment', toServedSegment(row, keys));
}

export function toSegment(row: SegmentRow): Segment {
  const when = conditionOf(row);
  return {
    key: row.key,
    name: row.name,
    ...(row.attribute === null ? {} : { by: row.attribute }),
    ...(when === undefined ? {} : { when }),
    includedCount: row.included_count,
    excludedCount: row.excluded_count,
    createdAt: toTimestamp(row.created_at),
    updatedAt: toTimestamp(row.updated_at),
    version: row.version,
  };
}
