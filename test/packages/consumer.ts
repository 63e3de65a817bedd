import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../tools/steps.ts';
import type { PackedPackage } from './pack.ts';
import { runNpm } from './run-npm.ts';
import { findPackage, thirdParty } from './third-party.ts';

/** What a user has beside our packages, and where the workspace has it. */
const besides = [
  ['@openfeature/server-sdk', 'sdk-node'],
  ['@openfeature/web-sdk', 'sdk-browser'],
  ['react', 'sdk-browser'],
  ['react-dom', 'test'],
] as const;

/** The same, but npm 11 fails on them as folders without a word: they are linked afterwards. */
const linked = [
  ['msw', 'sdk-node'],
  ['@types/node', 'test'],
  ['@types/react', 'sdk-browser'],
] as const;

/**
 * Makes a user's project in an empty folder: our packed packages and what goes with them, installed by npm, which asks no
 * registry, and the programs of `consumer/`.
 */
export async function makeConsumer(project: string, packages: readonly PackedPackage[]): Promise<void> {
  const ours = packages.map(({ file, manifest }): [string, string] => [manifest.name, file]);
  const needed = packages.flatMap(({ folder, manifest }) =>
    Object.keys(manifest.dependencies ?? {}).map((name): [string, string] => [name, folder]),
  );
  const others = [...besides, ...needed.filter(([name]) => !name.startsWith('@bunting/'))];
  const dependencies = Object.fromEntries([
    ...others.flatMap(([name, usedIn]) => [...thirdParty(name, join(root, usedIn))]),
    ...ours,
  ]);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'consumer', private: true, dependencies }));
  // `--install-links`: folders are copied, as they would be from a registry.
  const install = ['install', '--offline', '--install-links', '--ignore-scripts', '--no-audit', '--no-fund'];
  await runNpm('npm', install, project);
  mkdirSync(join(project, 'node_modules/@types'));
  for (const [name, usedIn] of linked)
    symlinkSync(findPackage(name, join(root, usedIn)), join(project, 'node_modules', name), 'junction');
  cpSync(join(import.meta.dirname, 'consumer'), project, { recursive: true });
}
