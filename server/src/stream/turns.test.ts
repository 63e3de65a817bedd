import { expect, test } from 'vitest';
import { Turns, type TurnsOptions } from './turns.ts';

function start(options: Partial<TurnsOptions> = {}) {
  return new Turns({ maxTurnMs: 0, observe: () => {}, report: () => {}, ...options });
}

function* steps(name: string, count: number, done: string[]): Generator<void> {
  for (let at = 1; at <= count; at++) {
    done.push(`${name}${at}`);
    yield;
  }
}

test('ordinary work begins when what is being done is done, and is interrupted for the rest of the process', async () => {
  const turns = start();
  const done: string[] = [];
  const ended = turns.run(steps('a', 3, done));
  setImmediate(() => done.push('else'));
  expect(done).toEqual([]);
  await ended;
  expect(done).toEqual(['a1', 'else', 'a2', 'a3']);
});

test('urgent work begins at once and goes before work that is under way', async () => {
  const turns = start();
  const done: string[] = [];
  const ordinary = turns.run(steps('a', 3, done));
  await new Promise((resolve) => setImmediate(resolve));
  const urgent = turns.run(steps('u', 3, done), { isUrgent: true });
  expect(done).toEqual(['a1', 'u1']);
  await Promise.all([ordinary, urgent]);
  expect(done).toEqual(['a1', 'u1', 'u2', 'u3', 'a2', 'a3']);
});

test('ordinary works take turns', async () => {
  const turns = start();
  const done: string[] = [];
  await Promise.all([turns.run(steps('a', 3, done)), turns.run(steps('b', 2, done))]);
  expect(done).toEqual(['a1', 'b1', 'a2', 'b2', 'a3']);
});

test('a turn lasts as long as it may, and its length is told', async () => {
  const tookMs: number[] = [];
  const turns = start({ maxTurnMs: 20, observe: (ms) => tookMs.push(ms) });
  await turns.run(
    (function* () {
      for (let at = 0; at < 30; at++) {
        const startMs = performance.now();
        while (performance.now() - startMs < 2);
        yield;
      }
    })(),
  );
  expect(tookMs.length).toBeGreaterThanOrEqual(3);
  for (const ms of tookMs.slice(0, -1)) expect(ms).toBeGreaterThanOrEqual(20);
});

test('work that throws is told of and does not hold up other work', async () => {
  const errors: unknown[] = [];
  const turns = start({ report: (error) => errors.push(error) });
  const done: string[] = [];
  const broken = {
    next() {
      throw new Error('broken');
    },
  };
  await Promise.all([turns.run(broken), turns.run(steps('a', 2, done))]);
  expect(errors).toEqual([new Error('broken')]);
  expect(done).toEqual(['a1', 'a2']);
});
