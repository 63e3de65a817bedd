import type { PassThrough } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { EventStreams } from './event-stream.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function open() {
  let state = 1;
  const listeners = new Set<() => void>();
  const streams = new EventStreams();
  const stream = streams.open([
    {
      event: 'state',
      read: () => state,
      watch(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  ]);
  const set = (next: number) => {
    state = next;
    for (const listener of listeners) listener();
  };
  const read = () => String(stream.read() ?? '');
  return { streams, stream, listeners, set, read };
}

test('tells the state at once, and then only when it differs', () => {
  const { set, read } = open();
  expect(read()).toBe('event: state\ndata: 1\n\n');
  vi.advanceTimersByTime(100);
  set(1);
  vi.advanceTimersByTime(100);
  expect(read()).toBe('');
  set(2);
  vi.advanceTimersByTime(100);
  expect(read()).toBe('event: state\ndata: 2\n\n');
});

test('tells the latest of many changes, at most every 50 ms', () => {
  const { set, read } = open();
  read();
  const heard: string[] = [];
  for (let state = 2; state < 202; state++) {
    set(state);
    vi.advanceTimersByTime(1);
    heard.push(...(read().match(/\d+/g) ?? []));
  }
  vi.advanceTimersByTime(50);
  heard.push(...(read().match(/\d+/g) ?? []));
  expect(heard.at(-1)).toBe('201');
  expect(heard.length).toBeGreaterThanOrEqual(4);
  expect(heard.length).toBeLessThanOrEqual(5);
});

test('says something every 15 s', () => {
  const { read } = open();
  read();
  vi.advanceTimersByTime(15_000);
  expect(read()).toBe(':\n\n');
});

test('a reader that does not read is not written to without end, and later gets the latest state', () => {
  const { stream, set, read } = open();
  for (let state = 2; state < 20_000; state++) {
    set(state);
    vi.advanceTimersByTime(50);
  }
  expect(stream.readableLength).toBeLessThan(100_000);
  while (read() !== '');
  vi.advanceTimersByTime(50);
  expect(read()).toContain('data: 19999');
});

test('a reader that goes away leaves nothing behind', async () => {
  const { streams, stream, listeners } = open();
  expect([streams.size, listeners.size]).toEqual([1, 1]);
  stream.destroy();
  await new Promise((resolve) => stream.on('close', resolve));
  expect([streams.size, listeners.size, vi.getTimerCount()]).toEqual([0, 0, 0]);
});

test('streams end when the server closes, and a reader that comes back meanwhile is not kept either', () => {
  const { streams, stream, read } = open();
  read();
  streams.close();
  const late = streams.open([{ event: 'state', read: () => 1, watch: () => () => {} }]);
  expect(late.read()?.toString()).toBe('event: state\ndata: 1\n\n');
  for (const ended of [stream, late]) {
    expect(ended.read()).toBeNull();
    expect((ended as PassThrough).writableEnded).toBe(true);
  }
  expect(streams.size).toBe(0);
});

test('a reader that does not read is cut off when the server closes', () => {
  const { streams, stream } = open();
  streams.close();
  expect(stream.destroyed).toBe(false);
  vi.advanceTimersByTime(2000);
  expect(stream.destroyed).toBe(true);
});

test('several sources share a stream, and one that has nothing to tell is silent until it has', () => {
  const states: Record<string, number | undefined> = { a: 1, b: undefined };
  const tell: Record<string, () => void> = {};
  const sourceOf = (event: string) => ({
    event,
    read: () => states[event],
    watch(listener: () => void) {
      tell[event] = listener;
      return () => {};
    },
  });
  const stream = new EventStreams().open([sourceOf('a'), sourceOf('b')]);
  const hear = (event: string, state: number | undefined) => {
    states[event] = state;
    tell[event]?.();
    vi.advanceTimersByTime(100);
    return String(stream.read() ?? '');
  };
  expect(String(stream.read())).toBe('event: a\ndata: 1\n\n');
  expect(hear('b', 5)).toBe('event: b\ndata: 5\n\n');
  expect(hear('b', undefined)).toBe('');
  expect(hear('b', 5)).toBe('event: b\ndata: 5\n\n');
  stream.destroy();
});

describe('a lease', () => {
  function openLeased(isValid: () => Promise<boolean>) {
    const listeners = new Set<() => void>();
    const streams = new EventStreams();
    const stream = streams.open([{ event: 'state', read: () => 1, watch: () => () => {} }], {
      isValid,
      onEnd(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    });
    return { streams, stream, listeners };
  }

  test('that ends takes its stream with it at once, and leaves nothing behind', () => {
    const { streams, stream, listeners } = openLeased(async () => true);
    for (const end of listeners) end();
    expect([stream.read()?.toString(), stream.read()]).toEqual(['event: state\ndata: 1\n\n', null]);
    expect([streams.size, listeners.size, vi.getTimerCount()]).toEqual([0, 0, 0]);
  });

  test('that is over is noticed at the next heartbeat; one that cannot be asked about is not over', async () => {
    let isValid = async () => true;
    const { streams } = openLeased(() => isValid());
    await vi.advanceTimersByTimeAsync(15_000);
    isValid = () => Promise.reject(new Error('the database is lost'));
    await vi.advanceTimersByTimeAsync(15_000);
    expect(streams.size).toBe(1);
    isValid = async () => false;
    await vi.advanceTimersByTimeAsync(15_000);
    expect(streams.size).toBe(0);
  });
});
