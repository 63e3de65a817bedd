import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean } | undefined>>;
}

/**
 * A package of others that a folder of the workspace uses, and all that it needs, as folders by name: where the workspace
 * keeps them, so that they are of the versions that the lock file names, and no registry is asked.
 */
export function* thirdParty(name: string, usedIn: string): Generator<[name: string, folder: string]> {
  const folder = findPackage(name, usedIn);
  yield [name, folder];
  const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { dependencies, peerDependencies, peerDependenciesMeta } = manifest;
  for (const needed of Object.keys({ ...dependencies, ...peerDependencies })) {
    if (peerDependenciesMeta?.[needed]?.optional !== true) yield* thirdParty(needed, folder);
  }
}

/** Looks where Node would, and follows links. */
export function findPackage(name: string, usedIn: string): string {
  for (let folder = usedIn; folder !== dirname(folder); folder = dirname(folder)) {
    const found = join(folder, 'node_modules', name);
    if (existsSync(found)) return realpathSync(found);
  }
  throw new Error(`${usedIn} has no package ${name}; is everything installed?`);
}
