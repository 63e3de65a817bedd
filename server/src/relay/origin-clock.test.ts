import { afterEach, expect, test, vi } from 'vitest';
import { DataAge } from './data-age.ts';
import { OriginClock } from './origin-clock.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test('the clock and the age go on evenly, however the clock of this machine jumps', () => {
  vi.useFakeTimers({ now: 1_000_000, toFake: ['performance', 'Date'] });
  const clock = new OriginClock();
  const age = new DataAge();
  expect(clock.nowMs()).toBe(1_000_000);
  expect(age.ms).toBeUndefined();
  clock.set(5_000);
  age.confirm(70);
  for (const jumpMs of [3_600_000, -7_200_000, 1]) {
    const before = { timeMs: clock.nowMs(), ageMs: age.ms ?? 0 };
    vi.setSystemTime(Date.now() + jumpMs);
    expect(clock.nowMs()).toBe(before.timeMs);
    vi.advanceTimersByTime(100);
    expect(clock.nowMs()).toBe(before.timeMs + 100);
    expect(age.ms).toBe(before.ageMs + 100);
  }
});
