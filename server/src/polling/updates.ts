import { encode } from '@bunting/core';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import { type Origin, stampOf } from '../stream/origin.ts';
import { type Position, positionOf } from './position.ts';

/** The messages that lead to what an environment serves. Shared: who needs another form of them keeps it by this object. */
export interface Update {
  /** Where they lead. */
  readonly position: string;
  /** Each as the text of a WebSocket frame. The last one is a snapshot or changes. */
  readonly messages: readonly string[];
  /** By `performance.now()`. */
  readonly madeAtMs: number;
}

/** Updates from more places than these at once are made for each client anew. */
const MAX_SHARED = 64;

interface Shared {
  readonly position: string;
  readonly byHave: Map<string, Update>;
  /** Since the last sweep. */
  isUsed: boolean;
}

/** Makes each update once for all clients that need it. */
export class Updates {
  readonly #origin: Origin;
  readonly #shared = new Map<LiveRuleset, Shared>();

  constructor(origin: Origin) {
    this.#origin = origin;
  }

  /**
   * What leads a client from `have` (undefined: nothing) to the newest: kills that it may not have, then the changes, or a
   * snapshot when that is less or the way is not known.
   * @param maxAgeMs how old the `timeMs` and `dataAgeMs` in it may be
   */
  since(ruleset: LiveRuleset, have: Position | undefined, maxAgeMs = Number.POSITIVE_INFINITY): Update {
    const position = positionOf(ruleset);
    let shared = this.#shared.get(ruleset);
    if (shared?.position !== position) {
      shared = { position, byHave: new Map(), isUsed: true };
      this.#shared.set(ruleset, shared);
    }
    shared.isUsed = true;
    const id = have === undefined ? '' : JSON.stringify(have);
    const known = shared.byHave.get(id);
    const nowMs = performance.now();
    if (known !== undefined && nowMs - known.madeAtMs <= maxAgeMs) return known;
    const messages = have === undefined ? [this.#snapshot(ruleset)] : this.#changes(ruleset, have, position);
    // One snapshot for all who need one, wherever they are: its text may be large.
    const update =
      messages === undefined ? this.since(ruleset, undefined, maxAgeMs) : { position, messages, madeAtMs: nowMs };
    if (have === undefined || known !== undefined || shared.byHave.size < MAX_SHARED) shared.byHave.set(id, update);
    return update;
  }

  /** Forgets what nobody has asked for since the last time: a large ruleset's text is large, too. */
  sweep(): void {
    for (const [ruleset, shared] of this.#shared) {
      if (!shared.isUsed) this.#shared.delete(ruleset);
      shared.isUsed = false;
    }
  }

  #snapshot(ruleset: LiveRuleset): string {
    const { kills } = ruleset;
    return encode({ type: 'snapshot', ...this.#headerOf(ruleset), kills, items: ruleset.items() });
  }

  /** Undefined when the way from there is not known, or a snapshot is less. */
  #changes(ruleset: LiveRuleset, have: Position, position: string): string[] | undefined {
    const difference = ruleset.differenceSince(have.revision);
    if (difference === undefined || difference.puts.length > ruleset.size / 2 + 1) return undefined;
    const { kills } = ruleset;
    const { puts, deletes } = difference;
    const header = this.#headerOf(ruleset);
    const changes = encode({ type: 'changes', ...header, from: have.revision.number, delete: deletes, items: puts });
    const isKillsKnown = have.kills !== undefined && position.endsWith(`.${have.kills}`);
    const killMessages = isKillsKnown ? [] : kills.map((kill) => encode({ type: 'kill', ...kill }));
    return [...killMessages, changes];
  }

  #headerOf(ruleset: LiveRuleset) {
    const { revision, committedAtMs } = ruleset;
    return { revision, committedAtMs, ...stampOf(this.#origin, ruleset) };
  }
}
