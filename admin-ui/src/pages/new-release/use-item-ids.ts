import { useState } from 'react';

let made = 0;
const newId = () => `item-${++made}`;

/**
 * Names for the items of a list that have none, which go with them when they are moved, put in and taken out. `follow` does
 * to the names what is done to the items; who changes the number of items elsewhere gets new names at the end.
 */
export function useItemIds(count: number) {
  const [known, setKnown] = useState<string[]>([]);
  const ids = known.length === count ? known : Array.from({ length: count }, (_, at) => known[at] ?? newId());
  if (ids !== known) setKnown(ids);
  const follow = (change: (ids: string[], newId: () => string) => string[]) => setKnown(change([...ids], newId));
  return { ids, follow };
}
