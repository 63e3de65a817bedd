import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import type { AllowedPaths } from './allowed-paths.ts';
import { TrafficError } from './traffic-target.ts';

/** The file's text; undefined: there is none. @throws {TrafficError} */
export async function readIfThere(paths: AllowedPaths, path: string): Promise<string | undefined> {
  const real = await paths.resolve(path);
  try {
    return await readFile(real, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new TrafficError(
      'refused',
      `The file ${path} cannot be read (${(error as Error).message}): let the server read it.`,
    );
  }
}

/** Puts a text in a file's place at once: readers see all of the old or all of the new one. @throws {TrafficError} */
export async function replaceFile(paths: AllowedPaths, path: string, text: string): Promise<void> {
  const real = await paths.resolve(path);
  // Servers that share the folder may have the same process id.
  const own = `${real}.${randomUUID()}.new`;
  try {
    const file = await open(own, 'w', 0o644);
    try {
      await file.writeFile(text);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(own, real);
  } catch (error) {
    await rm(own, { force: true });
    throw new TrafficError(
      'refused',
      `The file ${path} cannot be written (${(error as Error).message}): let the server write into its folder.`,
    );
  }
}
