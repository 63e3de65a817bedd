import { expect, test } from 'vitest';
import { products } from '../catalogue.ts';
import { clipToBand } from './polygon.ts';
import { drawProduct } from './product-picture.ts';

test('a band cut from a triangle keeps its slanted sides', () => {
  const triangle = [
    [-10, 0],
    [10, 0],
    [0, 20],
  ] as const;
  expect(clipToBand(triangle, 10, 20)).toEqual([
    [-5, 10],
    [5, 10],
    [0, 20],
  ]);
});

test('a band outside the polygon is empty', () => {
  expect(
    clipToBand(
      [
        [0, 0],
        [1, 0],
        [0, 1],
      ],
      5,
      6,
    ),
  ).toEqual([]);
});

test('every product has a picture of its own, the same each time, without broken numbers', () => {
  const pictures = products.map((product) => drawProduct(product).text);
  expect(new Set(pictures).size).toBe(products.length);
  expect(products.map((product) => drawProduct(product).text)).toEqual(pictures);
  for (const picture of pictures) expect(picture).not.toMatch(/NaN|undefined|Infinity/);
});
