import { gzipSync } from 'node:zlib';
import type { Revision } from '@bunting/core';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import { encodeFrame, type Frame, frameOfParts, joinFrames } from './frame.ts';
import { type Origin, stampOf } from './origin.ts';
import { SnapshotBodies, type SnapshotBodiesOptions, type SnapshotBody } from './snapshot-bodies.ts';

/** How long a frame is shared, in milliseconds: its `timeMs` is at most this old when it is sent. */
const SHARE_MS = 250;

interface SharedChanges {
  readonly from: Revision;
  readonly frame: Frame;
}

/** The frames that lead to one revision, while their time is right. */
interface Shared {
  readonly revision: Revision;
  readonly madeAtMs: number;
  readonly snapshots: Map<SnapshotBody, Frame>;
  /** By the number of the revision that they start from. */
  readonly changes: Map<number, SharedChanges>;
}

export interface Snapshot {
  /** Of the current revision, or of one before. */
  readonly revision: Revision;
  readonly frame: Frame;
}

/** One environment's frames for server keys. Each is made once for all who need the same at a time. */
export class RulesetFrames {
  readonly #ruleset: LiveRuleset;
  readonly #origin: Origin;
  readonly #bodies: SnapshotBodies;
  #shared: Shared | undefined;
  #kills: Frame | undefined;

  constructor(ruleset: LiveRuleset, origin: Origin, options: SnapshotBodiesOptions) {
    this.#ruleset = ruleset;
    this.#origin = origin;
    this.#bodies = new SnapshotBodies(ruleset, options);
  }

  /** @returns undefined while it is being made; `onReady` says when to ask again */
  snapshot(canUnpack: boolean): Snapshot | undefined {
    const body = this.#bodies.get(canUnpack);
    if (body === undefined) return undefined;
    const { snapshots } = this.#share();
    let frame = snapshots.get(body);
    if (frame === undefined) {
      frame = this.#snapshotFrame(body);
      snapshots.set(body, frame);
    }
    return { revision: body.revision, frame };
  }

  /** What leads from `have` to the current revision, each item once; undefined when only a snapshot helps. */
  changesSince(have: Revision): Frame | undefined {
    const { changes } = this.#share();
    const known = changes.get(have.number);
    if (known !== undefined && isSame(known.from, have)) return known.frame;
    const difference = this.#ruleset.differenceSince(have);
    if (difference === undefined) return undefined;
    const { puts, deletes } = difference;
    const header = { ...this.#header(), from: have.number, delete: deletes };
    const frame = encodeFrame({ type: 'changes', ...header, items: puts });
    changes.set(have.number, { from: have, frame });
    return frame;
  }

  /** All kills and re-arms that are known, as one frame after the other; undefined when there are none. */
  kills(): Frame | undefined {
    if (this.#kills === undefined) {
      const frames = this.#ruleset.kills.map((kill) => encodeFrame({ type: 'kill', ...kill }));
      this.#kills = joinFrames('kill', frames);
    }
    return this.#kills.bytes.length === 0 ? undefined : this.#kills;
  }

  /** Forgets the frames that hold the kills as they were. */
  forgetKills(): void {
    this.#kills = undefined;
    this.#shared?.snapshots.clear();
  }

  /** Forgets what nobody asks for any more. To be called now and then. */
  sweep(): void {
    this.#shared = undefined;
    this.#bodies.sweep();
  }

  /** Time and kills are of now, so a body can be as old as it likes. */
  #snapshotFrame({ revision, committedAtMs, bytes, isPacked }: SnapshotBody): Frame {
    const { kills } = this.#ruleset;
    const stamp = stampOf(this.#origin, this.#ruleset);
    const header = JSON.stringify({ type: 'snapshot', revision, committedAtMs, ...stamp, kills });
    return frameOfParts('snapshot', [isPacked ? gzipSync(header) : Buffer.from(header), bytes], isPacked);
  }

  #header() {
    const { revision, committedAtMs } = this.#ruleset;
    return { revision, committedAtMs, ...stampOf(this.#origin, this.#ruleset) };
  }

  #share(): Shared {
    const { revision } = this.#ruleset;
    const nowMs = performance.now();
    if (this.#shared?.revision !== revision || nowMs - this.#shared.madeAtMs > SHARE_MS) {
      this.#shared = { revision, madeAtMs: nowMs, snapshots: new Map(), changes: new Map() };
    }
    return this.#shared;
  }
}

function isSame(a: Revision, b: Revision): boolean {
  return a.number === b.number && a.hash === b.hash && a.incarnation === b.incarnation;
}
