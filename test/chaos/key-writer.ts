import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Api } from '../../tools/demo-api.ts';

const SEGMENT = '/projects/default/environments/development/segments/growing';
/** So many at once that a list is soon cut into pages, and each change touches several of them. */
const AT_ONCE = 7;
const AFTER_FAILURE_MS = 60;

/** Someone who adds keys to a segment, and keeps book of what was acknowledged: either all of a request is there or none. */
export class KeyWriter {
  acknowledged = 0;
  readonly #apis: readonly Api[];
  readonly #pauseMs: number;
  /** Requests by number: whether it was acknowledged. */
  readonly #requests: boolean[] = [];
  #isWriting = false;
  #done: Promise<void> = Promise.resolve();

  /** @param apis of the servers that share a database: keys go to them in turn */
  constructor(apis: readonly Api[], pauseMs = 0) {
    this.#apis = apis;
    this.#pauseMs = pauseMs;
  }

  async begin(): Promise<void> {
    await this.#api().call('PUT', SEGMENT, { name: 'Growing' });
  }

  start(): void {
    this.#isWriting = true;
    this.#done = this.#writeOn();
  }

  async stop(): Promise<void> {
    this.#isWriting = false;
    await this.#done;
  }

  async expectNothingLost(): Promise<void> {
    const answer = await this.#api().request('GET', `${SEGMENT}/keys/export`);
    const there = new Set(String(answer.body ?? '').split('\n'));
    for (const [number, isAcknowledged] of this.#requests.entries()) {
      const found = keysOf(number).filter((key) => there.has(key)).length;
      const allowed = isAcknowledged ? [AT_ONCE] : [0, AT_ONCE];
      expect(allowed, `keys of request ${number} that are there`).toContain(found);
    }
  }

  async #writeOn(): Promise<void> {
    while (this.#isWriting) {
      const number = this.#requests.push(false) - 1;
      const request = this.#api().request('POST', `${SEGMENT}/keys`, { add: keysOf(number) });
      const answer = await request.catch(() => undefined);
      // The server is gone, or cannot store now.
      expect([200, 503, undefined], JSON.stringify(answer?.body)).toContain(answer?.status);
      if (answer?.status === 200) {
        this.#requests[number] = true;
        this.acknowledged++;
      }
      await sleep(answer?.status === 200 ? this.#pauseMs : AFTER_FAILURE_MS);
    }
  }

  #api(): Api {
    const api = this.#apis[this.#requests.length % this.#apis.length];
    if (api === undefined) throw new Error('someone who writes needs a server');
    return api;
  }
}

function keysOf(number: number): string[] {
  return Array.from({ length: AT_ONCE }, (_, at) => `key-${number}-${at}`);
}
