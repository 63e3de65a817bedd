import type { Revision } from '@bunting/core';
import { sql } from 'kysely';
import type { CounterName } from '../store/counters.ts';
import type { Database } from '../store/tables.ts';

/** Where everything that servers keep in memory stands in the database. */
export interface Heads {
  /** By environment id. */
  readonly revisions: ReadonlyMap<string, Revision>;
  readonly counters: ReadonlyMap<CounterName, number>;
  /** True: the database takes no changes, such as a standby. */
  readonly isReadOnly: boolean;
}

/** Asks PostgreSQL in one light query. */
export async function readHeads(database: Database): Promise<Heads> {
  const { rows } = await sql<{ what: string; name: string; incarnation: string; number: number; hash: string }>`
    select 'environment' as what, id as name, incarnation, number, hash from environments
    union all select 'counter', name, '', number, '' from counters
    union all select 'read-only', '', '', (current_setting('transaction_read_only') = 'on')::int, ''
  `.execute(database);
  const revisions = new Map<string, Revision>();
  const counters = new Map<CounterName, number>();
  let isReadOnly = false;
  for (const { what, name, incarnation, number, hash } of rows) {
    if (what === 'environment') revisions.set(name, { incarnation, number, hash });
    else if (what === 'counter') counters.set(name as CounterName, number);
    else isReadOnly = number === 1;
  }
  return { revisions, counters, isReadOnly };
}
