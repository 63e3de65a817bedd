import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { estimateShift } from './mann-whitney.ts';

const sample = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 5, maxLength: 25 });

describe('the shift between two samples', () => {
  test('is the median of all differences, inside its interval', () => {
    fc.assert(
      fc.property(sample, sample, (experiment, control) => {
        const { estimate, low, high } = estimateShift(experiment, control, 0.98);
        const differences = experiment.flatMap((x) => control.map((y) => x - y)).sort((a, b) => a - b);
        const middle = (differences.length - 1) / 2;
        const [below, above] = [differences[Math.floor(middle)] ?? 0, differences[Math.ceil(middle)] ?? 0];
        // The statistic is a staircase: it may be 0 all the way between the two middle differences.
        expect(estimate).toBeGreaterThanOrEqual(below - 1e-9);
        expect(estimate).toBeLessThanOrEqual(above + 1e-9);
        expect(low).toBeLessThanOrEqual(estimate + 1e-9);
        expect(high).toBeGreaterThanOrEqual(estimate - 1e-9);
      }),
    );
  });

  test('moves with the sample that is moved, and turns round with the sides', () => {
    fc.assert(
      fc.property(sample, sample, fc.integer({ min: -500, max: 500 }), (experiment, control, by) => {
        const before = estimateShift(experiment, control, 0.98);
        const moved = estimateShift(
          experiment.map((value) => value + by),
          control,
          0.98,
        );
        expect(moved.low).toBeCloseTo(before.low + by, 6);
        expect(moved.high).toBeCloseTo(before.high + by, 6);
        const turned = estimateShift(control, experiment, 0.98);
        expect(turned.low).toBeCloseTo(-before.high, 6);
        expect(turned.high).toBeCloseTo(-before.low, 6);
      }),
    );
  });

  test('is that of the normal approximation with corrections, worked out by hand', () => {
    // 8 against 8 without ties: variance 64 / 12 * 17 = 90.67. At 95 % the statistic, less 0.5, may be 18.66: W is at
    // least 32 - 19.16 = 12.84, so the interval runs from the 13th to the 52nd of the 64 differences.
    const experiment = [1.1, 2.3, 3.7, 5.2, 8.9, 13.4, 21.6, 34.8];
    const control = [0.4, 1.5, 2.9, 4.1, 6.6, 9.3, 15.7, 27.2];
    const differences = experiment.flatMap((x) => control.map((y) => x - y)).sort((a, b) => a - b);
    const { low, high } = estimateShift(experiment, control, 0.95);
    expect(low).toBeCloseTo(differences[12] ?? 0, 6);
    expect(high).toBeCloseTo(differences[51] ?? 0, 6);
  });

  test('is the difference itself where each side always says the same', () => {
    const five = new Array(50).fill(5);
    expect(estimateShift(five, five, 0.98)).toEqual({ estimate: 0, low: 0, high: 0 });
    const shift = estimateShift(new Array(50).fill(7), five, 0.98);
    for (const value of [shift.estimate, shift.low, shift.high]) expect(value).toBeCloseTo(2, 9);
  });
});
