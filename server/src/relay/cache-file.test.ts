import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyBaseLogger } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { newFolder } from '../testing/start-app.ts';
import { CacheFile } from './cache-file.ts';
import type { LastKnownGood } from './last-known-good.ts';

const KEY = `bnt_rly_${'k'.repeat(43)}`;

function state(number: number): LastKnownGood {
  return {
    keys: { type: 'keys', environmentId: 'e', project: 'p', environment: 'production', keys: [] },
    snapshot: {
      type: 'snapshot',
      revision: { incarnation: 'i', number, hash: 'h' },
      committedAtMs: 1,
      timeMs: 2,
      kills: [],
      items: [],
    },
    dataAgeMs: 0,
    keptAtMs: 3,
  };
}

function start(folder = newFolder(), waitMs = 20) {
  const said: string[] = [];
  const say = (_details: unknown, message: string) => void said.push(message);
  const log = { warn: say, error: say, info: say } as unknown as FastifyBaseLogger;
  const file = new CacheFile(folder, KEY, log, { waitMs, retryMs: 30 });
  onTestFinished(() => file.close());
  return { file, folder, said };
}

test('a burst of changes costs one write, of the last of them', async () => {
  const { file, folder } = start();
  expect(file.load()).toBeUndefined();
  let made = 0;
  for (let number = 1; number <= 50; number++) {
    file.keep(() => {
      made += 1;
      return state(number);
    });
  }
  await expect.poll(() => readdirSync(folder)).toHaveLength(1);
  expect(made).toBe(1);
  expect(file.load()?.snapshot.revision.number).toBe(50);
});

test('writes wait for each other when the disk is slower than the changes', async () => {
  const { file, folder, said } = start(newFolder(), 0);
  file.load();
  for (let number = 1; number <= 300; number++) {
    file.keep(() => state(number));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await file.close();
  expect(said).toEqual([]);
  expect(file.load()?.snapshot.revision.number).toBe(300);
  expect(readdirSync(folder)).toHaveLength(1);
});

test('what waits when it is closed is written', async () => {
  const { file } = start();
  file.keep(() => state(1));
  await file.close();
  expect(file.load()).toEqual(state(1));
});

test('a disk that fails is said once, tried again, and takes the newest when it is back', async () => {
  const { file, folder, said } = start();
  // Nothing can be written where a folder is.
  const obstacle = `${file.path}.${process.pid}.tmp`;
  mkdirSync(obstacle);
  let made = 0;
  file.keep(() => {
    made += 1;
    return state(1);
  });
  await expect.poll(() => made).toBeGreaterThan(2);
  file.keep(() => state(2));
  expect(said).toEqual(['last-known-good cannot be written; flags are served all the same']);
  rmSync(obstacle, { recursive: true });
  await expect.poll(() => said.at(-1)).toBe('last-known-good is kept again');
  expect(file.load()?.snapshot.revision.number).toBe(2);
  expect(readdirSync(folder)).toHaveLength(1);
});

test('what a process left that died while it wrote is removed, and was never read', () => {
  const { file, folder } = start();
  writeFileSync(`${file.path}.123.tmp`, 'half');
  writeFileSync(join(folder, 'other'), 'mine');
  expect(file.load()).toBeUndefined();
  expect(readdirSync(folder)).toEqual(['other']);
  expect(readFileSync(join(folder, 'other'), 'utf8')).toBe('mine');
});
