import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SubjectSketch } from './subject-sketch.ts';

function sketchOf(subjects: Iterable<string>): SubjectSketch {
  const sketch = new SubjectSketch();
  for (const subject of subjects) sketch.add(subject);
  return sketch;
}

function* users(count: number, prefix: string): Iterable<string> {
  for (let i = 0; i < count; i++) yield `${prefix}-${i}`;
}

function merged(...sketches: readonly SubjectSketch[]): string {
  const sum = new SubjectSketch();
  for (const sketch of sketches) sum.merge(sketch);
  return sum.encode();
}

const subjects = fc.array(fc.oneof(fc.string(), fc.uuid()), { maxLength: 300 });

describe('a sketch of subjects', () => {
  it.each([1, 2, 5, 20, 100, 500, 2_000, 10_000, 100_000])('knows how many %i are', (count) => {
    const rounds = count > 10_000 ? 10 : 40;
    const errors = Array.from({ length: rounds }, (_, round) => {
      return sketchOf(users(count, `round-${round}`)).estimate() / count - 1;
    });
    const spread = Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0) / rounds);
    const bias = errors.reduce((sum, error) => sum + error, 0) / rounds;
    expect(spread).toBeLessThan(0.085);
    expect(Math.abs(bias)).toBeLessThan(0.05);
  });

  it('knows that it has seen nobody, and whom it has seen already', () => {
    expect(new SubjectSketch().estimate()).toBe(0);
    expect(sketchOf(Array(1000).fill('ann')).encode()).toBe(sketchOf(['ann']).encode());
  });

  it('merges alike in any order and grouping, and twice as once, to what one sketch of all would be', () => {
    fc.assert(
      fc.property(subjects, subjects, subjects, (a, b, c) => {
        const [x, y, z] = [sketchOf(a), sketchOf(b), sketchOf(c)];
        const all = sketchOf([...a, ...b, ...c]).encode();
        expect(merged(x, y, z)).toBe(all);
        expect(merged(z, y, x, z)).toBe(all);
        const pair = sketchOf(a);
        pair.merge(y);
        expect(merged(z, pair)).toBe(all);
      }),
    );
  });

  it('reads back as it was written, few or many', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2000 }), fc.string(), (count, prefix) => {
        const original = sketchOf(users(count, prefix));
        const copy = SubjectSketch.decode(original.encode());
        expect(copy?.encode()).toBe(original.encode());
        expect(copy?.estimate()).toBe(original.estimate());
      }),
    );
    expect(sketchOf(users(3, 'few')).encode()).toHaveLength(2 + 9);
    expect(sketchOf(users(5000, 'many')).encode()).toHaveLength(2 + 256);
  });

  it.each([
    [undefined],
    [7],
    [''],
    ['1'],
    ['2s'],
    ['1x'],
    ['1s00'],
    ['1s000'],
    ['1s00q'],
    ['1s741'],
    ['1s001002'],
    ['1d'],
    [`1d${'0'.repeat(255)}`],
    [`1d${'q'.repeat(256)}`],
    [`1d${'0'.repeat(257)}`],
  ])('is not read from %j', (text) => {
    expect(SubjectSketch.decode(text)).toBeUndefined();
  });

  it('never throws when it is read, and has an estimate when it was', () => {
    const almost = fc.oneof(
      fc.stringMatching(/^1s([0-7][0-9a-z][0-9a-p]){0,20}$/),
      fc.stringMatching(/^1d[0-9a-p]{256}$/),
    );
    fc.assert(
      fc.property(fc.oneof(fc.anything(), fc.string(), almost), (text) => {
        const read = SubjectSketch.decode(text);
        if (read !== undefined) expect(read.estimate()).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});
