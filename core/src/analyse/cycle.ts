/** The shortest way that references lead from `start` back to it, itself at both ends; undefined when none does. */
export function findCycle(
  start: string,
  referencesOf: (key: string) => readonly string[],
): readonly string[] | undefined {
  const cameFrom = new Map<string, string>();
  const waiting = [start];
  for (let key = waiting.shift(); key !== undefined; key = waiting.shift()) {
    for (const reference of referencesOf(key)) {
      if (reference === start) return pathTo(key, cameFrom, start);
      if (cameFrom.has(reference)) continue;
      cameFrom.set(reference, key);
      waiting.push(reference);
    }
  }
  return undefined;
}

/** From `start` by the way that led to `end`, and back to `start`. */
function pathTo(end: string, cameFrom: ReadonlyMap<string, string>, start: string): string[] {
  const path = [start];
  for (let key: string | undefined = end; key !== undefined && key !== start; key = cameFrom.get(key))
    path.unshift(key);
  path.unshift(start);
  return path;
}
