import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { onFlag, snapshot } from '../test/documents.ts';
import { CacheFile } from './cache-file.ts';

/** What opening a file to write does instead, if anything. */
const disk = vi.hoisted(() => ({ fault: undefined as Error | undefined, writes: 0 }));
vi.mock(import('node:fs/promises'), async (original) => {
  const actual = await original();
  const open: typeof actual.open = async (...args) => {
    if (disk.fault !== undefined) throw disk.fault;
    disk.writes++;
    return actual.open(...args);
  };
  return { ...actual, open };
});

const OWNER = { url: 'wss://flags.example.com/stream', sdkKey: 'bnt_srv_secret' };
const FAST = { waitMs: 5, retryMs: 20 };
const keptOf = (number: number) => () => ({
  snapshot: snapshot(number, [onFlag('a')]),
  dataAgeMs: 0,
  keptAtMs: Date.now(),
});

let folder: string;
let lines: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bunting-cache-'));
  lines = [];
  disk.fault = undefined;
  disk.writes = 0;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function open(timing = FAST, at = folder): CacheFile {
  const keep = (line: string) => lines.push(line);
  return new CacheFile(at, OWNER, { info: keep, warn: keep, error: keep }, timing);
}

const numberIn = (file: CacheFile) => file.load()?.snapshot.revision.number;

it('gives to the next process what this one kept, readable by its owner alone', async () => {
  const file = open(FAST, join(folder, 'made', 'for it'));
  expect(file.load()).toBeUndefined();
  file.keep(keptOf(3));
  await file.close();
  expect(numberIn(open(FAST, join(folder, 'made', 'for it')))).toBe(3);
  expect((await stat(file.path)).mode & 0o777).toBe(0o600);
  expect(lines).toEqual([]);
});

it('writes a burst once', async () => {
  const file = open({ ...FAST, waitMs: 30 });
  for (let number = 1; number <= 50; number++) file.keep(keptOf(number));
  await expect.poll(() => numberIn(file)).toBe(50);
  await file.close();
  expect(disk.writes).toBe(1);
});

it.each([
  ['nothing', () => ''],
  ['bytes that are no text', () => Buffer.from([0xff, 0xfe, 0, 1])],
  ['half a file', (good: Buffer) => good.subarray(0, good.length / 2)],
  ['another format', () => '{"flags":[]}'],
])('refuses %s, says so once, and replaces it', async (_what, spoil) => {
  const first = open();
  first.keep(keptOf(1));
  await first.close();
  await writeFile(first.path, spoil(await readFile(first.path)));
  const file = open();
  expect(file.load()).toBeUndefined();
  expect(lines).toEqual([expect.stringContaining('cannot be used')]);
  file.keep(keptOf(2));
  await file.close();
  expect(numberIn(open())).toBe(2);
});

it('says once that the disk is full, leaves no draft, and writes when there is room again', async () => {
  disk.fault = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  const file = open();
  file.keep(keptOf(1));
  await expect.poll(() => lines.length).toBe(1);
  file.keep(keptOf(2));
  await new Promise((resolve) => setTimeout(resolve, 4 * FAST.retryMs));
  expect(lines).toEqual([expect.stringMatching(/cannot be kept for the next start: ENOSPC.*Give cacheDir/)]);
  expect(await readdir(folder)).toEqual([]);
  disk.fault = undefined;
  await expect.poll(() => numberIn(file)).toBe(2);
  await expect.poll(() => lines.at(-1)).toContain('is written again');
  await file.close();
});

it('says that it cannot use a folder that is none', async () => {
  await writeFile(join(folder, 'file'), '');
  const file = open(FAST, join(folder, 'file', 'folder'));
  expect(file.load()).toBeUndefined();
  file.keep(keptOf(1));
  await file.close();
  expect(lines).toEqual([expect.stringContaining('cannot be used'), expect.stringContaining('cannot be kept')]);
});

it('is whole at any moment while two processes write it', async () => {
  const files = [open({ waitMs: 1, retryMs: 5 }), open({ waitMs: 1, retryMs: 5 })];
  const reader = open();
  let read = 0;
  for (let number = 1; number <= 60; number++) {
    for (const file of files) file.keep(keptOf(number));
    await new Promise((resolve) => setTimeout(resolve, 1));
    if (numberIn(reader) !== undefined) read++;
  }
  await Promise.all(files.map((file) => file.close()));
  expect(numberIn(reader)).toBe(60);
  expect(read).toBeGreaterThan(0);
  expect(lines).toEqual([]);
  expect(await readdir(folder)).toHaveLength(1);
});

it('writes nothing more once it is closed', async () => {
  const file = open();
  file.keep(keptOf(1));
  await file.close();
  file.keep(keptOf(2));
  await new Promise((resolve) => setTimeout(resolve, 10 * FAST.waitMs));
  expect(numberIn(file)).toBe(1);
});

it('removes drafts of processes that died, and none of one at work', async () => {
  const file = open();
  const [old, young] = [`${file.path}.1.tmp`, `${file.path}.2.tmp`];
  await writeFile(old, '');
  await writeFile(young, '');
  await utimes(old, 0, 0);
  file.load();
  expect(await readdir(folder)).toEqual([young.slice(folder.length + 1)]);
});
