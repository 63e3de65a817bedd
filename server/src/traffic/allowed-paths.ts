import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { TrafficError } from './traffic-target.ts';

/**
 * The folders in which files may be written and sockets be talked to because people with a permission in Bunting say so:
 * those that whoever runs the server has named. None by default.
 */
export class AllowedPaths {
  readonly #folders: readonly string[];

  /** @param folders absolute */
  constructor(folders: readonly string[]) {
    this.#folders = folders.map((folder) => normalize(folder));
  }

  /** Why a path is not allowed, as far as it shows in its text. */
  problemOf(path: string): string | undefined {
    if (!isAbsolute(path) || normalize(path) !== path) return 'must be an absolute path without "." and ".."';
    if (this.#folders.some((folder) => isInside(folder, path))) return undefined;
    const folders = this.#folders.length === 0 ? 'none' : this.#folders.join(', ');
    return `must lie in a folder that BUNTING_TRAFFIC_PATHS names on the server (now: ${folders})`;
  }

  /**
   * The path without symbolic links, which may not lead out of the folders.
   * @throws {TrafficError} `refused`
   */
  async resolve(path: string): Promise<string> {
    const problem = this.problemOf(path);
    if (problem !== undefined) throw new TrafficError('refused', `The path ${path} ${problem}.`);
    const real = await realpath(path).catch(() => realParent(path));
    const folders = await Promise.all(this.#folders.map((folder) => realpath(folder).catch(() => folder)));
    if (folders.some((folder) => isInside(folder, real))) return real;
    throw new TrafficError(
      'refused',
      `The path ${path} leads to ${real}, outside of the folders of BUNTING_TRAFFIC_PATHS.`,
    );
  }
}

/** Of what is not there yet. */
async function realParent(path: string): Promise<string> {
  try {
    return join(await realpath(dirname(path)), basename(path));
  } catch (cause) {
    throw new TrafficError('refused', `There is no folder ${dirname(path)}: make it, or correct the path.`, { cause });
  }
}

function isInside(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
