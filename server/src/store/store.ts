import type { Database } from './tables.ts';

/** An open database, and what is known of it beyond SQL. */
export interface Store {
  readonly engine: 'sqlite' | 'postgres';
  readonly database: Database;
  /** PostgreSQL's connections, as they are now; undefined on SQLite, which has one. */
  readonly pool?: PoolState;
}

interface PoolState {
  readonly inUse: number;
  readonly idle: number;
  /** Who waits for a connection. */
  readonly waiting: number;
}
