import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPlain, showPlain } from './plain-value.ts';

test.each([
  ['ok', 'ok'],
  ['true', true],
  ['12', 12],
  ['-0.5', -0.5],
  ['"12"', '12'],
  ['1.0.3', '1.0.3'],
  ['1.10', '1.10'],
  ['1e3', '1e3'],
  ['', ''],
  ['{"a":1}', '{"a":1}'],
  ['null', 'null'],
])('%s is read as %o', (text, value) => {
  expect(readPlain(text)).toBe(value);
});

test('what is shown is read as the same again', () => {
  const plain = fc.oneof(
    fc.string(),
    fc.json(),
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0)),
  );
  fc.assert(fc.property(plain, (value) => readPlain(showPlain(value)) === value));
});
