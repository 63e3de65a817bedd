import { expect } from 'vitest';
import type { Api } from '../../tools/demo-api.ts';

const SEGMENT = '/projects/default/environments/development/segments/growing';
/** So many at once that a list is soon cut into pages, and each change touches several of them. */
const AT_ONCE = 7;

/** Someone who adds keys to a segment, and keeps book of what was acknowledged: either all of a request is there or none. */
export class KeyWriter {
  acknowledged = 0;
  readonly #api: Api;
  /** Requests by number: whether it was acknowledged. */
  readonly #requests: boolean[] = [];
  #isWriting = false;
  #done: Promise<void> = Promise.resolve();

  constructor(api: Api) {
    this.#api = api;
  }

  async begin(): Promise<void> {
    await this.#api.call('PUT', SEGMENT, { name: 'Growing' });
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
    const answer = await this.#api.request('GET', `${SEGMENT}/keys/export`);
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
      const answer = await this.#api.request('POST', `${SEGMENT}/keys`, { add: keysOf(number) }).catch(() => undefined);
      // The server is gone.
      if (answer === undefined) return;
      expect(answer).toMatchObject({ status: 200 });
      this.#requests[number] = true;
      this.acknowledged++;
    }
  }
}

function keysOf(number: number): string[] {
  return Array.from({ length: AT_ONCE }, (_, at) => `key-${number}-${at}`);
}
