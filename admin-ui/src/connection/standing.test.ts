import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { noteAnswer, noteSession, noteSilence, readStanding } from './standing.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  noteAnswer();
  noteSession({ isEnded: false });
  vi.useRealTimers();
});

const isLost = () => readStanding().lostSinceMs !== undefined;

test('one call that fails while others are answered is no lost server', () => {
  noteSilence();
  vi.advanceTimersByTime(500);
  expect(noteAnswer()).toBe(false);
  vi.advanceTimersByTime(5_000);
  expect(isLost()).toBe(false);
});

test('a server that stays silent is lost since the first call that found nothing, until it is heard again', () => {
  const sinceMs = Date.now();
  noteSilence();
  vi.advanceTimersByTime(500);
  noteSilence();
  vi.advanceTimersByTime(600);
  expect(readStanding().lostSinceMs).toBe(sinceMs);
  expect(noteAnswer()).toBe(true);
  expect(isLost()).toBe(false);
});

test('what the browser knows is said at once', () => {
  noteSilence({ isSure: true });
  expect(isLost()).toBe(true);
});

test('a session that ended is no lost server, and the other way round', () => {
  noteSession({ isEnded: true });
  expect(isLost()).toBe(false);
  noteSilence({ isSure: true });
  noteAnswer();
  expect(readStanding().isEnded).toBe(true);
});
