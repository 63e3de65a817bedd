import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../tools/steps.ts';
import { runNpm } from './run-npm.ts';

const execute = promisify(execFile);

/** A package as it would be published. */
export interface PackedPackage {
  /** Where it is in the workspace, such as `sdk-node`. */
  readonly folder: string;
  /** The archive's path. */
  readonly file: string;
  /** Paths of the files in it. */
  readonly contents: readonly string[];
  /** Its package.json, in which versions stand where the workspace has `workspace:` and `catalog:`. */
  readonly manifest: PackedManifest;
}

interface PackedManifest {
  readonly name: string;
  readonly exports: Readonly<Record<string, object>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Packs the package of a folder of the workspace into another folder. */
export async function pack(folder: string, into: string): Promise<PackedPackage> {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { packageManager: string };
  // npm itself would leave `workspace:` and `catalog:` as they are.
  const command = ['--yes', packageManager, 'pack', '--json', '--pack-destination', into];
  const packed = await runNpm('npx', command, join(root, folder));
  const { filename, files } = JSON.parse(packed) as { filename: string; files: readonly { path: string }[] };
  const { stdout: manifest } = await execute('tar', ['xzOf', filename, 'package/package.json'], { cwd: into });
  return { folder, file: filename, contents: files.map(({ path }) => path), manifest: JSON.parse(manifest) };
}
