import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

test('work begins in order, and lets others in between', async () => {
  const turns = new Turns();
  const seen: string[] = [];
  const both = [turns.run('a', async () => seen.push('a')), turns.run('b', async () => seen.push('b'))];
  await setImmediate();
  seen.push('another');
  await Promise.all(both);
  expect(seen.at(-1)).toBe('b');
  expect(seen).toHaveLength(3);
});

test('what is cancelled before its turn never begins; what has begun is waited for', async () => {
  const turns = new Turns();
  let end = () => {};
  const long = turns.run('long', () => new Promise<void>((resolve) => (end = resolve)));
  const waiting = turns.run('waiting', async () => 'begun');
  await turns.cancel('waiting');
  expect(await waiting).toBeUndefined();
  let isCancelled = false;
  const cancelling = turns.cancel('long').then(() => (isCancelled = true));
  await setImmediate();
  expect(isCancelled).toBe(false);
  end();
  await Promise.all([long, cancelling]);
  await turns.cancel('unknown');
});

test('is full while a thousand wait or are under way, and takes more when they are over, whatever they did', async () => {
  const turns = new Turns();
  const all = Array.from({ length: 1_000 }, (_, at) =>
    turns.run(String(at), async () => {
      if (at === 500) throw new Error('of one');
    }),
  );
  expect(turns.isFull).toBe(true);
  expect((await Promise.allSettled(all)).filter(({ status }) => status === 'rejected')).toHaveLength(1);
  expect(turns.isFull).toBe(false);
});
