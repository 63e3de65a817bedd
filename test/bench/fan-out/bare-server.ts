import { join } from 'node:path';
import { type Crowd, Fleet } from '../../processes/fleet.ts';
import { Remote } from '../../processes/remote.ts';
import type { BareServerCalls } from './bare-server-main.ts';
import { type Round, toRound } from './round.ts';

/** Raw writes of the same bytes to as many sockets, with clients of its own: see `bare-server-main.ts`. */
export class BareServer {
  readonly #remote: Remote<BareServerCalls>;
  readonly #fleet: Fleet;
  readonly #crowd: Crowd;

  private constructor(remote: Remote<BareServerCalls>, fleet: Fleet, crowd: Crowd) {
    this.#remote = remote;
    this.#fleet = fleet;
    this.#crowd = crowd;
  }

  static async start(clientProcesses: number, count: number): Promise<BareServer> {
    const remote = new Remote<BareServerCalls>(join(import.meta.dirname, 'bare-server-main.ts'));
    const fleet = new Fleet(clientProcesses);
    try {
      const { crowd } = await fleet.open({ url: await remote.call('listen'), count });
      return new BareServer(remote, fleet, crowd);
    } catch (error) {
      await Promise.all([remote.stop(), fleet.stop()]);
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

  async stop(): Promise<void> {
    await Promise.all([this.#remote.stop(), this.#fleet.stop()]);
  }
}
