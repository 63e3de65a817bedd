import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contender } from './adapter.ts';

const folder = join(import.meta.dirname, 'peers');
const marker = join(folder, 'node_modules', '.bunting-installed');

/**
 * Installs the peers that the lock file names into `peers/`, unless they are there. No install script of theirs
 * runs. Throws an error that says what to do when it fails.
 */
export function installPeers(say: (text: string) => void): void {
  const hash = createHash('sha256');
  for (const file of ['package.json', 'pnpm-lock.yaml']) hash.update(readFileSync(join(folder, file)));
  const wanted = hash.digest('hex');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;
  say('installing the SDKs to compare with ...');
  const { packageManager } = JSON.parse(readFileSync(join(folder, '../../../package.json'), 'utf8'));
  const install = spawnSync(
    'npx',
    ['--yes', packageManager, 'install', '--ignore-workspace', '--frozen-lockfile', '--ignore-scripts'],
    { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' },
  );
  if (install.status !== 0) {
    throw new Error(
      `installing ${folder} failed; is the npm registry reachable?\n${install.stdout ?? ''}${install.stderr ?? ''}`,
    );
  }
  writeFileSync(marker, wanted);
}

/** `unleash-client 6.12.1`: what is really installed, not what was asked for. */
export function installedName({ name, packageName }: Contender): string {
  if (!packageName) return name;
  const { version } = JSON.parse(readFileSync(join(folder, 'node_modules', packageName, 'package.json'), 'utf8'));
  return `${packageName} ${version}`;
}
