import type { KeyUses } from './protocol.ts';

/** How often uses are sent, in milliseconds. */
const FLUSH_EVERY_MS = 10_000;
/** A key is told again after this long. */
const AGAIN_AFTER_MS = 30 * 60_000;
/** Keys in one message. */
const MAX_KEYS = 1_000;

/** Tells the upstream which keys are used behind the relay, now and then. What cannot be sent yet is kept. */
export class UseReports {
  readonly #send: (text: string) => boolean;
  /** When each was noted, by `performance.now()`: no more than the environment has keys. */
  readonly #notedMs = new Map<string, number>();
  readonly #unsent = new Set<string>();
  readonly #timer: NodeJS.Timeout;

  constructor(send: (text: string) => boolean) {
    this.#send = send;
    this.#timer = setInterval(() => this.flush(), FLUSH_EVERY_MS).unref();
  }

  note(keyId: string): void {
    const nowMs = performance.now();
    const notedMs = this.#notedMs.get(keyId);
    if (notedMs !== undefined && nowMs - notedMs < AGAIN_AFTER_MS) return;
    this.#notedMs.set(keyId, nowMs);
    this.#unsent.add(keyId);
  }

  flush(): void {
    while (this.#unsent.size > 0) {
      const keys = [...this.#unsent].slice(0, MAX_KEYS);
      const message: KeyUses = { type: 'uses', keys };
      if (!this.#send(JSON.stringify(message))) return;
      for (const key of keys) this.#unsent.delete(key);
    }
  }

  /** Sends what there is, and no more after that. */
  close(): void {
    clearInterval(this.#timer);
    this.flush();
  }
}
