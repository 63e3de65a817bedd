import { MutationObserver, QueryClient } from '@tanstack/react-query';
import { afterEach, expect, test, vi } from 'vitest';
import { flag } from '../testing/server.ts';
import { flagQuery } from './flags.ts';
import { killReceiptsKey, parseKillReceipts } from './kill-receipts.ts';
import { applyKillReceipts, applyReceipts, followReceipts } from './receipt-stream.ts';
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
    unknown: 0,
    broken: 0,
    behind: 0,
    firstMs: 1,
    p50Ms: 1,
    p90Ms: 1,
    p99Ms: 1,
    lastMs: 1,
    incomplete: [],
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
  const told = { environment: 'production', ...receipts(7) };
  expect(parseReceipts(JSON.stringify(told))).toEqual({ environment: 'production', receipts: receipts(7) });
  for (const text of ['', 'null', '{"instances": 3}', '{"revision": ', JSON.stringify(receipts(7))])
    expect(parseReceipts(text)).toBeUndefined();
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

test('a kill that someone else made lets the flags be read anew, once', () => {
  const client = clientAt(7);
  const { revision, committedAt, broken, behind, ...counts } = receipts(7);
  const kill = { flag: flag.key, epoch: 2, engaged: true, ...counts };
  const told = { environment: 'production', ...kill };
  expect(parseKillReceipts(JSON.stringify(told))).toEqual({ environment: 'production', receipts: kill });
  expect(parseKillReceipts(JSON.stringify(kill))).toBeUndefined();
  applyKillReceipts(client, 'shop', 'production', kill);
  expect(isOutdated(client)).toBe(true);
  expect(client.getQueryData(killReceiptsKey('shop', 'production', flag.key))).toEqual(kill);
  client.setQueryData(flagQuery('shop', flag.key).queryKey, flag);
  applyKillReceipts(client, 'shop', 'production', { ...kill, confirmed: 0 });
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

/** Stands for the browser's EventSource: remembers what was opened, and lets a test speak for the server. */
class StreamDouble extends EventTarget {
  static readonly CLOSED = 2;
  static opened: StreamDouble[] = [];
  readonly url: string;
  readyState = 1;
  constructor(url: string) {
    super();
    this.url = url;
    StreamDouble.opened.push(this);
  }
  say(environment: string, receipts: Receipts) {
    this.dispatchEvent(new MessageEvent('receipts', { data: JSON.stringify({ environment, ...receipts }) }));
  }
  refuse() {
    this.readyState = StreamDouble.CLOSED;
    this.dispatchEvent(new Event('error'));
  }
  close() {
    this.readyState = StreamDouble.CLOSED;
  }
}

/** A page that can be hidden, in a browser with the double. */
function openPage() {
  StreamDouble.opened = [];
  const page = Object.assign(new EventTarget(), { hidden: false });
  vi.stubGlobal('document', page);
  vi.stubGlobal('EventSource', StreamDouble);
  return {
    hide(hidden: boolean) {
      page.hidden = hidden;
      page.dispatchEvent(new Event('visibilitychange'));
    },
  };
}

function openStreams() {
  return StreamDouble.opened.filter(({ readyState }) => readyState !== StreamDouble.CLOSED);
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('what the stream says is what the page knows, until it leaves', () => {
  openPage();
  const client = clientAt(7);
  const leave = followReceipts(client, 'shop');
  expect(openStreams()[0]?.url).toMatch(/^\/api\/v1\/projects\/shop\/receipts\/stream\?tab=[0-9a-f]{32}$/);
  openStreams()[0]?.say('production', receipts(8));
  openStreams()[0]?.say('staging', receipts(3));
  expect(client.getQueryData(receiptsKey('shop', 'production'))).toEqual(receipts(8));
  expect(client.getQueryData(receiptsKey('shop', 'staging'))).toEqual(receipts(3));
  leave();
  expect(openStreams()).toEqual([]);
});

test('a page that nobody sees holds no connection, and follows again when it is seen', () => {
  const page = openPage();
  const leave = followReceipts(clientAt(7), 'shop');
  page.hide(true);
  expect(openStreams()).toEqual([]);
  page.hide(false);
  expect(openStreams()).toHaveLength(1);
  leave();
  page.hide(false);
  expect(openStreams()).toEqual([]);
});

test('a refused stream is opened again after a while, and the server asked meanwhile', () => {
  vi.useFakeTimers();
  openPage();
  const client = clientAt(7);
  const leave = followReceipts(client, 'shop');
  StreamDouble.opened[0]?.refuse();
  expect(client.getQueryState(receiptsKey('shop', 'production'))?.isInvalidated).toBe(true);
  expect(openStreams()).toEqual([]);
  vi.advanceTimersByTime(5_000);
  expect(openStreams()).toHaveLength(1);
  leave();
});
