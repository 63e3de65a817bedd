import { type CommittedChange, LiveRuleset, type LiveRulesetState } from './live-ruleset.ts';

export type ChangeListener = (ruleset: LiveRuleset, change: CommittedChange) => void;

/** The rulesets of all environments, in memory, and who wants to know when one changes. */
export class Rulesets {
  readonly #byEnvironment = new Map<string, LiveRuleset>();
  readonly #listeners: ChangeListener[] = [];
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

  all(): Iterable<LiveRuleset> {
    return this.#byEnvironment.values();
  }

  /** Takes a new or freshly loaded environment. */
  add(state: LiveRulesetState): void {
    this.#byEnvironment.set(state.environmentId, new LiveRuleset(state));
  }

  /** Applies a committed change, then tells the listeners. Changes come in the order of their commits. */
  apply(change: CommittedChange): void {
    const ruleset = this.#byEnvironment.get(change.environmentId);
    if (ruleset === undefined) throw new Error(`no ruleset of environment ${change.environmentId}`);
    ruleset.apply(change);
    for (const listener of this.#listeners) {
      try {
        listener(ruleset, change);
      } catch (error) {
        this.#report(error);
      }
    }
  }

  onChange(listener: ChangeListener): void {
    this.#listeners.push(listener);
  }
}
