import { MutationObserver, QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { flag } from '../testing/server.ts';
import { flagQuery } from './flags.ts';
import { applyReceipts } from './receipt-stream.ts';
import { parseReceipts, receiptsKey } from './receipts.ts';
import { flagChangeKey } from './toggle.ts';
import type { Receipts } from './types.ts';

function receipts(number: number): Receipts {
  return {
    revision: { incarnation: 'i', number, hash: 'h' },
    committedAt: '2030-01-01T00:00:00.000Z',
    instances: 1,
    confirmed: 1,
    pending: 0,
    broken: 0,
    firstMs: 1,
    p50Ms: 1,
    p99Ms: 1,
    lastMs: 1,
  };
}

function clientAt(number: number): QueryClient {
  const client = new QueryClient();
  client.setQueryData(flagQuery('shop', flag.key).queryKey, flag);
  client.setQueryData(receiptsKey('shop', 'production'), receipts(number));
  return client;
}

function isOutdated(client: QueryClient) {
  return client.getQueryState(flagQuery('shop', flag.key).queryKey)?.isInvalidated;
}

test('only what the server sends is taken in', () => {
  expect(parseReceipts(JSON.stringify(receipts(7)))).toEqual(receipts(7));
  for (const text of ['', 'null', '{"instances": 3}', '{"revision": ']) expect(parseReceipts(text)).toBeUndefined();
});

test('a revision that someone else made lets the flags be read anew', () => {
  const client = clientAt(7);
  applyReceipts(client, 'shop', 'production', receipts(8));
  expect(client.getQueryData(receiptsKey('shop', 'production'))).toEqual(receipts(8));
  expect(isOutdated(client)).toBe(true);
});

test('more receipts for the known revision change no flag', () => {
  const client = clientAt(7);
  applyReceipts(client, 'shop', 'production', { ...receipts(7), confirmed: 0 });
  expect(isOutdated(client)).toBe(false);
});

test("while a change of this page's own is under way, its switch is not flipped back by a refresh", async () => {
  const client = clientAt(7);
  let finish = () => {};
  const change = new MutationObserver(client, {
    mutationKey: flagChangeKey,
    mutationFn: () => new Promise<void>((done) => (finish = done)),
  }).mutate();
  await Promise.resolve();
  applyReceipts(client, 'shop', 'production', receipts(8));
  expect(isOutdated(client)).toBe(false);
  finish();
  await change;
});
