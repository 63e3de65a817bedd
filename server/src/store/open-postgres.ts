import { Kysely, PostgresDialect } from 'kysely';
import { DatabaseError, Pool, types } from 'pg';
import { boundClient, type PostgresTimeouts } from './bounded-client.ts';
import type { Store } from './store.ts';
import { StoreLost } from './store-error.ts';
import type { Tables } from './tables.ts';

export interface PostgresSettings extends PostgresTimeouts {
  /** Such as `postgres://user:password@host/database`. */
  readonly url: string;
  readonly poolSize: number;
  /** Connecting, and waiting for a connection of the pool, in milliseconds. */
  readonly connectMs: number;
}

/** What a connection is opened with. Options that a pooler in transaction mode would refuse are not among them. */
export function connectionOptions({ url, connectMs }: Pick<PostgresSettings, 'url' | 'connectMs'>) {
  return {
    connectionString: url,
    connectionTimeoutMillis: connectMs,
    application_name: 'bunting',
    keepAlive: true,
  };
}

/** Opens a pool. Nothing is asked of the database yet. @param onIdleError hears of connections lost while unused */
export function openPostgres(settings: PostgresSettings, onIdleError: (error: Error) => void): Store {
  const pool = new Pool({ ...connectionOptions(settings), max: settings.poolSize, types: { getTypeParser } });
  // Without these listeners a lost connection would end the process: the pool's for idle ones, the client's for others.
  pool.on('error', onIdleError);
  pool.on('connect', (client) => client.on('error', () => {}));
  const connect = async () => {
    try {
      return boundClient(await pool.connect(), settings);
    } catch (error) {
      if (error instanceof DatabaseError) throw error;
      throw new StoreLost(`PostgreSQL cannot be reached: ${(error as Error).message}`, { cause: error });
    }
  };
  const dialect = new PostgresDialect({ pool: { connect, end: () => pool.end(), options: pool.options } });
  return {
    engine: 'postgres',
    database: new Kysely<Tables>({ dialect }),
    get pool() {
      const { totalCount, idleCount, waitingCount } = pool;
      return { inUse: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
    },
  };
}

/** Of `bigint`, also of counts. Ours are times and numbers far below 2^53. */
const INT8 = 20;

function getTypeParser(type: number, format?: 'text' | 'binary') {
  return type === INT8 ? Number : types.getTypeParser(type, format as 'text');
}
