import type { Kill } from '@bunting/core';
import { type CommittedChange, LiveRuleset, type LiveRulesetState } from './live-ruleset.ts';

export type ChangeListener = (ruleset: LiveRuleset, change: CommittedChange) => void;
export type KillListener = (ruleset: LiveRuleset, kill: Kill) => void;
/** Hears that a ruleset was replaced as a whole: no known change leads to it from what it was. */
export type ReplaceListener = (ruleset: LiveRuleset) => void;

/** Hears that an environment was deleted: nothing of it is served from now on. */
export type RemoveListener = (ruleset: LiveRuleset) => void;

/** The rulesets of all environments, in memory, and who wants to know when one changes. */
export class Rulesets {
  readonly #byEnvironment = new Map<string, LiveRuleset>();
  /** By the keys of project and environment, which hold no spaces. */
  readonly #byName = new Map<string, LiveRuleset>();
  readonly #changeListeners: ChangeListener[] = [];
  readonly #killListeners: KillListener[] = [];
  readonly #replaceListeners: ReplaceListener[] = [];
  readonly #removeListeners: RemoveListener[] = [];
  readonly #report: (error: unknown) => void;

  /** @param report hears of listeners that failed: the change stands, whatever they do. */
  constructor(report: (error: unknown) => void) {
    this.#report = report;
  }

  get size(): number {
    return this.#byEnvironment.size;
  }

  get(environmentId: string): LiveRuleset | undefined {
    return this.#byEnvironment.get(environmentId);
  }

  /** By keys: what needs no database finds its environment so. */
  named(project: string, environment: string): LiveRuleset | undefined {
    return this.#byName.get(`${project} ${environment}`);
  }

  all(): Iterable<LiveRuleset> {
    return this.#byEnvironment.values();
  }

  /** Takes an environment that is not known yet. */
  add(state: LiveRulesetState): void {
    const ruleset = new LiveRuleset(state);
    this.#byEnvironment.set(state.environmentId, ruleset);
    this.#byName.set(`${state.project} ${state.environment}`, ruleset);
  }

  /**
   * Takes the whole of an environment in place of what is known of it: what came in between was missed, or it has a new
   * incarnation. Kills that are known already stay.
   */
  replace(state: LiveRulesetState): void {
    const ruleset = this.#find(state.environmentId);
    ruleset.reset(state);
    this.#tell(this.#replaceListeners, (listener) => listener(ruleset));
  }

  /** Forgets an environment, and tells the listeners. One that is not known is no error. */
  remove(environmentId: string): void {
    const ruleset = this.#byEnvironment.get(environmentId);
    if (ruleset === undefined) return;
    this.#byEnvironment.delete(environmentId);
    const name = `${ruleset.project} ${ruleset.environment}`;
    // Another environment may have the name by now.
    if (this.#byName.get(name) === ruleset) this.#byName.delete(name);
    this.#tell(this.#removeListeners, (listener) => listener(ruleset));
  }

  /** Applies a committed change, then tells the listeners. Changes come in the order of their commits. */
  apply(change: CommittedChange): void {
    const ruleset = this.#find(change.environmentId);
    ruleset.apply(change);
    this.#tell(this.#changeListeners, (listener) => listener(ruleset, change));
  }

  /** Applies a kill or re-arm, and tells the listeners when it is news. */
  applyKill(environmentId: string, kill: Kill): void {
    const ruleset = this.#find(environmentId);
    if (!ruleset.applyKill(kill)) return;
    this.#tell(this.#killListeners, (listener) => listener(ruleset, kill));
  }

  onChange(listener: ChangeListener): void {
    this.#changeListeners.push(listener);
  }

  onKill(listener: KillListener): void {
    this.#killListeners.push(listener);
  }

  onReplace(listener: ReplaceListener): void {
    this.#replaceListeners.push(listener);
  }

  onRemove(listener: RemoveListener): void {
    this.#removeListeners.push(listener);
  }

  #find(environmentId: string): LiveRuleset {
    const ruleset = this.#byEnvironment.get(environmentId);
    if (ruleset === undefined) throw new Error(`no ruleset of environment ${environmentId}`);
    return ruleset;
  }

  #tell<L>(listeners: readonly L[], call: (listener: L) => void): void {
    for (const listener of listeners) {
      try {
        call(listener);
      } catch (error) {
        this.#report(error);
      }
    }
  }
}
