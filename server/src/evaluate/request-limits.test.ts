import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { KeyKind } from '../keys/key-ring.ts';
import { RequestLimits } from './request-limits.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const settings = { evaluationsPerKeyPerSecond: 10, evaluationsPerAddressPerSecond: 2, eventStreamsPerKey: 2 };
const key = (id: string, kind: KeyKind) => ({ id, kind, name: id, environmentId: 'e' });

/** How many of `count` requests are let in, and when the first one that was not may come again. */
function ask(limits: RequestLimits, count: number, address: string, find: () => { key: ReturnType<typeof key> }) {
  let admitted = 0;
  let retryAfter: string | undefined;
  for (let i = 0; i < count; i++) {
    try {
      limits.admit(address, find);
      admitted += 1;
    } catch (error) {
      retryAfter ??= (error as { headers?: Record<string, string> }).headers?.['retry-after'];
    }
  }
  return { admitted, retryAfter };
}

test('a key may ask at its rate, after a pause for two seconds at once, whatever the address', () => {
  const limits = new RequestLimits(settings);
  const find = () => ({ key: key('a', 'server') });
  expect(ask(limits, 30, '10.0.0.1', find)).toEqual({ admitted: 20, retryAfter: '1' });
  expect(ask(limits, 5, '10.0.0.2', find).admitted).toBe(0);
  expect(ask(limits, 5, '10.0.0.1', () => ({ key: key('b', 'server') })).admitted).toBe(5);
  vi.advanceTimersByTime(1_000);
  expect(ask(limits, 30, '10.0.0.1', find).admitted).toBe(10);
});

test('with a client key each address has a bound of its own', () => {
  const limits = new RequestLimits(settings);
  const find = () => ({ key: key('page', 'client') });
  expect(ask(limits, 10, '10.0.0.1', find)).toEqual({ admitted: 4, retryAfter: '1' });
  expect(ask(limits, 10, '10.0.0.2', find).admitted).toBe(4);
});

test('keys cannot be guessed without bound', () => {
  const limits = new RequestLimits(settings);
  const refuse = () => {
    throw new Error('unknown key');
  };
  for (let i = 0; i < 4; i++) expect(() => limits.admit('10.0.0.1', refuse)).toThrow('unknown key');
  expect(() => limits.admit('10.0.0.1', refuse)).toThrow(/Too many/);
});

test('0 is no bound', () => {
  const limits = new RequestLimits({ ...settings, evaluationsPerKeyPerSecond: 0, evaluationsPerAddressPerSecond: 0 });
  expect(ask(limits, 5_000, '10.0.0.1', () => ({ key: key('a', 'client') })).admitted).toBe(5_000);
});

test('a key may keep so many streams open, and another one when one has ended', () => {
  const limits = new RequestLimits(settings);
  const ends = [limits.openStream(key('a', 'client')), limits.openStream(key('a', 'client'))];
  expect(() => limits.openStream(key('a', 'client'))).toThrow(/event streams/);
  limits.openStream(key('b', 'client'));
  ends[0]?.();
  expect(() => limits.openStream(key('a', 'client'))).not.toThrow();
  expect(() => limits.openStream(key('a', 'client'))).toThrow(/event streams/);
});
