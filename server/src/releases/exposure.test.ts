import { expect, test } from 'vitest';
import { describeReach } from './exposure.ts';
import type { Exposure, Spec } from './spec.ts';

const flags: Spec['flags'] = [{ flag: 'checkout', candidate: 'on', baseline: 'off' }];
const traffic = { target: 'shop', candidate: 'v2', baseline: 'v1' };

test.each<[string, Pick<Spec, 'flags' | 'traffic'>, Exposure]>([
  ['Everyone has it', { flags }, { flagsPer100k: 100_000 }],
  ['Everyone has it', { flags, traffic }, { flagsPer100k: 100_000, trafficPer100k: 100_000 }],
  ['Out is 50 %', { flags }, { flagsPer100k: 50_000 }],
  ['Out is traffic 100 %, flags 20 %', { flags, traffic }, { flagsPer100k: 20_000, trafficPer100k: 100_000 }],
  [
    'Nobody has it, and it gets copies of 100 %',
    { flags: [], traffic },
    { flagsPer100k: 0, trafficPer100k: 0, shadowPer100k: 100_000 },
  ],
  ['The migration is at contract', { flags: [] }, { flagsPer100k: 0, migrationPhase: 'contract' }],
])('says "%s" of what is out in the end', (said, spec, exposure) => {
  expect(describeReach(spec, exposure)).toBe(said);
});
