import { execFile } from 'node:child_process';
import { delimiter } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../tools/steps.ts';

/**
 * Runs npm or npx as the user of this machine has it, on the user's own Node: npm 10 cannot run on the one that the
 * project brings along, which has no folder for global packages. Resolves with the output.
 */
export async function runNpm(program: 'npm' | 'npx', args: readonly string[], cwd: string): Promise<string> {
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.startsWith(root));
  const env = { ...process.env, PATH: path.join(delimiter) };
  const options = { cwd, env, shell: process.platform === 'win32' };
  return (await promisify(execFile)(program, [...args], options)).stdout;
}
