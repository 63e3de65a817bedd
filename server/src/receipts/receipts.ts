import type { Kill, ReceiptMessage } from '@bunting/core';
import type { Metrics } from '../metrics/metrics.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import { type Ending, type Instance, type Moment, nowByBothClocks } from './instance.ts';
import type { Introduction } from './introduction.ts';
import { RECEIPT_LIMITS, type ReceiptLimits } from './limits.ts';
import { Roll } from './roll.ts';

/** How an instance reached this server. */
export interface Via {
  /** The key that let it in. Undefined when a relay of an earlier version does not say. */
  readonly keyId?: string | undefined;
  /** The relay's name. Undefined when there is none, or people should not see one. */
  readonly relay?: string | undefined;
  /** When the instance connected there, milliseconds since 1970; without it: now. */
  readonly connectedAtMs?: number | undefined;
  /** How often it asks for news, in milliseconds; without it: it is told. */
  readonly pollMs?: number | undefined;
}

/** What those who hear from instances tell. */
export type Members = Pick<Receipts, 'join' | 'receive' | 'receiveKill' | 'hear' | 'leave'>;

/** Instances that lack a revision for too long: all of them, and those that were not told of before. */
interface Behind {
  readonly behind: readonly Instance[];
  readonly fresh: readonly Instance[];
}
export type BehindListener = (ruleset: LiveRuleset, behind: Behind) => void;

/**
 * Who runs which revision, by server keys only, in memory: instances that reach this server. A member is whatever
 * stands for an instance's connection.
 */
export class Receipts {
  readonly #metrics: Metrics;
  readonly #limits: ReceiptLimits;
  readonly #rulesets = new Map<object, LiveRuleset>();
  readonly #rolls = new Map<LiveRuleset, Roll>();
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #behindListeners: BehindListener[] = [];
  /** Environments in which instances are behind, and were told of. */
  readonly #withBehind = new Set<LiveRuleset>();
  readonly #sweep: NodeJS.Timeout;

  constructor(rulesets: Rulesets, metrics: Metrics, limits: ReceiptLimits = RECEIPT_LIMITS) {
    this.#metrics = metrics;
    this.#limits = limits;
    rulesets.onChange((ruleset, { revision, committedAtMs, committedTickMs }) => {
      // A roll that is made only now begins with this revision.
      const roll = this.rollOf(ruleset);
      if (roll.current !== revision) roll.commit(revision, { tickMs: committedTickMs, atMs: committedAtMs });
      this.#notify(ruleset);
    });
    rulesets.onReplace((ruleset) => {
      const roll = this.rollOf(ruleset);
      if (roll.current !== ruleset.revision) roll.replace(ruleset.revision, momentOf(ruleset.committedAtMs));
      this.#notify(ruleset);
    });
    rulesets.onKill((ruleset, kill) => {
      this.rollOf(ruleset).beginKill(kill, nowByBothClocks());
      this.#notify(ruleset);
    });
    this.#sweep = setInterval(() => this.#look(), limits.sweepMs).unref();
  }

  close(): void {
    clearInterval(this.#sweep);
  }

  /** Takes an instance in. A member joins once. */
  join(member: object, ruleset: LiveRuleset, introduction: Introduction, via?: Via): void {
    this.#rulesets.set(member, ruleset);
    const roll = this.rollOf(ruleset);
    const now = nowByBothClocks();
    // What a relay says is not trusted: nobody connected in the future, or before there were clocks.
    const atMs = Math.floor(Math.max(0, Math.min(via?.connectedAtMs ?? now.atMs, now.atMs)));
    const connected = { tickMs: now.tickMs, atMs };
    roll.join(member, { introduction, keyId: via?.keyId, via: via?.relay, pollMs: via?.pollMs, connected });
    this.#notify(ruleset);
  }

  /** The instance answers by this revision now. */
  receive(member: object, { revision, broken }: Pick<ReceiptMessage, 'revision' | 'broken'>): void {
    const ruleset = this.#rulesets.get(member);
    if (ruleset === undefined) return;
    const tookMs = this.rollOf(ruleset).receive(member, revision, broken.count, performance.now());
    const { project, environment } = ruleset;
    for (const ms of tookMs) this.#metrics.receiptSeconds.observe({ project, environment }, ms / 1000);
    this.#notify(ruleset);
  }

  /** The instance answers by this kill or re-arm now. */
  receiveKill(member: object, kill: Kill): void {
    const ruleset = this.#rulesets.get(member);
    if (ruleset === undefined) return;
    const tookMs = this.rollOf(ruleset).receiveKill(member, kill, performance.now());
    const { project, environment } = ruleset;
    if (tookMs !== undefined) this.#metrics.killReceiptSeconds.observe({ project, environment }, tookMs / 1000);
    this.#notify(ruleset);
  }

  /** The instance said how old its data is. Told to nobody: it says so all the time. */
  hear(member: object, dataAgeMs: number | undefined): void {
    const ruleset = this.#rulesets.get(member);
    const instance = ruleset && this.rollOf(ruleset).find(member);
    if (instance !== undefined && dataAgeMs !== undefined) instance.dataAgeMs = dataAgeMs;
  }

  /** @param ending `closed` when the instance said that it ends; else it may still be running, and counts as unknown */
  leave(member: object, ending: Ending = 'lost'): void {
    const ruleset = this.#rulesets.get(member);
    if (ruleset === undefined) return;
    this.#rulesets.delete(member);
    this.rollOf(ruleset).leave(member, ending, nowByBothClocks());
    this.#notify(ruleset);
  }

  /** What this server knows of an environment's instances. To be read only. */
  rollOf(ruleset: LiveRuleset): Roll {
    let roll = this.#rolls.get(ruleset);
    if (roll === undefined) {
      roll = new Roll(ruleset.revision, momentOf(ruleset.committedAtMs), this.#limits);
      for (const kill of ruleset.kills) roll.beginKill(kill, nowByBothClocks());
      this.#rolls.set(ruleset, roll);
    }
    return roll;
  }

  /** Calls `listener` after anything about an environment's receipts changed. @returns how to stop it */
  watch(environmentId: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(environmentId) ?? new Set();
    this.#listeners.set(environmentId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(environmentId);
    };
  }

  /**
   * Calls `listener` when instances that are connected to this server lack a revision for too long, each of them once, and
   * when none does any more: then there are none in `behind`.
   */
  onBehind(listener: BehindListener): void {
    this.#behindListeners.push(listener);
  }

  #notify(ruleset: LiveRuleset): void {
    for (const listener of this.#listeners.get(ruleset.environmentId) ?? []) listener();
    if (this.#withBehind.has(ruleset) && this.rollOf(ruleset).behind.size === 0) {
      this.#withBehind.delete(ruleset);
      for (const listener of this.#behindListeners) listener(ruleset, { behind: [], fresh: [] });
    }
  }

  #look(): void {
    const tickMs = performance.now();
    for (const [ruleset, roll] of this.#rolls) {
      const before = roll.version;
      roll.expire(tickMs);
      const fresh = roll.findBehind(tickMs);
      if (roll.version !== before) this.#notify(ruleset);
      if (fresh.length === 0) continue;
      this.#withBehind.add(ruleset);
      for (const listener of this.#behindListeners) listener(ruleset, { behind: [...roll.behind], fresh });
    }
  }
}

/** When that was by `performance.now()`, as well as the clocks of the two servers agree. */
function momentOf(atMs: number): Moment {
  const now = nowByBothClocks();
  return { tickMs: now.tickMs - Math.max(0, now.atMs - atMs), atMs };
}
