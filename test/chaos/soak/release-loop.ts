import { setTimeout as sleep } from 'node:timers/promises';
import type { Api } from '../../../tools/demo-api.ts';
import { waitFor } from '../../processes/wait.ts';
import { RELEASED_FLAG, TRAFFIC_TARGET } from './estate.ts';

const RELEASES = '/projects/default/releases';
/** Far longer than any of the waits takes by itself. */
const PATIENCE_MS = 10 * 60_000;
const LOOK_EVERY_MS = 250;

/** Canaries of traffic and a flag, one after the other: each goes all the way, and is then taken back by a person. */
export class ReleaseLoop {
  /** Releases that came back as they should. */
  count = 0;
  readonly #api: Api;
  readonly #soakSeconds: number;
  readonly #stop = new AbortController();
  readonly #done: Promise<void>;

  /** @param soakSeconds of each stage */
  constructor(api: Api, soakSeconds: number) {
    this.#api = api;
    this.#soakSeconds = soakSeconds;
    this.#done = this.#loop();
    // What failed is told by `stop`.
    this.#done.catch(() => {});
  }

  /** Resolves when the release that is under way has ended. @throws {Error} when one did not do what it should */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #loop(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const id = await this.#start(`Round ${this.count + 1}`);
      await this.#reach(id, 'succeeded');
      await sleep(this.#soakSeconds * 1_000);
      await this.#command(id, { command: 'rollback', reason: 'the next one is to come' });
      await this.#reach(id, 'rolled_back');
      this.count++;
    }
  }

  async #start(title: string): Promise<string> {
    const stages = [5_000, 25_000, 100_000].map((per100k) => ({
      ...{ trafficPer100k: per100k, flagsPer100k: per100k, soakSeconds: this.#soakSeconds, blind: true },
    }));
    const { id } = await this.#api.call<{ id: string }>('POST', RELEASES, {
      ...{ title, environment: 'development', strategy: 'canary', stages, bakeSeconds: this.#soakSeconds },
      traffic: { target: TRAFFIC_TARGET, candidate: '2', baseline: '1' },
      flags: [{ flag: RELEASED_FLAG, candidate: 'on', baseline: 'off' }],
    });
    await this.#command(id, { command: 'start' });
    return id;
  }

  #command(id: string, command: object): Promise<unknown> {
    return this.#api.call('POST', `${RELEASES}/${id}/commands`, command);
  }

  async #reach(id: string, phase: string): Promise<void> {
    await waitFor(
      `the release to be ${phase}`,
      async () => {
        const release = await this.#api.call<{ phase: string }>('GET', `${RELEASES}/${id}`);
        if (['failed', 'aborting', 'aborted', 'blocked'].includes(release.phase)) {
          throw new Error(`a release is ${release.phase} instead of ${phase}: ${JSON.stringify(release)}`);
        }
        if (release.phase === phase) return true;
        await sleep(LOOK_EVERY_MS);
        return false;
      },
      PATIENCE_MS,
    );
  }
}
