import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type LastKnownGood, seal, unseal } from './last-known-good.ts';

const KEY = `bnt_rly_${'k'.repeat(43)}`;

const anyState: fc.Arbitrary<LastKnownGood> = fc
  .record({
    number: fc.nat(),
    items: fc.uniqueArray(fc.record({ key: fc.stringMatching(/^[a-z]{1,8}$/), value: fc.json() }), {
      selector: ({ key }) => key,
    }),
    kills: fc.array(fc.record({ flag: fc.stringMatching(/^[a-z]{1,8}$/), epoch: fc.nat(), engaged: fc.boolean() })),
    name: fc.string({ maxLength: 50 }),
    dataAgeMs: fc.nat(),
    keptAtMs: fc.nat(),
  })
  .map(({ number, items, kills, name, dataAgeMs, keptAtMs }) => ({
    keys: {
      type: 'keys',
      environmentId: 'e',
      project: 'p',
      environment: 'production',
      keys: [{ id: '1', kind: 'server', name, hash: 'a'.repeat(64) }],
    },
    snapshot: {
      type: 'snapshot',
      revision: { incarnation: 'i', number, hash: 'h' },
      committedAtMs: 1,
      timeMs: 2,
      kills,
      items: items.map(({ key, value }) => ({ kind: 'flag', key, json: value })),
    },
    dataAgeMs,
    keptAtMs,
  }));

test('what was sealed is read as it was', () => {
  fc.assert(
    fc.property(anyState, (state) => {
      expect(unseal(seal(state, KEY), KEY)).toEqual(state);
    }),
  );
});

test('it is refused with another relay key, cut off anywhere, or with any character changed', () => {
  fc.assert(
    fc.property(anyState, fc.nat(), fc.constantFrom('x', '\n', ' ', '0'), (state, at, character) => {
      const text = seal(state, KEY);
      const place = at % text.length;
      expect(() => unseal(text, `${KEY}x`)).toThrow();
      expect(() => unseal(text.slice(0, place), KEY)).toThrow();
      fc.pre(text[place] !== character);
      expect(() => unseal(text.slice(0, place) + character + text.slice(place + 1), KEY)).toThrow();
    }),
  );
});
