import { setTimeout as wait } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { FireDrills } from './service.ts';

const LOOK_EVERY_MS = 15_000;

/** Holds fire drills when they are due. Every server looks; the first one to claim a drill holds it. */
export class FireDrillRunner {
  readonly #drills: FireDrills;
  readonly #log: FastifyBaseLogger;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;

  constructor(drills: FireDrills, log: FastifyBaseLogger) {
    this.#drills = drills;
    this.#log = log;
    this.#running = this.#run();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#running;
    await this.#drills.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    for (;;) {
      await wait(LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted) return;
      await this.#drills
        .look()
        .catch((error: unknown) => this.#log.debug({ err: error }, 'fire drills could not be looked at'));
    }
  }
}
