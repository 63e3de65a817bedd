import { expect, test } from 'vitest';
import { readCursor, toPage } from './page.ts';

const cursorOf = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');

test('a cursor goes on where its page ended', () => {
  const { items, nextCursor } = toPage(
    [
      { at: 3, key: 'a' },
      { at: 4, key: 'b' },
    ],
    1,
    ({ at, key }) => [at, key],
  );
  expect(items).toEqual([{ at: 3, key: 'a' }]);
  expect(readCursor(nextCursor ?? '', ['number', 'string'])).toEqual([3, 'a']);
});

test.each([
  ['another shape', cursorOf([1])],
  ['other types', cursorOf(['1', 2])],
  ['a fraction', cursorOf([1.5, 'a'])],
  ['a number that no database counts to', cursorOf([1e300, 'a'])],
  ['no list', cursorOf({ length: 2 })],
  ['no JSON', 'x'],
])('a cursor that was made up is refused: %s', (_, cursor) => {
  expect(() => readCursor(cursor, ['number', 'string'])).toThrow('cursor');
});
