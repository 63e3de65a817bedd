import type { LiveRuleset } from '../rulesets/live-ruleset.ts';

/** Names of metric events that an environment may have, each a series. */
const MAX_NAMES = 200;

/** What the rest is counted as. */
const OTHER = 'other';

/** Which events are counted under their own names: the first ones of each environment, so that series stay bounded. */
export class KnownEvents {
  readonly #names = new WeakMap<LiveRuleset, Set<string>>();

  nameOf(ruleset: LiveRuleset, name: string): string {
    let names = this.#names.get(ruleset);
    if (names === undefined) {
      names = new Set();
      this.#names.set(ruleset, names);
    }
    if (names.size < MAX_NAMES) names.add(name);
    return names.has(name) ? name : OTHER;
  }
}
