import type { Revision } from '@bunting/core';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import { encodeFrame, type Frame, joinFrames } from './frame.ts';
import type { Origin } from './origin.ts';

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
  snapshot: Frame | undefined;
  /** By the number of the revision that they start from. */
  readonly changes: Map<number, SharedChanges>;
}

/** One environment's frames for server keys. Each is made once for all who need the same at a time. */
export class RulesetFrames {
  readonly #ruleset: LiveRuleset;
  readonly #origin: Origin;
  #shared: Shared | undefined;

  constructor(ruleset: LiveRuleset, origin: Origin) {
    this.#ruleset = ruleset;
    this.#origin = origin;
  }

  /** Everything, as of now. */
  snapshot(): Frame {
    const shared = this.#share();
    shared.snapshot ??= encodeFrame({
      type: 'snapshot',
      ...this.#header(),
      kills: this.#ruleset.kills,
      items: this.#ruleset.items(),
    });
    return shared.snapshot;
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
    const frames = this.#ruleset.kills.map((kill) => encodeFrame({ type: 'kill', ...kill }));
    return frames.length === 0 ? undefined : joinFrames('kill', frames);
  }

  /** Forgets what holds the kills as they were. */
  forgetSnapshot(): void {
    if (this.#shared !== undefined) this.#shared.snapshot = undefined;
  }

  #header() {
    const { revision, committedAtMs } = this.#ruleset;
    return { revision, committedAtMs, timeMs: this.#origin.nowMs() };
  }

  #share(): Shared {
    const { revision } = this.#ruleset;
    const nowMs = performance.now();
    if (this.#shared?.revision !== revision || nowMs - this.#shared.madeAtMs > SHARE_MS) {
      this.#shared = { revision, madeAtMs: nowMs, snapshot: undefined, changes: new Map() };
    }
    return this.#shared;
  }
}

function isSame(a: Revision, b: Revision): boolean {
  return a.number === b.number && a.hash === b.hash && a.incarnation === b.incarnation;
}
