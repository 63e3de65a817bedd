import type { Session } from './session.ts';

/** What was done, kept in the database where it was done and in the same transaction: so a crash forgets neither. */
const TABLE = 'bunting_migration_steps';

export interface Entry {
  /** Null: the step has ended. */
  readonly cursor: string | null;
  readonly rows: number;
}

export async function prepareJournal(session: Session): Promise<void> {
  const { rows } = await session.query(`select to_regclass('${TABLE}') is not null as present`);
  if ((rows[0] as { present: boolean }).present) return;
  await session.query(
    `create table if not exists ${TABLE} (
       step text primary key, cursor text, rows bigint not null, at timestamptz not null default now())`,
  );
}

/** Undefined: the step was not begun. */
export async function readEntry(session: Session, step: string): Promise<Entry | undefined> {
  const { rows } = await session.query(`select cursor, rows from ${TABLE} where step = $1`, [step]);
  const row = rows[0] as { cursor: string | null; rows: string } | undefined;
  return row && { cursor: row.cursor, rows: Number(row.rows) };
}

/** @returns the transaction in which it was written */
export async function writeEntry(session: Session, step: string, { cursor, rows }: Entry): Promise<string> {
  const { rows: answer } = await session.query(
    `insert into ${TABLE} (step, cursor, rows) values ($1, $2, $3)
     on conflict (step) do update set cursor = excluded.cursor, rows = excluded.rows, at = now()
     returning pg_current_xact_id()::text as transaction`,
    [step, cursor, rows],
  );
  return (answer[0] as { transaction: string }).transaction;
}
