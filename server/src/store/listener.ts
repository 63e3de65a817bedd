import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { Client } from 'pg';
import { CHANNEL, type Note, readNote } from './note.ts';
import { connectionOptions } from './open-postgres.ts';

export interface ListenerOptions {
  /** A URL that does not lead through a pooler in transaction mode: LISTEN belongs to a session. */
  readonly url: string;
  /** How long connecting may take, in milliseconds. */
  readonly connectMs: number;
  /** Sends a notification over another connection. */
  readonly send: (note: Note) => Promise<void>;
  readonly onNote: (note: Note) => void;
  /** Notifications come from now on; what was sent before may have been missed. */
  readonly onListening: () => void;
  /** Notifications do not come any more. */
  readonly onSilence: (reason: Error) => void;
  /** Tests shorten it. */
  readonly timing?: ListenerTiming;
}

/** In milliseconds. */
interface ListenerTiming {
  /** How long a statement, or a notification to oneself, may take. */
  readonly patienceMs: number;
  /** How often the listener makes sure that it still hears. */
  readonly probeEveryMs: number;
}

const TIMING: ListenerTiming = { patienceMs: 5_000, probeEveryMs: 10_000 };

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 3_000;
/** When notifications do not come although the connection works, it is hardly worth trying soon, in milliseconds. */
const DEAF_RETRY_MS = 60_000;

/** What was sent did not come, on a connection that never carried anything. */
class DeafError extends Error {}

/**
 * Hears what servers tell each other, on a connection of its own, for as long as it is open. It trusts no connection that
 * does not carry a notification that was sent over another one: through a pooler LISTEN succeeds and nothing ever comes.
 */
export class Listener {
  readonly #options: ListenerOptions;
  readonly #timing: ListenerTiming;
  readonly #closing = new AbortController();
  readonly #ended: Promise<void>;
  #isListening = false;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#timing = options.timing ?? TIMING;
    this.#ended = this.#run();
  }

  get isListening(): boolean {
    return this.#isListening;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#ended;
  }

  async #run(): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!this.#closing.signal.aborted) {
      try {
        await this.#listen(() => {
          retryMs = FIRST_RETRY_MS;
        });
      } catch (error) {
        if (this.#closing.signal.aborted) return;
        this.#options.onSilence(error as Error);
        if (error instanceof DeafError) retryMs = DEAF_RETRY_MS;
      }
      await this.#pause(retryMs * (0.5 + Math.random()));
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    }
  }

  /** Listens until it is closed, or throws what went wrong. */
  async #listen(onSuccess: () => void): Promise<void> {
    const { url, connectMs, onNote, onListening } = this.#options;
    const client = new Client(connectionOptions({ url, connectMs }));
    const heard = new Map<string, () => void>();
    client.on('notification', ({ payload }) => {
      const note = readNote(payload);
      if (note?.probe !== undefined) heard.get(note.probe)?.();
      else if (note !== undefined) onNote(note);
    });
    const { signal } = this.#closing;
    let close = () => {};
    const lost = new Promise<never>((_, reject) => {
      client.on('error', reject);
      client.on('end', () => reject(new Error('the connection ended')));
      close = () => reject(new Error('the listener is closed'));
    });
    lost.catch(() => {});
    signal.addEventListener('abort', close);
    try {
      await client.connect();
      await Promise.race([this.#inTime(client.query(`listen ${CHANNEL}`)), lost]);
      for (;;) {
        await Promise.race([this.#probe(heard), lost]);
        if (!this.#isListening) {
          this.#isListening = true;
          onSuccess();
          onListening();
        }
        await Promise.race([this.#pause(this.#timing.probeEveryMs), lost]);
        if (signal.aborted) return;
      }
    } finally {
      signal.removeEventListener('abort', close);
      this.#isListening = false;
      client.end().catch(() => {});
    }
  }

  /** Sends itself a notification and waits for it. */
  async #probe(heard: Map<string, () => void>): Promise<void> {
    const probe = randomUUID();
    const arrival = new Promise<void>((resolve) => heard.set(probe, resolve));
    try {
      await this.#inTime(this.#options.send({ probe }));
      await this.#inTime(arrival).catch(() => {
        // A connection that carried some before has fallen silent: another one will do.
        if (this.#isListening) throw new Error('a notification was sent, and did not come');
        throw new DeafError('a notification was sent, and did not come; does the URL lead through a pooler?');
      });
    } finally {
      heard.delete(probe);
    }
  }

  async #pause(ms: number): Promise<void> {
    await setTimeout(ms, undefined, { signal: this.#closing.signal }).catch(() => {});
  }

  /** @throws when `work` takes longer than the patience */
  async #inTime<T>(work: Promise<T>): Promise<T> {
    const { patienceMs } = this.#timing;
    const patience = new AbortController();
    const tooLong = setTimeout(patienceMs, undefined, { signal: patience.signal }).then(() => {
      throw new Error(`no answer within ${patienceMs} ms`);
    });
    try {
      return await Promise.race([work, tooLong]);
    } finally {
      tooLong.catch(() => {});
      patience.abort();
    }
  }
}
