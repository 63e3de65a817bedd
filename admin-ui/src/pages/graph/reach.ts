import type { Dependencies, Dependency } from '../../api/types.ts';

/** What is drawn: things, and what depends on what. */
export type Graph = Pick<Dependencies, 'nodes' | 'dependencies'>;

/** What a thing depends on, however far, and what depends on it, with itself. */
export function reachOf(dependencies: readonly Dependency[], id: string): Set<string> {
  const onward = spread(id, byEnd(dependencies, 'from', 'to'));
  const back = spread(id, byEnd(dependencies, 'to', 'from'));
  return new Set([...onward, ...back]);
}

/** As much of a graph as has to do with one thing. */
export function narrow({ nodes, dependencies }: Graph, id: string): Graph {
  const near = reachOf(dependencies, id);
  return {
    nodes: nodes.filter((node) => near.has(node.id)),
    dependencies: dependencies.filter(({ from, to }) => near.has(from) && near.has(to)),
  };
}

type End = 'from' | 'to';

function byEnd(dependencies: readonly Dependency[], start: End, end: End): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const dependency of dependencies) {
    const known = found.get(dependency[start]);
    if (known) known.push(dependency[end]);
    else found.set(dependency[start], [dependency[end]]);
  }
  return found;
}

function spread(id: string, next: ReadonlyMap<string, readonly string[]>): Set<string> {
  const found = new Set([id]);
  // A set is walked to its end, also to what is added on the way.
  for (const one of found) for (const other of next.get(one) ?? []) found.add(other);
  return found;
}
