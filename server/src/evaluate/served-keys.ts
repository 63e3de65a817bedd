import type { CompiledRuleset } from '@bunting/core';

/** Which flags someone is answered for: all of them, or those that pages may see. */
export type Reach = 'all' | 'visible';

interface ServedKeys {
  readonly all: readonly string[];
  readonly visible: readonly string[];
}

const KEYS = new WeakMap<CompiledRuleset, ServedKeys>();

/**
 * In alphabetical order, so that the order in which flags came to a server is in no ETag. The same list for the same
 * ruleset.
 */
export function servedKeys(compiled: CompiledRuleset, reach: Reach): readonly string[] {
  let keys = KEYS.get(compiled);
  if (keys === undefined) {
    const all = [...compiled.keys()].sort();
    keys = { all, visible: all.filter((key) => compiled.isClientVisible(key)) };
    KEYS.set(compiled, keys);
  }
  return keys[reach];
}

const TIMED = new WeakMap<readonly string[], readonly number[]>();

/** The places in `servedKeys` of the flags whose answers time alone may change, some time. */
export function timedPlaces(compiled: CompiledRuleset, reach: Reach): readonly number[] {
  const keys = servedKeys(compiled, reach);
  let places = TIMED.get(keys);
  if (places === undefined) {
    places = keys.flatMap((key, at) => (changesSome(compiled, key) ? [at] : []));
    TIMED.set(keys, places);
  }
  return places;
}

function changesSome(compiled: CompiledRuleset, key: string): boolean {
  return compiled.nextChangeMs(key, Number.NEGATIVE_INFINITY, 0) !== Number.POSITIVE_INFINITY;
}
