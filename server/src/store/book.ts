import type { FastifyBaseLogger } from 'fastify';
import { coalesce } from './coalesce.ts';

/** After a failure it is read again so soon, in milliseconds. */
const RETRY_MS = 1_000;

/** Something of the database that is kept in memory, and read whole after every commit that counts on it. */
export abstract class Book {
  readonly #log: Pick<FastifyBaseLogger, 'error'>;
  readonly #name: string;
  #knownCount = -1;
  #retry: NodeJS.Timeout | undefined;
  /** Reads everything anew. */
  readonly catchUp = coalesce(async () => {
    this.#knownCount = await this.load();
  });

  /** @param name of what is in it, for the log */
  constructor(log: Pick<FastifyBaseLogger, 'error'>, name: string) {
    this.#log = log;
    this.#name = name;
  }

  /** Reads what is to be known. @returns the count that stands for it */
  protected abstract load(): Promise<number>;

  /** The count up to which changes are known. */
  get knownCount(): number {
    return this.#knownCount;
  }

  /** As `catchUp`, but never fails: what could not be read is read again soon. */
  async refresh(): Promise<void> {
    try {
      await this.catchUp();
    } catch (error) {
      this.#log.error({ err: error }, `${this.#name} could not be read anew; trying again`);
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => void this.refresh(), RETRY_MS).unref();
    }
  }

  close(): void {
    clearTimeout(this.#retry);
  }
}
