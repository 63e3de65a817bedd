import type { Kill, Revision } from '@bunting/core';
import type { Metrics } from '../metrics/metrics.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Connection, Feed } from './connection.ts';
import { encodeFrame, joinFrames } from './frame.ts';
import { heartbeatFrame } from './heartbeat.ts';
import type { Origin } from './origin.ts';
import { RulesetFrames } from './ruleset-frames.ts';
import type { TokenBucket } from './token-bucket.ts';
import type { Turns } from './turns.ts';

export interface FeedOptions {
  readonly ruleset: LiveRuleset;
  readonly origin: Origin;
  readonly turns: Turns;
  readonly metrics: Metrics;
  /** What may leave as snapshots, of all environments together. */
  readonly snapshotBytes: TokenBucket;
  /** Hears of what failed. */
  readonly report: (error: unknown) => void;
  /** How many sockets are written between two looks at the clock. Default 32: some tenths of a millisecond. */
  readonly stride?: number;
}

/** A socket and how far it was led. */
interface Follower {
  readonly connection: Connection;
  /** What it was sent; null while it waits for a snapshot. */
  sent: Revision | null;
}

/** Less than the tenth of a second for which snapshots may leave at once: no time is lost. */
const MIN_PAUSE_MS = 50;

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
  readonly #snapshotBytes: TokenBucket;
  readonly #frames: RulesetFrames;
  readonly #stride: number;
  /** Looking a socket up for each of ten thousand costs more than all else but writing to it: they are gone through. */
  readonly #followers = new Map<Connection, Follower>();
  #kills: Kill[] = [];
  #isDelivering = false;
  /** Something came while sockets were being written: those that had their turn need another. */
  #isBehind = false;
  #later: NodeJS.Timeout | undefined;

  constructor({ ruleset, origin, turns, metrics, snapshotBytes, report, stride = 32 }: FeedOptions) {
    this.#ruleset = ruleset;
    this.#origin = origin;
    this.#turns = turns;
    this.#metrics = metrics;
    this.#snapshotBytes = snapshotBytes;
    this.#stride = stride;
    this.#frames = new RulesetFrames(ruleset, origin, { onReady: () => this.publish(), report });
  }

  /** Kills come first: whoever resumes has flags that may have been killed meanwhile. A snapshot holds them. */
  join(connection: Connection, have: Revision | null): void {
    const follower: Follower = { connection, sent: null };
    this.#followers.set(connection, follower);
    const changes = have === null ? undefined : this.#frames.changesSince(have);
    if (changes === undefined) {
      this.#sendSnapshot(follower);
      return;
    }
    const kills = this.#frames.kills();
    if (kills !== undefined) connection.send(kills);
    follower.sent = this.#ruleset.revision;
    connection.send(changes);
    this.#sendTime(connection);
  }

  leave(connection: Connection): void {
    this.#followers.delete(connection);
  }

  /** The ruleset has a new revision. */
  publish(): void {
    if (this.#followers.size === 0) return;
    this.#isBehind = true;
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    void this.#turns.run(this.#deliver());
  }

  /** Goes to every socket, also those that lag: it is small, and nothing that waits here may hold it up. */
  kill(kill: Kill): void {
    this.#frames.forgetKills();
    if (this.#followers.size === 0) return;
    this.#kills.push(kill);
    if (this.#kills.length === 1) void this.#turns.run(this.#deliverKills(), { isUrgent: true });
  }

  /** The ruleset was replaced as a whole. Its kills are sent too: some may be new. */
  replace(): void {
    for (const kill of this.#ruleset.kills) this.kill(kill);
    this.publish();
  }

  resume(connection: Connection): void {
    const follower = this.#followers.get(connection);
    if (follower !== undefined) this.#update(follower);
    this.#sendTime(connection);
  }

  /** Forgets what nobody asks for any more. To be called now and then. */
  sweep(): void {
    this.#frames.sweep();
  }

  *#deliver(): Generator<void> {
    try {
      while (this.#isBehind) {
        this.#isBehind = false;
        let done = 0;
        for (const follower of this.#followers.values()) {
          this.#update(follower);
          if (++done % this.#stride === 0) yield;
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
    let done = 0;
    for (const { connection } of this.#followers.values()) {
      connection.send(frame);
      if (++done % this.#stride === 0) yield;
    }
  }

  #update(follower: Follower): void {
    const { connection, sent } = follower;
    const { revision } = this.#ruleset;
    if (sent === revision || connection.isLagging) return;
    const changes = sent === null ? undefined : this.#frames.changesSince(sent);
    if (sent === null || changes === undefined) {
      this.#sendSnapshot(follower);
      return;
    }
    follower.sent = revision;
    connection.send(changes);
    const merged = revision.number - sent.number - 1;
    if (merged > 0) this.#metrics.coalescedRevisions.inc(merged);
  }

  /** One that has to be made first, or for which too much is under way, comes with a later delivery. */
  #sendSnapshot(follower: Follower): void {
    const { connection } = follower;
    follower.sent = null;
    const waitMs = this.#snapshotBytes.waitMs();
    if (waitMs > 0) {
      this.#publishLater(waitMs);
      return;
    }
    const snapshot = this.#frames.snapshot(connection.peer?.canUnpack ?? false);
    if (snapshot === undefined) return;
    follower.sent = snapshot.revision;
    this.#snapshotBytes.take(snapshot.frame.bytes.length);
    connection.send(snapshot.frame);
    this.#update(follower);
    this.#sendTime(connection);
  }

  #publishLater(waitMs: number): void {
    if (this.#later !== undefined) return;
    // A delivery looks at every socket, so not one for each snapshot.
    const afterMs = Math.max(waitMs, MIN_PAUSE_MS);
    this.#later = setTimeout(() => {
      this.#later = undefined;
      this.publish();
    }, afterMs).unref();
  }

  /**
   * Frames are shared and so their time is a little old, and longer if they took a while to leave; and they do not say
   * how old the data is.
   */
  #sendTime(connection: Connection): void {
    if (!connection.isLagging) connection.send(heartbeatFrame(this.#origin, this.#ruleset));
  }
}
