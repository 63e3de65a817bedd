import { expect, test } from 'vitest';
import type { KillReceipts } from '../api/types.ts';
import { killSentence } from './kill-sentence.ts';

function receipts(part: Partial<KillReceipts>): KillReceipts {
  return {
    flag: 'checkout',
    epoch: 3,
    engaged: true,
    instances: 4_210,
    confirmed: 4_210,
    pending: 0,
    unknown: 0,
    firstMs: 2,
    p50Ms: 20,
    p90Ms: 50,
    p99Ms: 60,
    lastMs: 63.9,
    incomplete: [],
    ...part,
  };
}

test('when all have it, it says on how many and how fast, and never faster than was measured', () => {
  expect(killSentence(receipts({}))).toBe('Killed on 4,210 of 4,210 instances in 63 ms');
  expect(killSentence(receipts({ engaged: false }))).toBe('Re-armed on 4,210 of 4,210 instances in 63 ms');
});

test('while some have not, it claims no time', () => {
  expect(killSentence(receipts({ confirmed: 4_209, pending: 1 }))).toBe('Killed on 4,209 of 4,210 instances');
});

test('what is not known is said', () => {
  expect(killSentence(receipts({ unknown: 1, incomplete: ['http://10.0.0.2:4242'] }))).toBe(
    'Killed on 4,210 of 4,210 instances in 63 ms; 1 more was lost a short while ago; 1 server not heard from',
  );
  expect(killSentence(receipts({ instances: 0, confirmed: 0, lastMs: null }))).toBe('No instance is connected');
});
