import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../../tools/steps.ts';

/**
 * The server and the SDK for Node as an earlier commit has them, to run beside today's: their own sources from git's history, on the packages
 * that are installed here. Node runs the sources as they are, so nothing is built or downloaded.
 * @returns the program, or undefined after a printed line that says what is left out and why
 */
export function preparePreviousVersion(commit: string, what: string): string | undefined {
  const folder = join(root, '.cache', 'previous', commit);
  const program = join(folder, 'server/src/main.ts');
  if (existsSync(program) && existsSync(join(folder, 'sdk-node'))) return program;
  try {
    git(['cat-file', '-e', `${commit}^{commit}`]);
  } catch {
    process.stderr.write(`SKIPPED: ${what}, for git's history here does not reach back to commit ${commit}\n`);
    return undefined;
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of ['core', 'server', 'sdk-node']) {
    execFileSync('tar', ['-x', '-C', folder], { input: git(['archive', commit, name]) });
    linkPackages(join(root, name, 'node_modules'), join(folder, name, 'node_modules'));
  }
  const core = join(folder, 'core');
  for (const name of ['server', 'sdk-node']) symlinkInto(join(folder, name, 'node_modules/@bunting/core'), core);
  const description = JSON.parse(readFileSync(join(core, 'package.json'), 'utf8'));
  const exported = { ...description, exports: { '.': './src/index.ts' } };
  writeFileSync(join(core, 'package.json'), JSON.stringify(exported));
  return program;
}

function git(args: readonly string[]): Buffer {
  return execFileSync('git', args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 64 * 1024 * 1024 });
}

/** What a package of today can import, but for our own packages. */
function linkPackages(from: string, to: string): void {
  for (const name of readdirSync(from)) {
    if (name.startsWith('.') || name === '@bunting') continue;
    const names = name.startsWith('@') ? readdirSync(join(from, name)).map((inner) => join(name, inner)) : [name];
    for (const each of names) symlinkInto(join(to, each), realpathSync(join(from, each)));
  }
}

function symlinkInto(path: string, target: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path);
}
