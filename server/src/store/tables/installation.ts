import type { Selectable } from 'kysely';
import type { Bit } from '../booleans.ts';

/** What servers of an installation share. */
export interface InstallationTables {
  counters: CounterTable;
  servers: ServerTable;
  secrets: SecretTable;
  data_keys: DataKeyTable;
  idempotency_keys: IdempotencyKeyTable;
}

/** Numbers that grow with every commit which changes something that servers keep in memory. */
interface CounterTable {
  name: string;
  number: number;
}

/** A server that shares the database. It belongs to the installation, not to its content: nobody copies it. */
interface ServerTable {
  /** Made at each start. */
  id: string;
  /** Where the other servers reach it. */
  url: string;
  version: string;
  started_at: number;
  /** By the server's own clock; others only see that it changes. */
  seen_at: number;
}
export type ServerRow = Selectable<ServerTable>;

/** What the servers of an installation know of each other, and nobody else. */
interface SecretTable {
  name: string;
  value: string;
}

/** What the vault's secrets are sealed under. */
interface DataKeyTable {
  id: string;
  /** Sealed under the master key. */
  sealed: string;
}
export type DataKeyRow = Selectable<DataKeyTable>;

/** A request that carries an idempotency key. */
interface IdempotencyKeyTable {
  /** Kind and id of the actor. */
  caller: string;
  key: string;
  /** SHA-256 of what makes it the same request, hex. */
  request_hash: string;
  /** Random: which try of the request it is. */
  attempt: string;
  started_at: number;
  /** 1: what it asks for was committed. */
  committed: Bit;
  /** Of the answer; null while there is none. */
  status: number | null;
  /** JSON; null where it held a secret. */
  body: string | null;
}
export type IdempotencyKeyRow = Selectable<IdempotencyKeyTable>;
