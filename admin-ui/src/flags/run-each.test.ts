import { expect, test } from 'vitest';
import { runEach } from './run-each.ts';

const numbers = Array.from({ length: 20 }, (_, at) => at);
const quiet = { onProgress: () => {}, signal: new AbortController().signal };

test('all are done, a few at a time, and progress is told of each', async () => {
  let running = 0;
  let most = 0;
  const told: number[] = [];
  const { done, failed, left } = await runEach(
    numbers,
    async () => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running -= 1;
    },
    { ...quiet, onProgress: (ended) => told.push(ended) },
  );
  expect([...done].sort((a, b) => a - b)).toEqual(numbers);
  expect([failed, left]).toEqual([[], []]);
  expect(most).toBe(4);
  expect(told).toEqual(numbers.map((at) => at + 1));
});

test('one that fails stops none of the others', async () => {
  const { done, failed } = await runEach(
    numbers,
    async (at) => {
      if (at % 5 === 0) throw new Error(`not ${at}`);
    },
    quiet,
  );
  expect(done).toHaveLength(16);
  expect(failed.map(({ item }) => item)).toEqual([0, 5, 10, 15]);
});

test('whoever stops it learns what was not begun', async () => {
  const stop = new AbortController();
  const { done, left } = await runEach(
    numbers,
    async (at) => {
      await new Promise(setImmediate);
      if (at === 3) stop.abort();
    },
    { ...quiet, signal: stop.signal },
  );
  expect(done.length + left.length).toBe(20);
  expect(left.length).toBeGreaterThan(0);
});

test('nothing to do is done at once', async () => {
  expect(await runEach([], () => Promise.reject(new Error('never')), quiet)).toEqual({
    done: [],
    failed: [],
    left: [],
  });
});
