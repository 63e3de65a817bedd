import { type Layout, nodeHeight, nodeWidth } from './layout.ts';
import type { Graph } from './reach.ts';
import type { View } from './use-view.ts';

/** A part of the drawing, in its own pixels. */
export interface Area {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** What is seen changes by steps of this part of a window, so that moving does not draw anew each time. */
const stepsPerWindow = 4;

/** What a window of this size shows at most, with a margin on each side. */
export function areaOf({ x, y, scale }: View, width: number, height: number): Area {
  const [across, down] = [width / scale / stepsPerWindow, height / scale / stepsPerWindow];
  const [column, row] = [Math.floor(-x / scale / across), Math.floor(-y / scale / down)];
  return {
    left: (column - 1) * across,
    top: (row - 1) * down,
    right: (column + stepsPerWindow + 2) * across,
    bottom: (row + stepsPerWindow + 2) * down,
  };
}

/** As much of a graph as is in the area, with the lines that cross it. */
export function seenIn({ nodes, dependencies }: Graph, { places }: Layout, area: Area): Graph {
  const isSeen = (x: number, y: number, width: number, height: number) =>
    x + width >= area.left && x <= area.right && y + height >= area.top && y <= area.bottom;
  return {
    nodes: nodes.filter(({ id }) => {
      const place = places.get(id);
      return place !== undefined && isSeen(place.x, place.y, nodeWidth, nodeHeight);
    }),
    dependencies: dependencies.filter(({ from, to }) => {
      const [a, b] = [places.get(from), places.get(to)];
      if (a === undefined || b === undefined) return false;
      const [left, top] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
      return isSeen(left, top, Math.abs(a.x - b.x) + nodeWidth, Math.abs(a.y - b.y) + nodeHeight);
    }),
  };
}
