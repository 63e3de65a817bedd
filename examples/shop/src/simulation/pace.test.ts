import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { keepVisiting } from './pace.ts';

// Only the randomness is replaced; time is real, so rates are high and bounds are wide.
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(0.5));
afterEach(() => void vi.restoreAllMocks());

test('visits come at about the asked rate, and stop when aborted', async () => {
  let visits = 0;
  const signal = AbortSignal.timeout(300);
  await keepVisiting({ visit: async () => void visits++, visitsPerSecond: 50, signal, log: () => {} });
  expect(visits).toBeGreaterThan(4);
  expect(visits).toBeLessThanOrEqual(15);
});

test('visits that never end do not pile up without bound', async () => {
  let visits = 0;
  const stop = new AbortController();
  const visit = () => {
    visits++;
    return new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve()));
  };
  setTimeout(() => stop.abort(), 400);
  await keepVisiting({ visit, visitsPerSecond: 1_000, signal: stop.signal, log: () => {} });
  expect(visits).toBeLessThanOrEqual(40);
});

test('trouble is said once, slows the visits down, and its end is said too', async () => {
  const lines: string[] = [];
  const stop = new AbortController();
  let visits = 0;
  const visit = async () => {
    visits++;
    if (visits < 3) throw new Error('fetch failed', { cause: new Error('connect ECONNREFUSED') });
    stop.abort();
  };
  await keepVisiting({ visit, visitsPerSecond: 1_000, signal: stop.signal, log: (line) => lines.push(line) });
  expect(lines).toEqual([
    'the shop is in trouble (connect ECONNREFUSED); trying again with growing pauses',
    'the shop answers again',
  ]);
});
