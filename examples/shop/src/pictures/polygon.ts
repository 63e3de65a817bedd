/** A point in the picture's units: x to the right, y down. */
export type Point = readonly [x: number, y: number];
export type Polygon = readonly Point[];

/** The part of a polygon with `fromY <= y <= toY`: how stripes are cut out of a flag. */
export function clipToBand(polygon: Polygon, fromY: number, toY: number): Polygon {
  return clipAt(clipAt(polygon, fromY, 1), toY, -1);
}

/** Keeps what is on one side of a horizontal line (Sutherland and Hodgman): below it for `side` 1, above it for -1. */
function clipAt(polygon: Polygon, y: number, side: 1 | -1): Polygon {
  const kept: Point[] = [];
  for (const [index, point] of polygon.entries()) {
    const previous = polygon.at(index - 1) ?? point;
    const isInside = (point[1] - y) * side >= 0;
    const wasInside = (previous[1] - y) * side >= 0;
    if (isInside !== wasInside) {
      const share = (y - previous[1]) / (point[1] - previous[1]);
      kept.push([previous[0] + share * (point[0] - previous[0]), y]);
    }
    if (isInside) kept.push(point);
  }
  return kept;
}

/** `points` of SVG, one decimal. */
export function formatPoints(polygon: Polygon): string {
  return polygon.map(([x, y]) => `${Number(x.toFixed(1))},${Number(y.toFixed(1))}`).join(' ');
}
