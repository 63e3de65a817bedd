import { expect, test } from 'vitest';
import { describeChance, describeSafeguard, sightWords } from './describe-safeguard.ts';
import { progressOf, standingOfAll } from './standing.ts';

const day = 86_400_000;
const watched = {
  ...{ flag: 'checkout', variant: 'on', rule: '', silence: null, logE: 0, threshold: 4, failedAt: null },
  detectable: { rate: 0.0321, ratio: 3.27, withinMinutes: 10 },
};

test('a safeguard says what it does, when, and by what', () => {
  expect(
    describeSafeguard({
      ...{ action: 'kill', metric: { kind: 'latency', aboveMs: 500 } },
      test: { kind: 'ceiling', alpha: 0.01, atMost: 0.05 },
    }),
  ).toBe('Kills the flag when more than 5% of a variant is bad. Judged by run taking longer than 500 ms.');
});

test.each([
  [{ kind: 'crash', alpha: 1e-4, atMost: 0.05, periodMs: day } as const, /once in 27 years at most/],
  [{ kind: 'relative_risk', alpha: 0.01, tolerance: 1, periodMs: day } as const, /once in 100 days at most/],
  [{ kind: 'sample_ratio', alpha: 0.001 } as const, /^False alarms: 0\.1% at most/],
])('how often it is wrong: %j', (spec, words) => {
  expect(describeChance(spec)).toMatch(words);
});

test('what it would see is a plain sentence, and so is that it sees nothing', () => {
  expect(sightWords(watched, null)).toBe('At today’s traffic it sees a harm of 3.3×, 3.2% bad, within 10 minutes.');
  expect(sightWords({ ...watched, dueShare: 0.5 }, null)).toContain('get it where 50% should');
  expect(sightWords({ detectable: null }, null)).toContain('would not see any harm');
});

test('it is at work as long as it sees harm anywhere; a failure stands out', () => {
  const silent = { ...watched, silence: 'No traffic.' };
  const of = (...watching: (typeof watched | typeof silent)[]) => standingOfAll({ enabled: true, watching });
  expect(of()).toBe('silent');
  expect(of(silent, watched)).toBe('at-work');
  expect(standingOfAll({ enabled: true, watching: [{ ...watched, detectable: null }] })).toBe('unseeing');
  expect(standingOfAll({ enabled: true, watching: [watched, { ...watched, failedAt: 'now' }] })).toBe('failed');
  expect(standingOfAll({ enabled: false, watching: [watched] })).toBe('off');
});

test('how far the evidence has come is nothing before it speaks of harm, and all at its line', () => {
  expect([-3, 1, 9].map((logE) => progressOf({ logE, threshold: 4 }))).toEqual([0, 0.25, 1]);
  expect(progressOf({ logE: null, threshold: 4 })).toBeUndefined();
});
