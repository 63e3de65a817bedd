import type { Flag, Item } from '@bunting/core';

/** Flags read between two turns. */
const STRIDE = 50;

/** The flags that depend on one of `keys`, however far: a step for every so many flags, and the result at the end. */
export function* findDependents(items: readonly Item[], keys: Iterable<string>): Generator<void, string[]> {
  const children = new Map<string, string[]>();
  let read = 0;
  for (const { kind, key, json } of items) {
    // Most flags have no prerequisites, and need not be parsed to see that.
    if (kind !== 'flag' || !json.includes('"prerequisites"')) continue;
    for (const { flag } of (JSON.parse(json) as Flag).prerequisites ?? []) {
      const known = children.get(flag) ?? [];
      known.push(key);
      children.set(flag, known);
    }
    if (++read % STRIDE === 0) yield;
  }
  const changed = new Set(keys);
  const found = new Set(changed);
  for (const key of found) for (const child of children.get(key) ?? []) found.add(child);
  return [...found].filter((key) => !changed.has(key));
}
