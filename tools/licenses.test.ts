import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './steps.ts';

/** What may be installed: licences that ask for their notice at most. */
const allowed = new Set([
  ...['MIT', 'MIT-0', 'ISC', 'BSD-2-Clause', 'BSD-3-Clause', '0BSD', 'Apache-2.0', 'BlueOak-1.0.0'],
  ...['Unlicense', 'CC0-1.0', 'Python-2.0'],
]);
/** What has another one, and why it may stay: none of it is part of what we publish. */
const exceptions: Readonly<Record<string, string>> = {
  'axe-core': 'MPL-2.0: tests alone',
  lightningcss: 'MPL-2.0: builds the admin UI, is no part of it',
  'caniuse-lite': 'CC-BY-4.0: tables of browsers, for building the admin UI',
  '@openfeature/ofrep-core': 'names none; its repository has Apache-2.0; tests alone',
  '@openfeature/ofrep-provider': 'the same',
};

interface Package {
  readonly name?: string;
  readonly license?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

test('everything that is installed has a licence that is on the list', () => {
  const installed = globSync('node_modules/.pnpm/*/node_modules/{*,@*/*}/package.json', { cwd: root }).map(read);
  expect(installed.length).toBeGreaterThan(300);
  const others = installed
    .filter(({ name, license }) => name !== undefined && !isAllowed(license) && !(familyOf(name) in exceptions))
    .map(({ name, license }) => `${name}: ${license}`);
  expect([...new Set(others)]).toEqual([]);
});

test('each dependency has its reason in decision 0051, and nothing else has', () => {
  const workspace = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8');
  const [, list = ''] = /^packages:\n((?: {2}- .*\n)+)/.exec(workspace) ?? [];
  const folders = ['.', ...[...list.matchAll(/- (.*)/g)].map(([, folder = '']) => folder)];
  const named = folders
    .map((folder) => read(join(folder, 'package.json')))
    .flatMap(({ dependencies, devDependencies }) => Object.entries({ ...dependencies, ...devDependencies }))
    .filter(([, version]) => !version.startsWith('workspace:'))
    .map(([name]) => name);
  const decision = readFileSync(join(root, 'docs/decisions/0051-each-dependency-has-its-reason.md'), 'utf8');
  const rows = [...decision.matchAll(/^\| (`.*?) +\|/gm)].flatMap(([, cell = '']) => cell.match(/[\w@/.-]+/g) ?? []);
  expect(rows.sort()).toEqual([...new Set(named)].sort());
});

/** `MIT`, `MIT OR Apache-2.0`, `(MIT AND Zlib)`: one of those that one may choose from is on the list, each of those together. */
function isAllowed(license: string | undefined): boolean {
  if (typeof license !== 'string') return false;
  return license
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((each) => allowed.has(each.trim())));
}

/** `lightningcss` for `lightningcss-linux-x64-gnu`. */
function familyOf(name: string): string {
  return name.replace(/-(linux|darwin|win32|freebsd|android)-.*$/, '');
}

function read(path: string): Package {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}
