import { Socket } from 'node:net';
import { Client, DatabaseError, type QueryResult } from 'pg';
import type { AddressPolicy } from '../../egress/address-policy.ts';
import { checkedLookup, EgressRefused } from '../../egress/send.ts';

/** How long a statement waits for a table or row that others hold: they queue behind it. */
const LOCK_TIMEOUT_MS = 2_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** A server of Bunting that has stopped, and is not dead, does not keep its lock for longer (PostgreSQL 14 and up). */
const IDLE_TIMEOUT_MS = 60_000;

export interface SessionOptions {
  readonly url: string;
  readonly policy: AddressPolicy;
  /** What is locked against other servers of Bunting for as long as the session lasts. */
  readonly lock: string;
  /** Key of the plan, for who looks at `pg_stat_activity`. */
  readonly plan: string;
}

/** Another server of Bunting is at work in the database. */
class Locked extends Error {
  override readonly name = 'Locked';
}

/** A connection to a database of the user's, with their role. */
export class Session {
  readonly #client: Client;
  readonly #options: SessionOptions;
  #pid = 0;

  private constructor(client: Client, options: SessionOptions) {
    this.#client = client;
    this.#options = options;
  }

  /** @throws {Locked} @throws {Error} when it cannot be reached */
  static async open(options: SessionOptions): Promise<Session> {
    const session = new Session(newClient(options), options);
    try {
      await session.#begin();
    } catch (error) {
      await session.close();
      throw error;
    }
    return session;
  }

  async #begin(): Promise<void> {
    await this.#client.connect();
    const { rows } = await this.#client.query(
      `select pg_backend_pid() as pid, pg_try_advisory_lock(hashtextextended($1, 0)) as locked,
         current_setting('server_version_num')::int as version`,
      [`bunting migration ${this.#options.lock}`],
    );
    const { pid, locked, version } = rows[0] as { pid: number; locked: boolean; version: number };
    if (!locked) throw new Locked('Another server of Bunting is at work in this database.');
    this.#pid = pid;
    const idle = version >= 140_000 ? `; set idle_session_timeout = ${IDLE_TIMEOUT_MS}` : '';
    await this.#client.query(
      `set lock_timeout = ${LOCK_TIMEOUT_MS}; set idle_in_transaction_session_timeout = ${IDLE_TIMEOUT_MS}${idle}`,
    );
  }

  /**
   * Runs one statement, or several where there are no values. One that takes longer is cancelled, also by the signal.
   * @throws {DatabaseError} @throws {Error} when the connection is lost
   */
  async query(text: string, values: readonly unknown[] = [], limits: Limits = {}): Promise<QueryResult> {
    const { timeoutMs = 60_000, signal } = limits;
    signal?.throwIfAborted();
    const cancel = () => void this.#cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      await this.#client.query(`set statement_timeout = ${Math.ceil(timeoutMs)}`);
      const result: QueryResult | QueryResult[] =
        values.length === 0 ? await this.#client.query(text) : await this.#client.query(text, [...values]);
      // Of several statements it is the last that tells.
      return Array.isArray(result) ? (result.at(-1) as QueryResult) : result;
    } finally {
      signal?.removeEventListener('abort', cancel);
    }
  }

  /** Runs `work` in a transaction: to the end, or not at all. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.#client.query('begin');
    try {
      const result = await work();
      await this.#client.query('commit');
      return result;
    } catch (error) {
      await this.#client.query('rollback').catch(() => {});
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#client.end().catch(() => {});
  }

  /** Over a connection of its own, for this one is busy. */
  async #cancel(): Promise<void> {
    const other = newClient(this.#options);
    try {
      await other.connect();
      await other.query('select pg_cancel_backend($1)', [this.#pid]);
    } catch {
      // It cannot be reached: nor can the statement tell that it has ended.
      await this.close();
    } finally {
      await other.end().catch(() => {});
    }
  }
}

export interface Limits {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** The SQL of a plan is not as it must be. The message says what to change. */
export class StepError extends Error {
  override readonly name = 'StepError';
}

/** Something that passes by itself: a lock that others hold, a restart, a connection that was lost. */
export function isPassing(error: unknown): boolean {
  if (error instanceof DatabaseError)
    return /^(55P03|40P01|40001|53300|57P0[123]|08...|25P0[34])$/.test(error.code ?? '');
  return !(error instanceof StepError || error instanceof EgressRefused);
}

/** What PostgreSQL said, in one line. */
export function describeError(error: unknown): string {
  if (!(error instanceof DatabaseError)) return (error as Error).message;
  const { message, code, detail, hint, where } = error;
  const more = [detail, hint, where?.split('\n')[0]].filter((part) => part !== undefined && part !== '');
  return [`${message} (${code})`, ...more].join('. ');
}

function newClient({ url, policy, plan }: SessionOptions): Client {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: `bunting migration ${plan}`.slice(0, 63),
    keepAlive: true,
    stream: () => new CheckedSocket(policy),
  });
  // Without a listener a lost connection would end the process; the query that it fails tells of it.
  client.on('error', () => {});
  return client;
}

/** Connects to what the host's name stands for only where that is allowed. */
class CheckedSocket extends Socket {
  readonly #policy: AddressPolicy;

  constructor(policy: AddressPolicy) {
    super();
    this.#policy = policy;
  }

  /** As `pg` calls it. */
  override connect(...where: unknown[]): this {
    const [port, host] = where as [number, string];
    return super.connect({ port, host, lookup: checkedLookup(this.#policy) });
  }
}
