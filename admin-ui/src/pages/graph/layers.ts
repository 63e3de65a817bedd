/** A dependency between two things, by their ids. */
export interface Edge {
  readonly from: string;
  readonly to: string;
}

/** Rounds of sorting; more change little. */
const sweeps = 8;

/**
 * Puts what belongs together into layers: whatever depends on something stands in an earlier layer than that. Each layer
 * is sorted so that its members stand beside what they are linked with. A cycle, which the server allows none of, is cut.
 */
export function layersOf(ids: readonly string[], edges: readonly Edge[]): string[][] {
  const next = links(ids, edges, 'from', 'to');
  const before = links(ids, edges, 'to', 'from');
  const depths = depthsOf(ids, next, before);
  const layers: string[][] = [];
  for (const id of ids) {
    const depth = depths.get(id) ?? 0;
    layers[depth] ??= [];
    layers[depth].push(id);
  }
  const filled = Array.from(layers, (layer) => layer ?? []).filter((layer) => layer.length > 0);
  for (let sweep = 0; sweep < sweeps; sweep += 1) {
    const neighbours = sweep % 2 === 0 ? before : next;
    for (const layer of sweep % 2 === 0 ? filled : filled.toReversed()) sortBeside(layer, neighbours, filled);
  }
  return filled;
}

type Links = ReadonlyMap<string, readonly string[]>;

function links(ids: readonly string[], edges: readonly Edge[], start: keyof Edge, end: keyof Edge): Links {
  const found = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const edge of edges) found.get(edge[start])?.push(edge[end]);
  return found;
}

/** The longest way to each from those that nothing depends on; these then move up to what they depend on. */
function depthsOf(ids: readonly string[], next: Links, before: Links): Map<string, number> {
  const missing = new Map(ids.map((id) => [id, before.get(id)?.length ?? 0]));
  const depths = new Map<string, number>();
  const ready = ids.filter((id) => missing.get(id) === 0);
  for (const id of ready) {
    const depth = depths.get(id) ?? 0;
    depths.set(id, depth);
    for (const other of next.get(id) ?? []) {
      depths.set(other, Math.max(depths.get(other) ?? 0, depth + 1));
      const left = (missing.get(other) ?? 0) - 1;
      missing.set(other, left);
      if (left === 0) ready.push(other);
    }
  }
  for (const id of ids) {
    const others = next.get(id) ?? [];
    if (before.get(id)?.length !== 0 || others.length === 0) continue;
    depths.set(id, Math.max(0, Math.min(...others.map((other) => depths.get(other) ?? 0)) - 1));
  }
  return depths;
}

function sortBeside(layer: string[], neighbours: Links, layers: readonly (readonly string[])[]): void {
  const heights = new Map(
    layers.flatMap((other) => other.map((id, at) => [id, (at + 0.5) / other.length] as [string, number])),
  );
  const places = new Map(
    layer.map((id) => {
      const near = (neighbours.get(id) ?? []).map((other) => heights.get(other) ?? 0.5);
      const mean = near.reduce((sum, height) => sum + height, 0) / near.length;
      return [id, near.length === 0 ? (heights.get(id) ?? 0.5) : mean];
    }),
  );
  layer.sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
}
