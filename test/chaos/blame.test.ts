import { describe, expect, it } from 'vitest';
import { SUSPICIONS, tryAll } from '../evidence/blame.ts';
import { readPlan } from './seeded.ts';

const { seed, size } = readPlan({ sample: 100, whole: 1_000 });
/** 1 % and three standard deviations of a share of 1 000; of a sample, one run. */
const MOST_WRONG = Math.max(1 / size, 0.01 + 3 * Math.sqrt((0.01 * 0.99) / 1_000));

describe(`blame of a deploy and a flag (seed ${seed})`, () => {
  it.each(SUSPICIONS)('is laid on whom it is due to: $name', (suspicion) => {
    const { wrong, named } = tryAll(suspicion, size, seed);
    expect(wrong / size).toBeLessThanOrEqual(MOST_WRONG);
    const isAnyoneGuilty = suspicion.flag > 1 || suspicion.deploy > 1;
    if (isAnyoneGuilty) expect(named.length / size).toBeGreaterThanOrEqual(suspicion.least);
    else expect(named).toEqual([]);
  });
});
