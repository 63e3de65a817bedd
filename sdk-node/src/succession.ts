import {
  applyChanges,
  applyKill,
  applySnapshot,
  type ChangesMessage,
  type Clock,
  type CompiledRuleset,
  type KillMessage,
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
    clock: Clock,
    nowMs: number,
  ): Advance {
    if (current === undefined) return advance(current, message, clock);
    if (message.type === 'snapshot') {
      if (!leadsBack(current, message)) {
        this.#aside = undefined;
        return advance(current, message, clock);
      }
      this.#aside = { ruleset: applySnapshot(message, { clock }), sinceMs: nowMs };
      return engage(current, message.kills);
    }
    if (this.#aside === undefined) return advance(current, message, clock);
    const { ruleset, sinceMs } = this.#aside;
    if (message.type === 'kill') {
      this.#aside = { ruleset: applyKill(ruleset, message), sinceMs };
      return advance(current, message, clock);
    }
    const next = applyChanges(ruleset, message);
    // Says what is wrong with them.
    if (next === undefined) return advance(ruleset, message, clock);
    this.#aside = { ruleset: next, sinceMs };
    return next.revision.number < current.revision.number
      ? { ok: true, ruleset: current, keys: [] }
      : this.#adopt(current, clock);
  }

  /**
   * The server says that the origin confirmed its data `originAgeMs` ago. Undefined: nothing changes.
   * @param nowMs by `performance.now()`
   */
  confirm(current: CompiledRuleset, originAgeMs: number, clock: Clock, nowMs: number): Advance | undefined {
    if (this.#aside === undefined) return undefined;
    const waitedMs = nowMs - this.#aside.sinceMs;
    return waitedMs >= CATCH_UP_MS && originAgeMs < waitedMs ? this.#adopt(current, clock) : undefined;
  }

  /** As a snapshot: what is the same stays compiled, and uncounted exposures are kept. */
  #adopt(current: CompiledRuleset, clock: Clock): Advance {
    const next = this.#aside?.ruleset ?? current;
    this.#aside = undefined;
    const { revision, committedAtMs, kills } = next;
    const items = [...next.items()];
    return advance(current, { type: 'snapshot', revision, committedAtMs, timeMs: clock(), kills, items }, clock);
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
