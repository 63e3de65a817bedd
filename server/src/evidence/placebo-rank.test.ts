import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newTest, replay } from './evidence.ts';
import { logHypergeometric } from './hypergeometric.ts';
import type { TestSpec } from './test-spec.ts';
import type { SliceArm, Window } from './window.ts';

const spec: TestSpec = { kind: 'placebo_rank', alpha: 0.01, stepMs: 5_000 };

/** 100 slices of an arm with so many requests each; bad is what is named. */
const slices = (count: number, bads: Readonly<Record<number, number>>): SliceArm[] =>
  Array.from({ length: 100 }, (_, slice) => ({ slice, count, bad: bads[slice] ?? 0 }));

const sum = (arms: readonly SliceArm[]) => ({
  count: arms.reduce((total, { count }) => total + count, 0),
  bad: arms.reduce((total, { bad }) => total + bad, 0),
});

const step = (candidateSlices: SliceArm[], baselineSlices: SliceArm[], seconds = 5): Window => ({
  ...{ startMs: 0, endMs: seconds * 1_000 },
  ...{ candidate: sum(candidateSlices), baseline: sum(baselineSlices), candidateSlices, baselineSlices },
});

/** Of one step, the evidence by hand. */
const byHand = (hits: { candidate: number; all: number }, units: { candidate: number; all: number }) => {
  const mean = [2, 5, 10, 30].reduce((total, harm) => {
    let expected = 0;
    for (let each = 0; each <= hits.all; each++) {
      const urn = { all: units.all, marked: units.candidate, drawn: hits.all };
      expected += Math.exp(logHypergeometric(each, urn)) * harm ** each;
    }
    return total + harm ** hits.candidate / expected / 4;
  }, 0);
  return Math.log(mean);
};

describe('the rank among placebos', () => {
  it('compares slices where both arms have the same traffic', () => {
    const said = replay(spec, [step(slices(10, { 1: 1, 2: 3, 90: 1 }), slices(10, { 4: 2 }))]);
    expect(said[0]?.logE).toBeCloseTo(byHand({ candidate: 3, all: 4 }, { candidate: 100, all: 200 }), 10);
  });

  it('puts 19 slices of a candidate with a share of 5 % together to be as large as one of the others', () => {
    // Slices 0 to 18 are a unit, 19 to 37 the next; 95 to 99 are left over.
    const said = replay(spec, [step(slices(10, { 0: 1, 18: 2, 19: 1, 97: 5 }), slices(190, { 50: 1 }))]);
    expect(said[0]?.logE).toBeCloseTo(byHand({ candidate: 2, all: 3 }, { candidate: 5, all: 105 }), 10);
  });

  it('draws its line where it splits the units best when all are bad at times', () => {
    const often = (least: number, more: readonly number[]) =>
      slices(
        100,
        Object.fromEntries(Array.from({ length: 100 }, (_, at) => [at, more.includes(at) ? least + 5 : least])),
      );
    const said = replay(spec, [step(often(4, [1, 2, 3]), often(4, [7]))]);
    expect(said[0]?.logE).toBeCloseTo(byHand({ candidate: 3, all: 4 }, { candidate: 100, all: 200 }), 10);
  });

  it('counts a burst of one subject once', () => {
    const one = replay(spec, [step(slices(10, { 1: 1 }), slices(90, {}))]);
    const burst = replay(spec, [step(slices(10, { 1: 10 }), slices(90, {}))]);
    expect(burst[0]?.logE).toBe(one[0]?.logE);
  });

  it('puts looks together to steps', () => {
    const second = step(slices(2, { 1: 1 }), slices(38, {}), 1);
    const said = replay(spec, new Array<Window>(5).fill(second));
    expect(said.map(({ logE }) => logE !== 0)).toEqual([false, false, false, false, true]);
    expect(said[4]?.logE).toBe(replay(spec, [step(slices(10, { 1: 5 }), slices(190, {}))])[0]?.logE);
  });

  it('counts one who keeps failing once, and many who do each time', () => {
    const [one, two] = replay(spec, [
      step(slices(10, { 1: 10 }), slices(10, { 5: 1 })),
      step(slices(10, { 1: 10 }), slices(10, { 5: 1 })),
    ]);
    expect(one?.logE).toBeCloseTo(byHand({ candidate: 1, all: 2 }, { candidate: 100, all: 200 }), 10);
    // Now the baseline's alone.
    expect(two?.logE).toBeLessThan(one?.logE ?? 0);
    const many = step(slices(10, { 1: 1, 2: 1, 3: 1 }), slices(190, {}));
    const [first, second] = replay(spec, [many, many]);
    expect(second?.logE).toBeGreaterThan((first?.logE ?? 0) + 1);
  });

  it('does not fail for less than three slices, whatever the evidence', () => {
    const lax: TestSpec = { ...spec, alpha: 0.5 };
    const [two] = replay(lax, [step(slices(10, { 1: 1, 40: 1 }), slices(190, {}))]);
    expect(two?.logE).toBeGreaterThan(two?.threshold ?? 0);
    expect(two?.verdict).toBe('pending');
    expect(replay(lax, [step(slices(10, { 1: 1, 40: 1, 70: 1 }), slices(190, {}))])[0]?.verdict).toBe('failed');
  });

  it('does not fail for what happens to few slices, however long', () => {
    const few = step(slices(1, { 1: 1, 40: 1 }), slices(19, {}));
    expect(replay(spec, new Array<Window>(50).fill(few)).at(-1)).toMatchObject({ verdict: 'pending' });
    const more = step(slices(1, { 1: 1, 40: 1, 70: 1 }), slices(19, {}));
    expect(replay(spec, new Array<Window>(50).fill(more)).at(-1)).toMatchObject({ verdict: 'failed' });
  });

  it('expects evidence of exactly 1 of a candidate that does no harm, however many units are among the worst', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 100 }), (hits) => {
        let expected = 0;
        for (let ofCandidate = 0; ofCandidate <= hits; ofCandidate++) {
          const worst = (many: number) => Object.fromEntries(Array.from({ length: many }, (_, slice) => [slice, 2]));
          const [said] = replay(spec, [step(slices(10, worst(ofCandidate)), slices(10, worst(hits - ofCandidate)))]);
          const chance = Math.exp(logHypergeometric(ofCandidate, { all: 200, marked: 100, drawn: hits }));
          expected += chance * Math.exp(said?.logE ?? 0);
        }
        expect(expected).toBeCloseTo(1, 9);
      }),
      { numRuns: 20 },
    );
  });

  it('says why it has nothing to say', () => {
    const { candidateSlices, ...without } = step(slices(1, {}), slices(19, {}));
    expect(replay(spec, [without])[0]).toMatchObject({ silence: 'no_slices', windows: 0 });
    expect(replay(spec, [step([], slices(1, {}))])[0]).toMatchObject({ silence: 'no_traffic' });
    expect(JSON.stringify(newTest(spec)).length).toBeLessThan(4_000);
    expect(candidateSlices).toHaveLength(100);
  });
});
