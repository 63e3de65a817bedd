import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areaOf, seenIn } from './seen.ts';

const coordinate = fc.integer({ min: -20_000, max: 20_000 });

test('whatever a window shows is in the area that is drawn', () => {
  fc.assert(
    fc.property(
      fc.record({ x: coordinate, y: coordinate, scale: fc.double({ min: 0.04, max: 2, noNaN: true }) }),
      (view) => {
        const { left, top, right, bottom } = areaOf(view, 1_440, 900);
        const [x, y] = [-view.x / view.scale, -view.y / view.scale];
        expect(left <= x && top <= y).toBe(true);
        expect(right >= x + 1_440 / view.scale && bottom >= y + 900 / view.scale).toBe(true);
      },
    ),
  );
});

test('what is far away is not drawn, but a line that crosses the area is', () => {
  const node = (key: string) => ({
    ...{ id: key, kind: 'flag' as const, key, name: key, state: 'on' as const },
  });
  const places = new Map([
    ['left', { x: -5_000, y: 100 }],
    ['here', { x: 100, y: 100 }],
    ['right', { x: 5_000, y: 100 }],
    ['below', { x: 5_000, y: 9_000 }],
  ]);
  const graph = {
    nodes: ['left', 'here', 'right', 'below'].map(node),
    dependencies: [
      { from: 'left', to: 'right', why: 'on' as const },
      { from: 'right', to: 'below', why: 'on' as const },
    ],
  };
  const area = { left: 0, top: 0, right: 1_000, bottom: 1_000 };
  const { nodes, dependencies } = seenIn(graph, { places, width: 0, height: 0 }, area);
  expect(nodes.map(({ id }) => id)).toEqual(['here']);
  expect(dependencies).toEqual([graph.dependencies[0]]);
});
