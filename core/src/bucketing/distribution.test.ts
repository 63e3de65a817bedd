import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileSchedule, rangesAt } from '../compile/schedule.ts';
import { BUCKET_COUNT, type BucketRange, type Flag, type Split } from '../model.ts';
import { random } from '../proof.test.fixture.ts';
import { compile } from '../ruleset.ts';
import { NATIVE } from './bucketer.ts';
import { bucketOf, firstHashOf } from './pieces.ts';
import { reweigh } from './reweigh.ts';

const revision = { incarnation: 'i', number: 1, hash: 'h' };

function splitFlag(split: Split, key = 'f'): Flag {
  const variants = ['a', 'b', 'c', 'off'].map((name) => ({ name, value: name }));
  return { key, type: 'string', variants, enabled: true, offVariant: 'off', defaultRule: { split } };
}

/** Keys as systems have them: numbered, random hexadecimal, and with letters beyond ASCII. */
function keyAt(i: number, next: () => number): string {
  if (i % 3 === 0) return `user-${i}`;
  return i % 3 === 1 ? Math.floor(next() * 2 ** 48).toString(16) : `käufer-${i}`;
}

describe('weights', () => {
  // The bounds are the 1 - 1e-6 quantiles of chi-square, so that a good hash fails once in a million seeds.
  test('are met within binomial bounds over a million keys', () => {
    const shares = { a: 0.2, b: 0.05, c: 0.6, off: 0.15 };
    const ranges = reweigh(
      [],
      [
        { variant: 'a', weightPer100k: 20_000 },
        { variant: 'b', weightPer100k: 5_000 },
        { variant: 'c', weightPer100k: 60_000 },
      ],
    );
    const compiled = compile({ revision, flags: [splitFlag({ ranges })] });
    const counts = { a: 0, b: 0, c: 0, off: 0 };
    const next = random(7);
    const total = 1_000_000;
    for (let i = 0; i < total; i++) {
      const { variant } = compiled.evaluate('f', { targetingKey: keyAt(i, next) });
      counts[variant as keyof typeof counts] += 1;
    }
    let chiSquare = 0;
    for (const [variant, share] of Object.entries(shares)) {
      chiSquare += (counts[variant as keyof typeof counts] - total * share) ** 2 / (total * share);
    }
    expect(chiSquare).toBeLessThan(30.7); // 3 degrees of freedom
  });

  test('the buckets of two flags are independent', () => {
    const first = NATIVE.prepare('checkout');
    const second = NATIVE.prepare('checkout-2');
    const cells = new Array<number>(100).fill(0);
    const next = random(11);
    const total = 1_000_000;
    for (let i = 0; i < total; i++) {
      const key = keyAt(i, next);
      const place = Math.floor(bucketOf(first(key)) / 10_000) * 10 + Math.floor(bucketOf(second(key)) / 10_000);
      cells[place] = (cells[place] ?? 0) + 1;
    }
    const chiSquare = cells.reduce((sum, count) => sum + (count - total / 100) ** 2 / (total / 100), 0);
    expect(chiSquare).toBeLessThan(177); // 99 degrees of freedom
  });
});

const users = Array.from({ length: 400 }, (_, i) => ({ targetingKey: `user-${i}`, org: `org-${i % 40}` }));

function variantsOf(split: Split, layers: readonly { from: number; to: number }[] = []): (string | undefined)[] {
  const layer = { key: 'l', claims: layers.map((claim) => ({ flag: 'f', ...claim })) };
  const compiled = compile({ revision, flags: [splitFlag(split)], layers: [layer] });
  return users.map((user) => compiled.evaluate('f', user).variant);
}

describe('growing', () => {
  const weight = fc.integer({ min: 0, max: 33_333 });
  const three = fc.tuple(weight, weight, weight);
  const toWeights = (weights: readonly number[]) =>
    weights.map((weightPer100k, i) => ({ variant: ['a', 'b', 'c'][i] ?? '', weightPer100k }));

  test('a variant moves nobody out of it, and nobody between two variants that did not shrink', () => {
    fc.assert(
      fc.property(three, three, fc.boolean(), (first, second, inLayer) => {
        const layer = inLayer ? { layer: 'l' } : {};
        const claim = [{ from: 10_000, to: 90_000 }];
        const before = reweigh([], toWeights(first));
        const after = reweigh(before, toWeights(second));
        const was = variantsOf({ ...layer, ranges: before }, claim);
        const is = variantsOf({ ...layer, ranges: after }, claim);
        const hasGrown = (variant: string | undefined) => {
          const i = ['a', 'b', 'c'].indexOf(variant ?? '');
          return i >= 0 && (second[i] ?? 0) >= (first[i] ?? 0);
        };
        for (const [i, variant] of was.entries()) if (hasGrown(variant)) expect(is[i]).toBe(variant);
      }),
      { numRuns: 60 },
    );
  });

  test('a claim on a layer moves nobody who was in it, and two flags never share a subject', () => {
    const whole: Split = {
      layer: 'l',
      ranges: [
        { variant: 'a', from: 0, to: 50_000 },
        { variant: 'b', from: 50_000, to: BUCKET_COUNT },
      ],
    };
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 50_000 }), fc.integer({ min: 0, max: 50_000 }), (size, more) => {
        const was = variantsOf(whole, [{ from: 0, to: size }]);
        const is = variantsOf(whole, [{ from: 0, to: size + more }]);
        for (const [i, variant] of was.entries()) if (variant !== 'off') expect(is[i]).toBe(variant);

        const claims = [
          { flag: 'f', from: 0, to: size },
          { flag: 'g', from: size, to: size + more },
        ];
        const flags = [splitFlag(whole, 'f'), splitFlag(whole, 'g')];
        const compiled = compile({ revision, flags, layers: [{ key: 'l', claims }] });
        for (const user of users) {
          const inBoth = ['f', 'g'].filter((key) => compiled.evaluate(key, user).reason === 'SPLIT');
          expect(inBoth.length).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a linear ramp lets everyone in at one moment and never out again, and arrives on time', () => {
    const at = (to: number): BucketRange[] => [{ variant: 'a', from: 0, to }];
    const bound = fc.integer({ min: 0, max: BUCKET_COUNT });
    fc.assert(
      fc.property(bound, bound, fc.integer({ min: 1, max: 10 ** 10 }), fc.nat(10 ** 6), (x, y, lengthMs, seed) => {
        const [low, high] = x < y ? [x, y] : [y, x];
        const split: Split = {
          ranges: [],
          schedule: [
            { atMs: 1000, ranges: at(low) },
            { atMs: 1000 + lengthMs, ranges: at(high), linear: true },
          ],
        };
        const compiled = compile({ revision, flags: [splitFlag(split)] });
        const next = random(seed + 1);
        const momentsMs = Array.from({ length: 8 }, () => 1000 + Math.floor(next() * lengthMs)).sort((a, b) => a - b);
        for (const user of users.slice(0, 20)) {
          const answers = momentsMs.map((nowMs) => compiled.evaluate('f', user, nowMs).variant === 'a');
          expect(answers).toEqual([...answers].sort());
        }
        expect(rangesAt(split, 999)).toEqual([]);
        expect(rangesAt(split, 1000)).toEqual(at(low));
        expect(rangesAt(split, 1000 + lengthMs)).toEqual(at(high));
        expect(rangesAt(split, Number.MAX_SAFE_INTEGER)).toEqual(at(high));
      }),
      { numRuns: 200 },
    );
  });

  test('between the steps of a schedule the compiled owner of every bucket is the one that its ranges name', () => {
    const split: Split = {
      ranges: [{ variant: 'c', from: 0, to: 10 }],
      schedule: [
        {
          atMs: 0,
          ranges: [
            { variant: 'a', from: 0, to: 1000 },
            { variant: 'b', from: 5000, to: 9000 },
          ],
        },
        {
          atMs: 100,
          ranges: [
            { variant: 'a', from: 0, to: 60_000 },
            { variant: 'b', from: 60_000, to: 60_001 },
          ],
          linear: true,
        },
        { atMs: 200, ranges: [{ variant: 'b', from: 0, to: 7 }] },
      ],
    };
    const owner = compileSchedule(split);
    for (const nowMs of [-1, 0, 1, 50, 99.5, 100, 150, 200, 1e12]) {
      const ranges = rangesAt(split, nowMs);
      for (let bucket = 0; bucket < BUCKET_COUNT; bucket += 97) {
        const expected = ranges.find(({ from, to }) => from <= bucket && bucket < to)?.variant;
        expect(owner(firstHashOf(bucket), nowMs)).toBe(expected);
      }
    }
  });
});
