import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fit, zoomAt } from './use-view.ts';

const coordinate = fc.integer({ min: -5_000, max: 5_000 });

test('what is under the pointer stays there when one zooms, within bounds', () => {
  fc.assert(
    fc.property(
      fc.record({ x: coordinate, y: coordinate, scale: fc.double({ min: 0.04, max: 2, noNaN: true }) }),
      fc.double({ min: 0.01, max: 100, noNaN: true }),
      coordinate,
      coordinate,
      (view, factor, px, py) => {
        const next = zoomAt(view, factor, px, py);
        expect(next.scale).toBeGreaterThanOrEqual(0.04);
        expect(next.scale).toBeLessThanOrEqual(2);
        expect((px - next.x) / next.scale).toBeCloseTo((px - view.x) / view.scale, 3);
        expect((py - next.y) / next.scale).toBeCloseTo((py - view.y) / view.scale, 3);
      },
    ),
  );
});

test('all of a drawing is in the frame, in its middle, and a small one is not blown up', () => {
  expect(fit({ width: 100, height: 50 }, { width: 500, height: 250 })).toEqual({ scale: 1, x: 200, y: 100 });
  const { scale, x, y } = fit({ width: 4_000, height: 1_000 }, { width: 448, height: 400 });
  expect(scale).toBeCloseTo(0.1);
  expect([x, y]).toEqual([expect.closeTo(24), expect.closeTo(150)]);
});
