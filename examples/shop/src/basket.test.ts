import { describe, expect, test } from 'vitest';
import { formatBasket, parseBasket, quantityOf, setQuantity, totalsOf } from './basket.ts';
import { findProduct } from './catalogue.ts';

const indigo = findProduct('indigo-bunting');
const rustic = findProduct('rustic-bunting');
if (!indigo || !rustic) throw new Error('the catalogue lost the products these tests name');

describe('the basket cookie', () => {
  test('survives being written and read', () => {
    const basket = setQuantity(setQuantity([], indigo, 2), rustic, 1);
    expect(parseBasket(formatBasket(basket))).toEqual(basket);
  });

  test.each([
    'nonsense',
    'no-such-product:3',
    'indigo-bunting:0',
    'indigo-bunting:-1',
    'indigo-bunting:1e9',
    '__proto__:1',
    '..::',
  ])('is empty for %s', (cookie) => {
    expect(parseBasket(cookie)).toEqual([]);
  });

  test('keeps what it understands beside what it does not', () => {
    expect(formatBasket(parseBasket('x:1.indigo-bunting:3.y'))).toBe('indigo-bunting:3');
  });
});

test('a quantity is replaced, capped, and taken away by 0', () => {
  const basket = setQuantity([], indigo, 40);
  expect(quantityOf(basket, indigo)).toBe(9);
  expect(setQuantity(basket, indigo, 0)).toEqual([]);
});

describe('totals', () => {
  test('shipping is charged below the limit, flag or not', () => {
    expect(totalsOf([{ product: indigo, quantity: 1 }], true)).toEqual({
      goodsCents: 1890,
      shippingCents: 490,
      totalCents: 2380,
    });
  });

  test('above the limit the flag decides', () => {
    const basket = [{ product: rustic, quantity: 1 }];
    expect(totalsOf(basket, true).totalCents).toBe(5400);
    expect(totalsOf(basket, false).totalCents).toBe(5890);
  });

  test('nothing costs nothing', () => {
    expect(totalsOf([], false).totalCents).toBe(0);
  });
});
