#!/usr/bin/env node
// Runs one of the project's commands (tools/<command>.ts) on the project's own Node 24, installing what is missing
// first. This file alone runs on the reader's Node: plain JavaScript, Node 20 and npm are enough.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const [command, ...args] = process.argv.slice(2);
const windows = process.platform === 'win32';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`Node ${process.versions.node} is too old: install Node 20.19 or newer (https://nodejs.org), then try again.`);
}
if (!command || !existsSync(join(root, 'tools', `${command}.ts`))) fail(`there is no command "${command ?? ''}".`);

installWhatIsMissing();
const node = join(root, 'node_modules', 'node', 'bin', windows ? 'node.exe' : 'node');
const child = spawn(node, [join(root, 'tools', `${command}.ts`), ...args], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, PATH: join(root, 'node_modules', '.bin') + delimiter + process.env.PATH },
});
// Ctrl-C reaches the child by itself (one terminal, one process group); this process only outlives it.
process.on('SIGINT', () => {});
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('error', (error) => fail(`could not run ${node}: ${error.message}. Delete node_modules and try again.`));
child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0)));

/** Installs with the pnpm that package.json names, unless the last install was of these very files. */
function installWhatIsMissing() {
  const marker = join(root, 'node_modules', '.bunting-installed');
  const workspace = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8');
  const packages = [...(workspace.match(/^packages:\n((?: {2}- .*\n)+)/)?.[1] ?? '').matchAll(/- (.*)/g)].map(
    (m) => m[1],
  );
  const hash = createHash('sha256').update(workspace);
  for (const file of ['package.json', 'pnpm-lock.yaml', ...packages.map((name) => `${name}/package.json`)]) {
    hash.update(readFileSync(join(root, file)));
  }
  const wanted = hash.digest('hex');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;

  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  console.log(`Installing packages with ${packageManager} (20 to 60 s the first time) ...`);
  const started = Date.now();
  const install = spawnSync('npx', ['--yes', packageManager, 'install', '--frozen-lockfile'], {
    cwd: root,
    encoding: 'utf8',
    shell: windows,
    maxBuffer: 64 * 1024 * 1024,
  });
  if (install.status !== 0) {
    process.stderr.write(`${install.stdout ?? ''}${install.stderr ?? ''}\n`);
    fail('installing failed; the output above says why. Is the npm registry reachable from here?');
  }
  mkdirSync(join(root, 'node_modules'), { recursive: true });
  writeFileSync(marker, wanted);
  console.log(`Installed in ${((Date.now() - started) / 1000).toFixed(0)} s.`);
}

/** @param {string} message */
function fail(message) {
  console.error(`bunting: ${message}`);
  process.exit(1);
}
