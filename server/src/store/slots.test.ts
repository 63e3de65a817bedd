import { expect, test } from 'vitest';
import { Slots } from './slots.ts';
import { StoreLost } from './store-error.ts';

test('works side by side up to the number, then in order of coming; a failure frees its slot', async () => {
  const slots = new Slots(2, 1_000);
  const began: number[] = [];
  const ends: (() => void)[] = [];
  const runs = [0, 1, 2, 3].map((at) =>
    slots.run(async () => {
      began.push(at);
      await new Promise<void>((resolve, reject) => ends.push(at === 0 ? () => reject(new Error('x')) : resolve));
    }),
  );
  await Promise.resolve();
  expect(began).toEqual([0, 1]);
  ends[0]?.();
  await expect(runs[0]).rejects.toThrow('x');
  await expect.poll(() => began).toEqual([0, 1, 2]);
  ends[1]?.();
  ends[2]?.();
  await expect.poll(() => began).toEqual([0, 1, 2, 3]);
  ends[3]?.();
  await Promise.all(runs.slice(1));
});

test('who waits too long is sent away, and takes no turn', async () => {
  const slots = new Slots(1, 20);
  let end = () => {};
  const first = slots.run(
    () =>
      new Promise<void>((resolve) => {
        end = resolve;
      }),
  );
  let hasRun = false;
  const second = slots.run(async () => {
    hasRun = true;
  });
  await expect(second).rejects.toThrow(StoreLost);
  end();
  await first;
  expect(await slots.run(async () => 'free')).toBe('free');
  expect(hasRun).toBe(false);
});
