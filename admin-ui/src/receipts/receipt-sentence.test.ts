import { expect, test } from 'vitest';
import type { Receipts } from '../api/types.ts';
import { receiptSentence, receiptState } from './receipt-sentence.ts';

function receipts(part: Partial<Receipts>): Receipts {
  return {
    revision: { incarnation: 'i', number: 7, hash: 'h' },
    committedAt: '2030-01-01T00:00:00.000Z',
    instances: 3,
    confirmed: 3,
    pending: 0,
    unknown: 0,
    broken: 0,
    behind: 0,
    firstMs: 2.1,
    p50Ms: 3,
    p90Ms: 3,
    p99Ms: 12.9,
    lastMs: 12.9,
    incomplete: [],
    ...part,
  };
}

test('when all have it, it says how long that took, and never more than was measured', () => {
  expect(receiptSentence(receipts({}))).toBe('In effect on 3 of 3 instances after 12 ms');
  expect(receiptState(receipts({}))).toBe('everywhere');
});

test('while some are waiting, it claims no time', () => {
  const spreading = receipts({ confirmed: 1, pending: 2, lastMs: 2.1 });
  expect(receiptSentence(spreading)).toBe('In effect on 1 of 3 instances, waiting for 2');
  expect(receiptState(spreading)).toBe('spreading');
});

test('one instance is one instance, thousands are readable', () => {
  expect(receiptSentence(receipts({ instances: 1, confirmed: 1, lastMs: 0.42 }))).toBe(
    'In effect on 1 of 1 instance after 0.4 ms',
  );
  expect(receiptSentence(receipts({ instances: 4210, confirmed: 4210, lastMs: 63 }))).toBe(
    'In effect on 4,210 of 4,210 instances after 63 ms',
  );
});

test('without a measured time it says none', () => {
  expect(receiptSentence(receipts({ lastMs: null }))).toBe('In effect on 3 of 3 instances');
});

test('nobody connected is not "everywhere"', () => {
  const nobody = receipts({ instances: 0, confirmed: 0, lastMs: null });
  expect(receiptSentence(nobody)).toBe('No instance is connected');
  expect(receiptState(nobody)).toBe('nobody');
});

test('instances that cannot understand a flag are named, even when all have confirmed', () => {
  expect(receiptSentence(receipts({ broken: 1 }))).toBe(
    "In effect on 3 of 3 instances after 12 ms; 1 cannot understand a flag and serves the caller's default for it",
  );
  expect(receiptState(receipts({ broken: 1 }))).toBe('broken');
});

test('it names who is behind, who was lost and which servers are silent', () => {
  expect(receiptSentence(receipts({ confirmed: 1, pending: 2, behind: 1 }))).toBe(
    'In effect on 1 of 3 instances, waiting for 2 (1 for long)',
  );
  expect(receiptSentence(receipts({ unknown: 2 }))).toBe(
    'In effect on 3 of 3 instances after 12 ms; 2 more were lost a short while ago',
  );
  expect(receiptSentence(receipts({ incomplete: ['http://10.0.0.2:4242'] }))).toBe(
    'In effect on 3 of 3 instances after 12 ms; 1 server does not answer, its instances are not known',
  );
  expect(receiptSentence(receipts({ instances: 0, confirmed: 0, unknown: 1 }))).toBe(
    'No instance is connected; 1 more was lost a short while ago',
  );
});
