import type { HelloMessage } from '@bunting/core';
import type { CommittedChange, LiveRuleset } from '../rulesets/live-ruleset.ts';
import { encodeFrame, type Frame } from './frame.ts';

/** How long a snapshot's frame is shared, in milliseconds: its `timeMs` is at most this old when it is sent. */
const SHARE_SNAPSHOT_MS = 250;

interface SharedSnapshot extends Frame {
  readonly number: number;
  readonly madeAtMs: number;
}

/** Frames for server keys. Each is encoded once, however many sockets it goes to. */
export class RulesetFrames {
  readonly #now: () => number;
  readonly #snapshots = new WeakMap<LiveRuleset, SharedSnapshot>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** What a client that has `have` starts from: what changed since, or everything. */
  first(ruleset: LiveRuleset, have: HelloMessage['have']): Frame {
    const difference = have === null ? undefined : ruleset.differenceSince(have);
    if (have === null || difference === undefined) return this.#snapshot(ruleset);
    return this.#changes(ruleset, have.number, difference.puts, difference.deletes);
  }

  change(ruleset: LiveRuleset, { from, puts, deletes }: CommittedChange): Frame {
    return this.#changes(ruleset, from, puts, deletes);
  }

  #changes(
    { revision, committedAtMs }: LiveRuleset,
    from: number,
    items: CommittedChange['puts'],
    deletes: CommittedChange['deletes'],
  ): Frame {
    const timeMs = this.#now();
    return encodeFrame({ type: 'changes', revision, committedAtMs, timeMs, from, delete: deletes, items });
  }

  /** Shared for a moment, so that a crowd that connects at once costs one encoding, not one each. */
  #snapshot(ruleset: LiveRuleset): Frame {
    const { revision, committedAtMs } = ruleset;
    const timeMs = this.#now();
    const shared = this.#snapshots.get(ruleset);
    const age = shared === undefined ? Number.NaN : timeMs - shared.madeAtMs;
    if (shared?.number === revision.number && age >= 0 && age <= SHARE_SNAPSHOT_MS) return shared;
    const header = { type: 'snapshot', revision, committedAtMs, timeMs, kills: ruleset.kills } as const;
    const frame = encodeFrame({ ...header, items: ruleset.items() });
    const snapshot = { ...frame, number: revision.number, madeAtMs: timeMs };
    this.#snapshots.set(ruleset, snapshot);
    return snapshot;
  }
}
