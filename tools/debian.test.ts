import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { type DebianProgram, findProgram } from './debian.ts';

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'bunting-debian-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Gets a program that this machine does not have. @returns undefined where apt gets nothing: no Debian, or no network */
async function get(cache: string): Promise<DebianProgram | undefined> {
  return findProgram('haproxy', { cache, searchPath: '' }).catch((error: Error) => {
    if (!error.message.includes('apt-get')) throw error;
    process.stderr.write(`SKIPPED: tests of tools/debian.ts: ${error.message}\n`);
    return undefined;
  });
}

function versionOf({ path, env, cwd }: DebianProgram): string {
  return execFileSync(path, ['-v'], { env, cwd, encoding: 'utf8' });
}

test('two at once get a program with the libraries that it needs, and leave nothing else behind', async ({ skip }) => {
  const cache = join(newFolder(), 'cache');
  const [one, other] = await Promise.all([get(cache), get(cache)]);
  if (one === undefined || other === undefined) return skip();
  expect(versionOf(one)).toContain('HAProxy version');
  expect(other).toEqual(one);
  expect(readdirSync(cache)).toEqual(['haproxy']);
}, 60_000);

test('lists of packages that are missing or old are fetched, into a folder of our own', async ({ skip }) => {
  const folder = newFolder();
  const file = join(folder, 'apt.conf');
  writeFileSync(file, `Dir::State "${folder}/nothing";`);
  vi.stubEnv('APT_CONFIG', file);
  onTestFinished(() => void vi.unstubAllEnvs());
  const program = await get(join(folder, 'cache'));
  if (program === undefined) return skip();
  expect(versionOf(program)).toContain('HAProxy version');
  expect(readdirSync(folder).sort()).toEqual(['apt.conf', 'cache']);
}, 60_000);

test("the machine's own program is taken where there is one", async () => {
  const searchPath = newFolder();
  const own = join(searchPath, 'haproxy');
  writeFileSync(own, '#!/bin/sh\n');
  chmodSync(own, 0o755);
  expect(await findProgram('haproxy', { searchPath })).toMatchObject({ path: own, env: {} });
});

test('where there is no apt, it says so', async () => {
  vi.stubEnv('PATH', newFolder());
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(findProgram('haproxy', { cache: join(newFolder(), 'cache') })).rejects.toThrow(
    'there is no apt-get on this machine',
  );
});
