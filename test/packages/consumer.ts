import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../tools/steps.ts';
import type { PackedPackage } from './pack.ts';
import { findPackage, thirdParty } from './third-party.ts';

const execute = promisify(execFile);

/** What a user has beside our packages, and where the workspace has it. */
const besides = [
  ['re2js', 'core'],
  ['ws', 'sdk-node'],
  ['@openfeature/server-sdk', 'sdk-node'],
  ['@openfeature/web-sdk', 'sdk-browser'],
  ['react', 'sdk-browser'],
  ['react-dom', 'test'],
] as const;

const types = [
  ['@types/node', 'test'],
  ['@types/react', 'sdk-browser'],
] as const;

/**
 * Makes a user's project in an empty folder: our packed packages and what goes with them, installed by npm, which asks no
 * registry, and the programs of `consumer/`.
 */
export async function makeConsumer(folder: string, packages: readonly PackedPackage[]): Promise<void> {
  const dependencies = Object.fromEntries([
    ...besides.flatMap(([name, usedIn]) => [...thirdParty(name, join(root, usedIn))]),
    ...packages.map(({ file, manifest }) => [manifest.name, file]),
  ]);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'consumer', private: true, dependencies }));
  // `--install-links`: folders are copied, as they would be from a registry.
  const install = ['install', '--offline', '--install-links', '--ignore-scripts', '--no-audit', '--no-fund'];
  await execute('npm', install, { cwd: folder, shell: process.platform === 'win32' });
  // npm 11 fails without a word on @types/react and csstype as folders; only the type checker needs them.
  mkdirSync(join(folder, 'node_modules/@types'));
  for (const [name, usedIn] of types)
    symlinkSync(findPackage(name, join(root, usedIn)), join(folder, 'node_modules', name), 'junction');
  cpSync(join(import.meta.dirname, 'consumer'), folder, { recursive: true });
}
