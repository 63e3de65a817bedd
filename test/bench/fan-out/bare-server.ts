import { join } from 'node:path';
import type { Crowd, Fleet } from '../../processes/fleet.ts';
import { Remote } from '../../processes/remote.ts';
import type { BareServerCalls } from './bare-server-main.ts';
import { type Round, toRound } from './round.ts';

/** Raw writes of the same bytes to as many sockets, with clients in the same processes: see `bare-server-main.ts`. */
export class BareServer {
  readonly #remote: Remote<BareServerCalls>;
  readonly #crowd: Crowd;

  private constructor(remote: Remote<BareServerCalls>, crowd: Crowd) {
    this.#remote = remote;
    this.#crowd = crowd;
  }

  static async start(fleet: Fleet, count: number): Promise<BareServer> {
    const remote = new Remote<BareServerCalls>(join(import.meta.dirname, 'bare-server-main.ts'));
    try {
      const { crowd } = await fleet.open({ url: await remote.call('listen'), count });
      return new BareServer(remote, crowd);
    } catch (error) {
      await remote.stop();
      throw error;
    }
  }

  /** @param frame a `changes` frame that leads to revision `number` */
  async round(frame: Buffer, number: number): Promise<Round> {
    const before = await this.#remote.call('gauge');
    await this.#remote.call('write', frame);
    const arrivals = await this.#crowd.arrivals(number);
    return toRound(arrivals, before, await this.#remote.call('gauge'));
  }

  stop(): Promise<void> {
    return this.#remote.stop();
  }
}
