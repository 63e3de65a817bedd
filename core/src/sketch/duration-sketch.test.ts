import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DurationSketch } from './duration-sketch.ts';

function sketchOf(durationsUs: readonly number[]): DurationSketch {
  const sketch = new DurationSketch();
  for (const durationUs of durationsUs) sketch.add(durationUs);
  return sketch;
}

function merged(...sketches: readonly DurationSketch[]): string {
  const sum = new DurationSketch();
  for (const sketch of sketches) sum.merge(sketch);
  return sum.encode();
}

/** Spread over all magnitudes from 1 us to 1 h. */
const duration = fc.double({ min: 0, max: Math.log(3.6e9), noNaN: true }).map(Math.exp);
const durations = fc.array(duration, { maxLength: 200 });
const sketch = durations.map(sketchOf);

describe('a sketch of durations', () => {
  it('knows every quantile to 2.5 %', () => {
    const some = fc.array(duration, { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(some, fc.double({ min: 0, max: 1, noNaN: true }), (all, q) => {
        const exact = all.toSorted((a, b) => a - b)[Math.floor(q * (all.length - 1))] ?? 0;
        const known = sketchOf(all).quantile(q) ?? 0;
        expect(Math.abs(known - exact) / exact).toBeLessThan(0.025 + 1e-9);
      }),
    );
  });

  it('knows the sum to 2.5 %', () => {
    fc.assert(
      fc.property(durations, (all) => {
        const exact = all.reduce((sum, durationUs) => sum + durationUs, 0);
        expect(Math.abs(sketchOf(all).sumUs() - exact)).toBeLessThanOrEqual((0.025 + 1e-9) * exact);
      }),
    );
  });

  it('counts what is above a bound, but for what is within 5.2 % of it', () => {
    fc.assert(
      fc.property(durations, duration, (all, boundUs) => {
        const above = sketchOf(all).countAbove(boundUs);
        expect(above).toBeLessThanOrEqual(all.filter((durationUs) => durationUs > boundUs).length);
        expect(above).toBeGreaterThanOrEqual(all.filter((durationUs) => durationUs > boundUs * 1.052).length);
      }),
    );
  });

  it('adds up alike in any order and grouping, to what one sketch of all would be', () => {
    fc.assert(
      fc.property(durations, durations, durations, (a, b, c) => {
        const [x, y, z] = [sketchOf(a), sketchOf(b), sketchOf(c)];
        const all = sketchOf([...a, ...b, ...c]).encode();
        expect(merged(x, y, z)).toBe(all);
        expect(merged(z, x, y)).toBe(all);
        const pair = sketchOf(a);
        pair.merge(y);
        expect(merged(z, pair)).toBe(all);
        expect(pair.count).toBe(a.length + b.length);
      }),
    );
  });

  it('reads back as it was written', () => {
    fc.assert(
      fc.property(sketch, (original) => {
        const copy = DurationSketch.decode(original.encode());
        expect(copy?.encode()).toBe(original.encode());
        expect(copy?.count).toBe(original.count);
      }),
    );
  });

  it('takes anything for a duration: none is lost, none is out of range', () => {
    fc.assert(
      fc.property(fc.array(fc.double()), (all) => {
        const any = sketchOf(all);
        expect(any.count).toBe(all.length);
        expect(DurationSketch.decode(any.encode())?.count).toBe(all.length);
      }),
    );
    expect(sketchOf([Number.NaN, -1, 0]).quantile(1)).toBeCloseTo(1, 1);
    expect((sketchOf([Number.POSITIVE_INFINITY]).quantile(0) ?? 0) / 3.6e9).toBeCloseTo(1, 1);
    expect(new DurationSketch().quantile(0.5)).toBeUndefined();
  });

  it('is short: 1 000 durations of one path are less than 400 characters', () => {
    const around = Array.from({ length: 1000 }, (_, i) => 20_000 * Math.exp(Math.sin(i) * Math.cos(i * 1.7)));
    expect(sketchOf(around).encode().length).toBeLessThan(400);
  });

  it.each([
    [undefined],
    [7],
    [''],
    ['1'],
    ['2 :1'],
    ['1 :'],
    ['1 :0'],
    ['1 0:1'],
    ['1 :1,0:1'],
    ['1 :1,'],
    ['1 cb:1'],
    ['1 c8:1,:1,:1,:1'],
    ['1 :1.5'],
    ['1 :-1'],
    ['1 :zzzzzzzzzzz'],
    [`1 ${':1,'.repeat(5000)}:1`],
  ])('is not read from %j', (text) => {
    expect(DurationSketch.decode(text)).toBeUndefined();
  });

  it('never throws when it is read, and holds whole counts when it was', () => {
    const almost = fc.stringMatching(/^1 [0-9a-c]{0,2}:[0-9a-z]{0,12}(,[0-9a-c]{0,2}:[0-9a-z]{0,12}){0,4}$/);
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.string(), almost), (text) => {
        const read = DurationSketch.decode(text);
        if (read !== undefined) expect(Number.isSafeInteger(read.count)).toBe(true);
      }),
    );
  });
});
