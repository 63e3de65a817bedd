import { expect, test } from 'vitest';
import type { Release } from '../api/types.ts';
import { phaseMeaning } from './describe-phase.ts';

const traffic = { target: 'shop', candidate: 'v2', baseline: 'v1' };
const flags = [{ flag: 'checkout', candidate: 'on', baseline: 'off', weightPer100k: 0 }];
const release = (phase: Release['phase'], last: Partial<Release['stages'][number]>, more: Partial<Release> = {}) =>
  phaseMeaning({ phase, flags: [], stages: [{ flagsPer100k: 0, soakSeconds: 60, ...last }], ...more });

test('who has the candidate in the end is said as it is', () => {
  expect(release('baking', { flagsPer100k: 100_000 }, { flags })).toBe(
    'Everyone has the candidate; it is watched for a while longer.',
  );
  expect(release('succeeded', { trafficPer100k: 0, shadowPer100k: 100_000 }, { traffic })).toBe(
    'Nobody has the candidate, and nothing spoke against it.',
  );
  expect(release('baking', { flagsPer100k: 50_000 }, { flags })).toBe(
    '50% has the candidate; it is watched for a while longer.',
  );
  expect(release('promoting', { migrationPhase: 'contract' })).toBe('What is to be out in the end is being set.');
  expect(release('aborted', { trafficPer100k: 0 }, { traffic })).toBe('Everyone is back at baseline.');
});
