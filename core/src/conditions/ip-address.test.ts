import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TRUE } from '../truth.ts';
import { IN_CIDR } from './cidr.ts';
import { parseIp } from './ip-address.ts';

const word = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });

function groupsOf(words: readonly number[]): string[] {
  return words.flatMap((value) => [(value >>> 16).toString(16), (value & 0xffff).toString(16)]);
}

test('every IPv4 address is read, and is the same as its mapped IPv6 form', () => {
  fc.assert(
    fc.property(word, (value) => {
      const text = [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.');
      expect(parseIp(text)).toEqual([0, 0, 0xffff, value]);
      expect(parseIp(`::ffff:${text}`)).toEqual([0, 0, 0xffff, value]);
    }),
  );
});

test('every IPv6 address is read, written out or with its zeros shortened', () => {
  fc.assert(
    fc.property(
      fc.tuple(word, word, word, word),
      fc.integer({ min: 0, max: 7 }),
      fc.integer({ min: 1, max: 8 }),
      (words, from, length) => {
        expect(parseIp(groupsOf(words).join(':'))).toEqual(words.map((value) => value | 0));
        const zeros = Math.min(length, 8 - from);
        const groups = groupsOf(words).map((group, i) => (i >= from && i < from + zeros ? '0' : group));
        const short = `${groups.slice(0, from).join(':')}::${groups.slice(from + zeros).join(':')}`;
        expect(parseIp(short)).toEqual(parseIp(groups.join(':')));
      },
    ),
  );
});

test('a block holds the addresses that share its leading bits, and no others', () => {
  const address = fc.tuple(word, word, word, word);
  fc.assert(
    fc.property(address, fc.nat(127), fc.nat(127), (words, prefix, flipped) => {
      const block = `${groupsOf(words).join(':')}/${prefix}`;
      const other = words.map((value, i) => (i === flipped >> 5 ? value ^ (1 << (31 - (flipped & 31))) : value));
      // Crossing between the families is tried elsewhere.
      fc.pre(words[0] !== 0 && other[0] !== 0);
      const matches = IN_CIDR.compile({ attribute: 'ip', operator: 'inCidr', values: [block] });
      expect(matches(groupsOf(words).join(':'), 0)).toBe(TRUE);
      expect(matches(groupsOf(other).join(':'), 0) === TRUE).toBe(flipped >= prefix);
    }),
    { numRuns: 500 },
  );
});
