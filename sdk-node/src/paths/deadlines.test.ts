import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Deadlines } from './deadlines.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it('each call is late when its own time is over, however many wait beside it, unless it ended before', () => {
  const call = fc.record({
    beginsAtMs: fc.integer({ min: 0, max: 3000 }),
    takesMs: fc.integer({ min: 0, max: 3000 }),
    deadlineMs: fc.constantFrom(20, 500, 1000),
    holdsProcess: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(call, { maxLength: 20 }), (calls) => {
      vi.clearAllTimers();
      const deadlines = new Deadlines();
      const late: (number | undefined)[] = calls.map(() => undefined);
      for (const [at, { beginsAtMs, takesMs, deadlineMs, holdsProcess }] of calls.entries()) {
        setTimeout(() => {
          const startedMs = performance.now();
          const end = deadlines.begin(deadlineMs, startedMs, holdsProcess, () => {
            late[at] = performance.now() - startedMs;
          });
          setTimeout(end, takesMs);
        }, beginsAtMs);
      }
      vi.advanceTimersByTime(10_000);

      for (const [at, { takesMs, deadlineMs }] of calls.entries()) {
        if (takesMs < deadlineMs) expect(late[at]).toBeUndefined();
        else if (takesMs > deadlineMs + 1) expect(late[at]).toBeCloseTo(deadlineMs, -1);
      }
      // Nothing is left that would go off again.
      expect(vi.getTimerCount()).toBe(0);
    }),
    { numRuns: 200 },
  );
});

it('calls that have equally long share one timer', () => {
  const deadlines = new Deadlines();
  for (let i = 0; i < 1000; i++) deadlines.begin(1000, performance.now(), true, () => {});
  expect(vi.getTimerCount()).toBe(1);
});

it('holds the process as long as a call that is to hold it waits, and no longer', () => {
  const deadlines = new Deadlines();
  const begin = (holdsProcess: boolean) => deadlines.begin(1000, performance.now(), holdsProcess, () => {});
  const set = vi.spyOn(globalThis, 'setTimeout');
  const endFirst = begin(false);
  const timer = set.mock.results[0]?.value as NodeJS.Timeout;
  expect(timer.hasRef()).toBe(false);
  const ends = [begin(true), begin(true)];
  expect(timer.hasRef()).toBe(true);
  ends[0]?.();
  ends[0]?.();
  expect(timer.hasRef()).toBe(true);
  ends[1]?.();
  expect(timer.hasRef()).toBe(false);
  endFirst();
});
