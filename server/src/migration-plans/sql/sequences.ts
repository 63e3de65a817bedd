import type { Session } from './session.ts';

/** Replication leaves them behind: rows that are made on the other side would get numbers that are taken. @returns how many */
export async function copySequences(from: Session, to: Session, tables: readonly string[]): Promise<string> {
  const { rows } = await from.query(
    `select n.nspname || '.' || quote_ident(s.relname) as sequence, pg_sequence_last_value(s.oid)::text as value
     from pg_depend d join pg_class s on s.oid = d.objid and s.relkind = 'S' join pg_namespace n on n.oid = s.relnamespace
     where d.classid = 'pg_class'::regclass and d.refobjid = any($1::text[]::regclass[]) and d.deptype in ('a', 'i')`,
    [tables],
  );
  const used = (rows as { sequence: string; value: string | null }[]).filter(({ value }) => value !== null);
  for (const { sequence, value } of used)
    await to.query('select setval($1::text::regclass, $2::bigint)', [sequence, value]);
  return `${used.length} sequences`;
}
