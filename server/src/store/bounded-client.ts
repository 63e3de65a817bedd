import type { PostgresPoolClient } from 'kysely';
import { DatabaseError, type PoolClient } from 'pg';
import { OutcomeUnknown, StoreLost } from './store-error.ts';

/** How long things may take, in milliseconds. */
export interface PostgresTimeouts {
  /** One statement, as the database counts. 0: no limit, also not on this side. */
  readonly statementMs: number;
  /** Waiting for a row or table that another transaction holds. */
  readonly lockMs: number;
  /** A transaction that waits for its next statement. */
  readonly idleTransactionMs: number;
}

/** On this side a statement may take longer by this much: then the database or the way to it is gone. */
const GRACE_MS = 1_000;

/**
 * A connection on which nothing takes for ever. The database's own timeouts are set inside each transaction, with its
 * `begin` and in the same round trip: nothing outlives the transaction, so a pooler may hand the connection on to anyone
 * after it.
 */
export function boundClient(client: PoolClient, timeouts: PostgresTimeouts): PostgresPoolClient {
  const { statementMs, lockMs, idleTransactionMs } = timeouts;
  let isLost = false;

  async function ask(sql: string, parameters: readonly unknown[]) {
    // While a statement runs, this cuts the connection, and the statement fails.
    const timer = statementMs === 0 ? undefined : setTimeout(() => void client.end(), statementMs + GRACE_MS);
    try {
      return await client.query(sql, [...parameters]);
    } catch (error) {
      const isFromDatabase = error instanceof DatabaseError;
      isLost ||= !isFromDatabase || error.severity !== 'ERROR';
      if (isLost && sql === 'commit') throw new OutcomeUnknown('lost while committing', { cause: error });
      throw isFromDatabase
        ? error
        : new StoreLost(`PostgreSQL was lost: ${(error as Error).message}`, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  async function query(sql: string, parameters: readonly unknown[]) {
    // What is lost has nothing left to roll back; the error that tells why must not be replaced by another.
    if (isLost && sql === 'rollback') return { command: 'ROLLBACK', rowCount: 0, rows: [] };
    if (!/^(begin|start transaction)/.test(sql)) return ask(sql, parameters);
    const settings = [
      `set local statement_timeout = ${statementMs}`,
      `set local lock_timeout = ${lockMs}`,
      `set local idle_in_transaction_session_timeout = ${idleTransactionMs}`,
    ];
    await ask([sql, ...settings].join('; '), []);
    return { command: 'BEGIN', rowCount: 0, rows: [] };
  }

  return {
    // Kysely cancels by it.
    ...('processID' in client && typeof client.processID === 'number' ? { processID: client.processID } : {}),
    // Kysely's other form of it is for cursors, which it uses only where it is given them.
    query: query as unknown as PostgresPoolClient['query'],
    release: (destroy) => client.release(destroy || isLost),
  };
}
