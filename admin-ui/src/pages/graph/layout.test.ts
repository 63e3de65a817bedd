import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Edge } from './layers.ts';
import { layOut, nodeHeight, nodeWidth } from './layout.ts';

/** Things that depend only on later ones, so that nothing goes round in a circle. */
const anyGraph = fc.integer({ min: 2, max: 40 }).chain((count) =>
  fc.record({
    ids: fc.constant(Array.from({ length: count }, (_, at) => `n${at}`)),
    edges: fc.array(
      fc.tuple(fc.nat(count - 1), fc.nat(count - 1)).filter(([from, to]) => from < to),
      { maxLength: 80 },
    ),
  }),
);

const edgesOf = (pairs: readonly (readonly [number, number])[]): Edge[] =>
  pairs.map(([from, to]) => ({ from: `n${from}`, to: `n${to}` }));

test('whatever depends on something stands to its left, nothing covers another, and all is within the bounds', () => {
  fc.assert(
    fc.property(anyGraph, ({ ids, edges: pairs }) => {
      const edges = edgesOf(pairs);
      const { places, width, height } = layOut(ids, edges);
      expect([...places.keys()].sort()).toEqual([...ids].sort());
      for (const { from, to } of edges) {
        expect((places.get(from)?.x ?? 0) + nodeWidth).toBeLessThan(places.get(to)?.x ?? 0);
      }
      const all = [...places.values()];
      const isInside = ({ x, y }: (typeof all)[number]) =>
        x >= 0 && y >= 0 && x + nodeWidth <= width && y + nodeHeight <= height;
      expect(all.every(isInside)).toBe(true);
      const covers = (a: (typeof all)[number], b: (typeof all)[number]) =>
        Math.abs(a.x - b.x) < nodeWidth && Math.abs(a.y - b.y) < nodeHeight;
      expect(all.filter((a, at) => all.slice(at + 1).some((b) => covers(a, b)))).toEqual([]);
    }),
  );
});

test('what goes round in a circle is drawn all the same', () => {
  const edges = edgesOf([
    [0, 1],
    [1, 2],
    [2, 0],
  ]);
  expect(layOut(['n0', 'n1', 'n2'], edges).places.size).toBe(3);
});

test('what a thousand depend on is no column that no screen shows', () => {
  const ids = ['hub', ...Array.from({ length: 1_000 }, (_, at) => `n${at}`)];
  const edges = ids.slice(1).map((from) => ({ from, to: 'hub' }));
  const { width, height } = layOut(ids, edges);
  expect(height).toBeLessThan(4_000);
  expect(width).toBeLessThan(8_000);
});
