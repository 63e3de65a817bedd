import {
  applyChanges,
  applyKill,
  applySnapshot,
  type ChangesMessage,
  type CompiledRuleset,
  type KillMessage,
  type RulesetOptions,
  type SnapshotMessage,
} from '@bunting/core';
import { type Advance, advance } from './advance.ts';

/** Two servers on one database are not further apart than this, in milliseconds. */
const CATCH_UP_MS = 5_000;

/**
 * Decides which ruleset follows on the one in memory. That is what the server sent, unless it leads back: a relay that
 * started from its disk, or a server that has not caught up yet, has an earlier revision than it or another one gave us
 * before. Such a snapshot is kept aside and brought forward by what follows. It takes effect once it has come as far as
 * what is in memory, or the origin confirms it nevertheless: then the database itself was set back.
 */
export class Succession {
  #aside: { readonly ruleset: CompiledRuleset; readonly sinceMs: number } | undefined;

  /** The server lags behind what is in memory, so nothing it says confirms that. */
  get isAhead(): boolean {
    return this.#aside !== undefined;
  }

  /** A new connection starts from what is in memory. */
  restart(): void {
    this.#aside = undefined;
  }

  /** @param nowMs by `performance.now()` */
  take(
    current: CompiledRuleset | undefined,
    message: SnapshotMessage | ChangesMessage | KillMessage,
    options: RulesetOptions,
    nowMs: number,
  ): Advance {
    if (current === undefined) return advance(current, message, options);
    if (message.type === 'snapshot') {
      if (!leadsBack(current, message)) {
        this.#aside = undefined;
        return advance(current, message, options);
      }
      this.#aside = { ruleset: applySnapshot(message, options), sinceMs: nowMs };
      return engage(current, message.kills);
    }
    if (this.#aside === undefined) return advance(current, message, options);
    const { ruleset, sinceMs } = this.#aside;
    if (message.type === 'kill') {
      this.#aside = { ruleset: applyKill(ruleset, message), sinceMs };
      return advance(current, message, options);
    }
    const next = applyChanges(ruleset, message);
    // Says what is wrong with them.
    if (next === undefined) return advance(ruleset, message, options);
    this.#aside = { ruleset: next, sinceMs };
    return next.revision.number < current.revision.number
      ? { ok: true, ruleset: current, keys: [] }
      : this.#adopt(current, options);
  }

  /**
   * The server says that the origin confirmed its data `originAgeMs` ago. Undefined: nothing changes.
   * @param nowMs by `performance.now()`
   */
  confirm(current: CompiledRuleset, originAgeMs: number, options: RulesetOptions, nowMs: number): Advance | undefined {
    if (this.#aside === undefined) return undefined;
    const waitedMs = nowMs - this.#aside.sinceMs;
    return waitedMs >= CATCH_UP_MS && originAgeMs < waitedMs ? this.#adopt(current, options) : undefined;
  }

  /** As a snapshot: what is the same stays compiled, and uncounted exposures are kept. */
  #adopt(current: CompiledRuleset, options: RulesetOptions): Advance {
    const next = this.#aside?.ruleset ?? current;
    this.#aside = undefined;
    const { revision, committedAtMs, kills } = next;
    const items = [...next.items()];
    return advance(
      current,
      { type: 'snapshot', revision, committedAtMs, timeMs: options.clock?.() ?? committedAtMs, kills, items },
      options,
    );
  }
}

function leadsBack({ revision }: CompiledRuleset, message: SnapshotMessage): boolean {
  return message.revision.incarnation === revision.incarnation && message.revision.number < revision.number;
}

/** Kills stand outside of the revisions: those of an earlier snapshot hold all the same. */
function engage(current: CompiledRuleset, kills: SnapshotMessage['kills']): Advance {
  let ruleset = current;
  const keys: string[] = [];
  for (const kill of kills) {
    const next = applyKill(ruleset, kill);
    if (next !== ruleset) keys.push(kill.flag);
    ruleset = next;
  }
  return { ok: true, ruleset, keys };
}
