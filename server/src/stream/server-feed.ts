import type { CommittedChange, LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Connection, Peer } from './connection.ts';
import type { Frame } from './frame.ts';
import { inChunks } from './in-chunks.ts';
import type { RulesetFrames } from './ruleset-frames.ts';

/** A change's frame on its way to an environment's sockets. */
interface Delivery {
  readonly number: number;
  readonly frame: Frame;
}

/** The sockets with server keys of one environment. They get every change, in order, each by one shared frame. */
export class ServerFeed {
  readonly #frames: RulesetFrames;
  /** Each connection with the number of the revision that it was sent. */
  readonly #sent = new Map<Connection, number>();
  readonly #queue: Delivery[] = [];
  #isDelivering = false;

  constructor(frames: RulesetFrames) {
    this.#frames = frames;
  }

  join(connection: Connection, peer: Peer): void {
    this.#sent.set(connection, peer.ruleset.revision.number);
    connection.admit(peer, this.#frames.first(peer.ruleset, peer.hello.have));
  }

  leave(connection: Connection): void {
    this.#sent.delete(connection);
  }

  publish(ruleset: LiveRuleset, change: CommittedChange): void {
    if (this.#sent.size === 0) return;
    this.#queue.push({ number: change.revision.number, frame: this.#frames.change(ruleset, change) });
    if (!this.#isDelivering) void this.#deliver();
  }

  /** One change after the other, so that no socket gets them out of order. */
  async #deliver(): Promise<void> {
    this.#isDelivering = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const { number, frame } = next;
      await inChunks(this.#sent.keys(), (connection) => {
        // A socket that joined meanwhile started from this change or a later one; one that left is not in the map.
        if (this.#sent.get(connection) !== number - 1) return;
        this.#sent.set(connection, number);
        connection.send(frame);
      });
    }
    this.#isDelivering = false;
  }
}
