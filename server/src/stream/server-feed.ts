import type { Kill, Revision } from '@bunting/core';
import type { Metrics } from '../metrics/metrics.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Connection, Feed, Peer } from './connection.ts';
import { encodeFrame, joinFrames } from './frame.ts';
import { heartbeatFrame } from './heartbeat.ts';
import type { Origin } from './origin.ts';
import { RulesetFrames } from './ruleset-frames.ts';
import type { Turns } from './turns.ts';

export interface FeedOptions {
  readonly ruleset: LiveRuleset;
  readonly origin: Origin;
  readonly turns: Turns;
  readonly metrics: Metrics;
}

/**
 * The sockets with server keys of one environment. Each is led from the revision that it was sent to the current one,
 * by a frame that all who were sent the same share. Revisions that come faster than the sockets can be written reach
 * them merged, and none is lost. Kills go past all that.
 */
export class ServerFeed implements Feed {
  readonly #ruleset: LiveRuleset;
  readonly #origin: Origin;
  readonly #turns: Turns;
  readonly #metrics: Metrics;
  readonly #frames: RulesetFrames;
  /** Each connection with the revision that it was sent. */
  readonly #sent = new Map<Connection, Revision>();
  #kills: Kill[] = [];
  #isDelivering = false;
  /** Something came while sockets were being written: those that had their turn need another. */
  #isBehind = false;

  constructor({ ruleset, origin, turns, metrics }: FeedOptions) {
    this.#ruleset = ruleset;
    this.#origin = origin;
    this.#turns = turns;
    this.#metrics = metrics;
    this.#frames = new RulesetFrames(ruleset, origin);
  }

  /** Kills come first: whoever resumes has flags that may have been killed meanwhile. A snapshot holds them. */
  join(connection: Connection, peer: Peer): void {
    connection.admit(peer, this);
    const { have } = peer.hello;
    const changes = have === null ? undefined : this.#frames.changesSince(have);
    const kills = changes === undefined ? undefined : this.#frames.kills();
    if (kills !== undefined) connection.send(kills);
    this.#sent.set(connection, this.#ruleset.revision);
    connection.send(changes ?? this.#frames.snapshot());
    // The frame before is shared: its time is a little old, and it does not say how old the data is.
    connection.send(heartbeatFrame(this.#origin));
  }

  leave(connection: Connection): void {
    this.#sent.delete(connection);
  }

  /** The ruleset has a new revision. */
  publish(): void {
    if (this.#sent.size === 0) return;
    this.#isBehind = true;
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    void this.#turns.run(this.#deliver());
  }

  /** Goes to every socket, also those that lag: it is small, and nothing that waits here may hold it up. */
  kill(kill: Kill): void {
    this.#frames.forgetSnapshot();
    if (this.#sent.size === 0) return;
    this.#kills.push(kill);
    if (this.#kills.length === 1) void this.#turns.run(this.#deliverKills(), { isUrgent: true });
  }

  /** The ruleset was replaced as a whole. Its kills are sent too: some may be new. */
  replace(): void {
    for (const kill of this.#ruleset.kills) this.kill(kill);
    this.publish();
  }

  resume(connection: Connection): void {
    this.#update(connection);
    // What it was sent last took a while to leave.
    if (!connection.isLagging) connection.send(heartbeatFrame(this.#origin));
  }

  *#deliver(): Generator<void> {
    try {
      while (this.#isBehind) {
        this.#isBehind = false;
        for (const connection of this.#sent.keys()) {
          this.#update(connection);
          yield;
        }
      }
    } finally {
      this.#isDelivering = false;
    }
  }

  /** Those that came until it begins go together. */
  *#deliverKills(): Generator<void> {
    const frames = this.#kills.map((kill) => encodeFrame({ type: 'kill', ...kill }));
    this.#kills = [];
    const frame = joinFrames('kill', frames);
    for (const connection of this.#sent.keys()) {
      connection.send(frame);
      yield;
    }
  }

  #update(connection: Connection): void {
    const sent = this.#sent.get(connection);
    const { revision } = this.#ruleset;
    if (sent === undefined || sent === revision || connection.isLagging) return;
    this.#sent.set(connection, revision);
    const changes = this.#frames.changesSince(sent);
    connection.send(changes ?? this.#frames.snapshot());
    const merged = changes === undefined ? 0 : revision.number - sent.number - 1;
    if (merged > 0) this.#metrics.coalescedRevisions.inc(merged);
  }
}
