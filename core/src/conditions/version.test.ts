import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareVersions, parseVersion, readVersion, type Version } from './version.ts';
import { isInRange, parseRange } from './version-range.ts';

/** In ascending order, after semver.org's item 11. */
const ASCENDING = [
  '0.0.0-0',
  '0.0.1',
  '1.0.0-1',
  '1.0.0-2',
  '1.0.0-10',
  '1.0.0--',
  '1.0.0-alpha',
  '1.0.0-alpha.1',
  '1.0.0-alpha.beta',
  '1.0.0-beta',
  '1.0.0-beta.2',
  '1.0.0-beta.11',
  '1.0.0-rc.1',
  '1.0.0',
  '1.0.10',
  '1.2.0',
  '1.10.0',
  '2.0.0-0',
  '2.0.0',
  '999999999999999.0.0',
];

function version(text: string): Version {
  return parseVersion(text) ?? expect.unreachable(`${text} is a version`);
}

describe('versions', () => {
  test('rank as semver.org says, each before all that follow', () => {
    for (const [i, lower] of ASCENDING.entries()) {
      for (const [j, higher] of ASCENDING.entries()) {
        expect(Math.sign(compareVersions(version(lower), version(higher)))).toBe(Math.sign(i - j));
      }
    }
  });

  test('the fast reader reads what the full parser does, of any text', () => {
    const part = fc.oneof(
      fc.nat(20).map(String),
      fc.constantFrom('', '00', '01', 'x', '1234567890', '-1', 'v1', '1-a', '1+b'),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const text = parts.join('.');
        // The second time it is remembered, or half of another text would be.
        for (const read of [readVersion(text), readVersion(text)]) {
          expect(read === undefined ? undefined : { ...read }).toEqual(parseVersion(text));
        }
      }),
      { numRuns: 3000 },
    );
  });

  test.each([
    '',
    '1.',
    '.1',
    '1..2',
    '1.2.3.4',
    '1.2.3-',
    '1.2.3-a..b',
    '1.2.3-01',
    '1.2.3+',
    'vv1',
    ' 1',
    '1e3',
    `1.2.3-${'a'.repeat(300)}`,
  ])('%j is no version', (text) => expect(parseVersion(text)).toBeUndefined());
});

describe('ranges', () => {
  test('an operator and its opposite share every version out between them', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ASCENDING), fc.constantFrom(...ASCENDING, '1', '1.0', '0.x'), (text, bound) => {
        const holds = (operator: string) => isInRange(version(text), parseRange(operator + bound) ?? []);
        expect(holds('<')).toBe(!holds('>='));
        expect(holds('<=')).toBe(!holds('>'));
        expect(holds('=')).toBe(holds('>=') && holds('<='));
      }),
      { numRuns: 1000 },
    );
  });

  test.each(['', 'newest', '1.2.3 || 2', '1.2.3 - 2', '>=', '^', '1.2.3.4', '=>1', '1.x.3-a', '>= 1'])(
    '%j is no range',
    (text) => {
      expect(parseRange(text)).toBeUndefined();
    },
  );
});
