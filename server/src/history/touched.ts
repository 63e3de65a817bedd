import type { ItemName } from '@bunting/core';

/** What a revision changed: names of items, those of pages of keys by their segment. */
export interface TouchedItems {
  /** How many items differ from the revision before. */
  readonly count: number;
  /** `[kind, key]`; the first ones when there are many. */
  readonly put: readonly (readonly [string, string])[];
  readonly deleted: readonly (readonly [string, string])[];
}

/** Named at most of each. */
const MAX_NAMES = 100;

export function touchedItems(puts: readonly ItemName[], deletes: readonly ItemName[]): TouchedItems {
  return { count: puts.length + deletes.length, put: namesOf(puts), deleted: namesOf(deletes) };
}

function namesOf(items: readonly ItemName[]): [string, string][] {
  const names = new Map<string, [string, string]>();
  for (const { kind, key } of items) {
    if (names.size === MAX_NAMES) break;
    // A page is called `<segment>/<list>/<number>`.
    const name: [string, string] = kind === 'keys' ? ['keys', key.slice(0, key.lastIndexOf('/'))] : [kind, key];
    names.set(name.join(' '), name);
  }
  return [...names.values()];
}
