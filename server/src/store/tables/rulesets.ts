import type { Selectable } from 'kysely';

/** What environments serve, and served. */
export interface RulesetsTables {
  ruleset_items: RulesetItemTable;
  item_history: ItemHistoryTable;
  revisions: RevisionTable;
  changes: ChangeTable;
}

/** What an environment serves, as it travels: its current revision's items. */
interface RulesetItemTable {
  environment_id: string;
  kind: string;
  key: string;
  json: string;
  /** The revision since which it is so; null: since before there was a history. */
  number: number | null;
}

/** What an item was at the revisions `from_number` to `to_number`, the latter not included. */
interface ItemHistoryTable {
  environment_id: string;
  kind: string;
  key: string;
  /** 0: since before there was a history. */
  from_number: number;
  to_number: number;
  json: string;
}

/** What is known of each revision of an environment, also of those that nobody can resume from any more. */
interface RevisionTable {
  environment_id: string;
  number: number;
  incarnation: string;
  hash: string;
  committed_at: number;
  /** Of the audit events of the transaction; null: it made none, or was the beginning of the history. */
  change_id: string | null;
  /** JSON: TouchedItems (see `history/touched.ts`), or null where nobody knows. */
  items: string | null;
  /** The incarnation that the number was counted by before it got a new one, such as after a restore. */
  former_incarnation: string | null;
}
export type RevisionRow = Selectable<RevisionTable>;

/** What led to each of an environment's latest revisions. */
interface ChangeTable {
  environment_id: string;
  number: number;
  hash: string;
  committed_at: number;
  /** JSON: ItemName[], of what was put or changed. Rows of the first versions hold whole items. */
  puts: string;
  /** JSON: ItemName[]. */
  deletes: string;
  /** When it was stored, by the clock of PostgreSQL; null on SQLite. */
  stored_at: number | null;
}
