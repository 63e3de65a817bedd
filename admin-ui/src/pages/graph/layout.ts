import { type Edge, layersOf } from './layers.ts';

/** Sizes in pixels at a scale of 1. */
export const nodeWidth = 208;
export const nodeHeight = 34;
const rowGap = 10;
const layerGap = 72;
/** Between the columns that one layer is broken into. */
const columnGap = 18;
const partGap = 56;
/** Wider than high, as screens are. */
const aspect = 1.6;

/** The upper left corner of each thing, and how large the whole is. */
export interface Layout {
  readonly places: ReadonlyMap<string, { readonly x: number; readonly y: number }>;
  readonly width: number;
  readonly height: number;
}

/** Draws each part that hangs together by itself, what depends on the left, and puts the parts in rows, the highest first. */
export function layOut(ids: readonly string[], edges: readonly Edge[]): Layout {
  const parts = partsOf(ids, edges)
    .map((part) => layOutPart(part, edges))
    .sort((a, b) => b.height - a.height || b.width - a.width);
  const area = parts.reduce((sum, { width, height }) => sum + (width + partGap) * (height + partGap), 0);
  const rowWidth = Math.max(Math.sqrt(area * aspect), ...parts.map(({ width }) => width));
  const places = new Map<string, { x: number; y: number }>();
  let [x, y, rowHeight, width] = [0, 0, 0, 0];
  for (const part of parts) {
    if (x > 0 && x + part.width > rowWidth) [x, y, rowHeight] = [0, y + rowHeight + partGap, 0];
    for (const [id, place] of part.places) places.set(id, { x: x + place.x, y: y + place.y });
    x += part.width + partGap;
    width = Math.max(width, x - partGap);
    rowHeight = Math.max(rowHeight, part.height);
  }
  return { places, width, height: y + rowHeight };
}

function layOutPart(ids: readonly string[], edges: readonly Edge[]): Layout {
  const inPart = new Set(ids);
  const layers = layersOf(
    ids,
    edges.filter(({ from, to }) => inPart.has(from) && inPart.has(to)),
  );
  // What hundreds depend on would make a column that no screen shows: it is broken into several.
  const rows = Math.max(8, Math.ceil(Math.sqrt(ids.length) * 2));
  const places = new Map<string, { x: number; y: number }>();
  const columns: string[][] = [];
  const lefts: number[] = [];
  let x = 0;
  for (const layer of layers) {
    const count = Math.ceil(layer.length / rows);
    const perColumn = Math.ceil(layer.length / count);
    for (let at = 0; at < count; at += 1) {
      columns.push(layer.slice(at * perColumn, (at + 1) * perColumn));
      lefts.push(x);
      x += nodeWidth + columnGap;
    }
    x += layerGap - columnGap;
  }
  const heightOf = (column: readonly string[]) => column.length * (nodeHeight + rowGap) - rowGap;
  const height = Math.max(0, ...columns.map(heightOf));
  for (const [at, column] of columns.entries()) {
    const top = (height - heightOf(column)) / 2;
    for (const [row, id] of column.entries()) {
      places.set(id, { x: lefts[at] ?? 0, y: top + row * (nodeHeight + rowGap) });
    }
  }
  return { places, width: Math.max(0, x - layerGap), height };
}

/** What hangs together, however far, in the order in which it was given. */
function partsOf(ids: readonly string[], edges: readonly Edge[]): string[][] {
  const near = new Map<string, string[]>(ids.map((id) => [id, []]));
  for (const { from, to } of edges) {
    near.get(from)?.push(to);
    near.get(to)?.push(from);
  }
  const seen = new Set<string>();
  const parts: string[][] = [];
  for (const id of ids) {
    if (seen.has(id)) continue;
    const part = new Set([id]);
    for (const one of part) for (const other of near.get(one) ?? []) if (near.has(other)) part.add(other);
    for (const one of part) seen.add(one);
    parts.push([...part]);
  }
  return parts;
}
