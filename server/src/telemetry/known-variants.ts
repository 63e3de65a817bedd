import type { Flag, Item } from '@bunting/core';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';

/** What may be counted of a flag. */
interface Countable {
  readonly variants: ReadonlySet<string>;
  readonly isClientVisible: boolean;
}

/** Which evaluations may be counted: only of flags and variants that exist, so that clients cannot make up series. */
export class KnownVariants {
  /** Items are replaced, never changed, so what was read of one stays true. */
  readonly #known = new WeakMap<Item, Countable>();

  /** @param variant empty where the caller's default was served */
  isCountable(ruleset: LiveRuleset, isClient: boolean, flag: string, variant: string): boolean {
    const item = ruleset.item('flag', flag);
    if (item === undefined) return false;
    const { variants, isClientVisible } = this.#read(item);
    return (!isClient || isClientVisible) && (variant === '' || variants.has(variant));
  }

  #read(item: Item): Countable {
    let known = this.#known.get(item);
    if (known === undefined) {
      const { variants, clientVisible = false } = JSON.parse(item.json) as Flag;
      known = { variants: new Set(variants.map(({ name }) => name)), isClientVisible: clientVisible };
      this.#known.set(item, known);
    }
    return known;
  }
}
