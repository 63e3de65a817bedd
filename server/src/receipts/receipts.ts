import type { ReceiptMessage, Revision } from '@bunting/core';
import type { Metrics } from '../metrics/metrics.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import type { Introduction } from './introduction.ts';
import { Roll, type Summary } from './roll.ts';

/**
 * Who runs which revision, by server keys only, in memory: instances that are connected to this server. A member is
 * whatever stands for an instance's connection.
 */
export class Receipts {
  readonly #metrics: Metrics;
  readonly #rulesets = new Map<object, LiveRuleset>();
  readonly #rolls = new Map<string, Roll>();
  readonly #listeners = new Map<string, Set<() => void>>();

  constructor(rulesets: Rulesets, metrics: Metrics) {
    this.#metrics = metrics;
    rulesets.onChange((ruleset, change) => {
      this.#rollOf(ruleset).commit(change.revision, change.committedTickMs);
      this.#notify(ruleset.environmentId);
    });
  }

  join(member: object, ruleset: LiveRuleset, introduction: Introduction): void {
    this.#rulesets.set(member, ruleset);
    this.#rollOf(ruleset).join(member, introduction, performance.now());
    this.#notify(ruleset.environmentId);
  }

  receive(member: object, { revision, broken }: ReceiptMessage): void {
    const ruleset = this.#rulesets.get(member);
    if (ruleset === undefined) return;
    const tookMs = this.#rollOf(ruleset).receive(member, revision, broken.count, performance.now());
    const { project, environment } = ruleset;
    if (tookMs !== undefined) this.#metrics.receiptSeconds.observe({ project, environment }, tookMs / 1000);
    this.#notify(ruleset.environmentId);
  }

  leave(member: object): void {
    const ruleset = this.#rulesets.get(member);
    if (ruleset === undefined) return;
    this.#rulesets.delete(member);
    this.#rollOf(ruleset).leave(member);
    this.#notify(ruleset.environmentId);
  }

  summary(ruleset: LiveRuleset): { revision: Revision; committedAtMs: number } & Summary {
    const { revision, committedAtMs } = ruleset;
    return { revision, committedAtMs, ...this.#rollOf(ruleset).summarise(revision) };
  }

  /** The connected instances, by id. */
  instances(ruleset: LiveRuleset): ReturnType<Roll['instances']> {
    return this.#rollOf(ruleset).instances();
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

  #notify(environmentId: string): void {
    for (const listener of this.#listeners.get(environmentId) ?? []) listener();
  }

  #rollOf({ environmentId }: LiveRuleset): Roll {
    let roll = this.#rolls.get(environmentId);
    if (roll === undefined) {
      roll = new Roll();
      this.#rolls.set(environmentId, roll);
    }
    return roll;
  }
}
