import { expect, test } from 'vitest';
import type { Gate } from '../api/types.ts';
import { describeGate, describePolicy } from './describe-gate.ts';

const crash: Gate = {
  ...{ kind: 'sequential', name: 'errors', of: { kind: 'traffic' } },
  test: { kind: 'crash', alpha: 0.01, atMost: 0.05 },
};

test('a gate says what it asks, with its bounds', () => {
  expect(describeGate(crash)).toBe(
    'Fails once it is proven, by counts of the traffic target, that the candidate has more than 5% of bad ones.',
  );
  expect(describeGate({ kind: 'prometheus', name: 'lag', source: 'main', query: 'lag', atMost: 5 })).toBe(
    'Wants a number of main at 5 or less.',
  );
  expect(describeGate({ kind: 'calendar', name: 'hours', days: ['monday'], from: '09:00', to: '17:00' })).toBe(
    'Lets the stage end only on monday, 09:00 to 17:00 UTC.',
  );
});

test('what follows from it is said with the defaults filled in', () => {
  expect(describePolicy(crash)).toBe('When it fails: abort. When it cannot say before time is up: hold.');
  // biome-ignore lint/suspicious/noThenProperty: data, which is never awaited as a promise
  expect(describePolicy({ ...crash, onProviderLoss: { afterSeconds: 90, then: 'pause' } })).toMatch(
    /When it cannot be asked for 1 min 30 s: pause\.$/,
  );
});
