import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../tools/steps.ts';

const execute = promisify(execFile);

/** A package as it would be published. */
export interface PackedPackage {
  /** The archive's path. */
  readonly file: string;
  /** Paths of the files in it. */
  readonly contents: readonly string[];
  /** Its package.json, in which versions stand where the workspace has `workspace:` and `catalog:`. */
  readonly manifest: Readonly<Record<string, unknown>>;
}

/** Packs the package of a folder of the workspace, such as `sdk-node`, into another folder. */
export async function pack(folder: string, into: string): Promise<PackedPackage> {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { packageManager: string };
  // npm itself would leave `workspace:` and `catalog:` as they are.
  const packing = await execute('npx', ['--yes', packageManager, 'pack', '--json', '--pack-destination', into], {
    cwd: join(root, folder),
    shell: process.platform === 'win32',
  });
  const { filename, files } = JSON.parse(packing.stdout) as { filename: string; files: readonly { path: string }[] };
  const { stdout: manifest } = await execute('tar', ['xzOf', filename, 'package/package.json'], { cwd: into });
  return { file: filename, contents: files.map(({ path }) => path), manifest: JSON.parse(manifest) };
}
