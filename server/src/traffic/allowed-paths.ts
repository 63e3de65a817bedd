import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, normalize, sep } from 'node:path';
import { type ForProject, isFor } from './for-project.ts';
import { TrafficError } from './traffic-target.ts';

/**
 * The folders in which files may be written and sockets be talked to because people with a permission in a project say so:
 * those that whoever runs the server has named. None by default. Of folders within each other the innermost counts: what is
 * named for one project is no other's.
 */
export class AllowedPaths {
  readonly #folders: readonly ForProject[];
  readonly #project: string;

  /**
   * @param folders absolute
   * @param project key of the one whose people name paths
   */
  constructor(folders: readonly ForProject[], project: string) {
    this.#folders = folders.map((folder) => ({ ...folder, value: normalize(folder.value) }));
    this.#project = project;
  }

  /** Why a path is not allowed, as far as it shows in its text. */
  problemOf(path: string): string | undefined {
    if (!isAbsolute(path) || normalize(path) !== path) return 'must be an absolute path without "." and ".."';
    if (isWithin(this.#folders, this.#project, path)) return undefined;
    const own = this.#folders.filter((folder) => isFor(folder, this.#project)).map(({ value }) => value);
    const folders = own.length === 0 ? 'none' : own.join(', ');
    return `must lie in a folder that BUNTING_TRAFFIC_PATHS names on the server for this project (now: ${folders})`;
  }

  /**
   * The path without symbolic links, which may not lead out of the folders.
   * @throws {TrafficError} `refused`
   */
  async resolve(path: string): Promise<string> {
    const problem = this.problemOf(path);
    if (problem !== undefined) throw new TrafficError('refused', `The path ${path} ${problem}.`);
    const real = await realpath(path).catch(() => realParent(path));
    const folders = await Promise.all(
      this.#folders.map(async (folder) => ({
        ...folder,
        value: await realpath(folder.value).catch(() => folder.value),
      })),
    );
    if (isWithin(folders, this.#project, real)) return real;
    throw new TrafficError(
      'refused',
      `The path ${path} leads to ${real}, outside of the folders of BUNTING_TRAFFIC_PATHS for this project.`,
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

/** Whether the innermost of the folders around a path, or one of those that are the same, is the project's or everyone's. */
function isWithin(folders: readonly ForProject[], project: string, path: string): boolean {
  const around = folders.filter(({ value }) => isInside(value, path));
  const depth = Math.max(...around.map(({ value }) => depthOf(value)));
  return around.some((folder) => depthOf(folder.value) === depth && isFor(folder, project));
}

function isInside(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** How many folders deep it lies. */
function depthOf(folder: string): number {
  return folder.split(sep).filter((name) => name !== '').length;
}
