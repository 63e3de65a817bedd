import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { libraryPath, unpackDebian } from './debian-packages.ts';
import { root } from './steps.ts';

/** A program that tests run as it is: the machine's own, or from Debian's package of it. */
export interface DebianProgram {
  readonly path: string;
  /** What it needs in its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Where it must be started: some look for their files from there. */
  readonly cwd: string;
}

/** There is no such program to be had on this machine; the message says why. */
class ProgramUnavailable extends Error {
  override readonly name = 'ProgramUnavailable';
}

interface Packaged {
  readonly package: string;
  /** In the package, and as it is called in PATH: there the first that is found counts. */
  readonly path: string;
  readonly names: readonly string[];
  /** A folder that is compiled into the program, in which it looks for files that it does not start without. */
  readonly builtIn?: string;
}

const PROGRAMS = {
  prometheus: { package: 'prometheus', path: 'usr/bin/prometheus', names: ['prometheus'] },
  promtool: { package: 'prometheus', path: 'usr/bin/promtool', names: ['promtool'] },
  alertmanager: {
    package: 'prometheus-alertmanager',
    path: 'usr/bin/prometheus-alertmanager',
    names: ['alertmanager', 'prometheus-alertmanager'],
    builtIn: '/usr/share/prometheus/alertmanager',
  },
  amtool: { package: 'prometheus-alertmanager', path: 'usr/bin/amtool', names: ['amtool'] },
  haproxy: { package: 'haproxy', path: 'usr/sbin/haproxy', names: ['haproxy'] },
  nginx: { package: 'nginx', path: 'usr/sbin/nginx', names: ['nginx'] },
  caddy: { package: 'caddy', path: 'usr/bin/caddy', names: ['caddy'] },
} as const satisfies Readonly<Record<string, Packaged>>;
export type ProgramName = keyof typeof PROGRAMS;

export interface FindOptions {
  /** Where packages are kept, unpacked. */
  readonly cache?: string;
  /** Folders to look for the machine's own programs in. Default: PATH. */
  readonly searchPath?: string;
  /** False: what is neither installed nor in the cache is not fetched. Default: true. */
  readonly mayFetch?: boolean;
}

/** @throws {ProgramUnavailable} when it is neither installed nor to be had from Debian */
export async function findProgram(
  name: ProgramName,
  { cache = join(root, '.cache/debian'), searchPath = process.env.PATH ?? '', mayFetch = true }: FindOptions = {},
): Promise<DebianProgram> {
  const wanted: Packaged = PROGRAMS[name];
  const installed = searchPath
    .split(delimiter)
    .flatMap((folder) => wanted.names.map((file) => join(folder, file)))
    .find((path) => existsSync(path));
  if (installed !== undefined) return { path: installed, env: {}, cwd: root };
  if (!mayFetch && !existsSync(join(cache, wanted.package))) {
    throw new ProgramUnavailable(`there is no ${name} on this machine`);
  }
  try {
    const paths = Object.values(PROGRAMS).filter((other) => other.package === wanted.package);
    const folder = await unpackDebian(
      cache,
      wanted.package,
      paths.map(({ path }) => path),
    );
    const path = join(folder, wanted.path);
    return {
      path: wanted.builtIn === undefined ? path : movable(path, wanted.builtIn),
      env: { LD_LIBRARY_PATH: libraryPath(folder) },
      cwd: folder,
    };
  } catch (error) {
    throw new ProgramUnavailable((error as Error).message);
  }
}

/** For tests: undefined where there is none, after a printed line that says what is left out and why. */
export async function findProgramFor(what: string, name: ProgramName): Promise<DebianProgram | undefined> {
  try {
    return await findProgram(name);
  } catch (error) {
    if (!(error instanceof ProgramUnavailable)) throw error;
    process.stderr.write(`SKIPPED: ${what}, for there is no ${name} on this machine: ${error.message}\n`);
    return undefined;
  }
}

/**
 * Makes a program look for its files from where it is started, and not from `/`: in a copy, the folder's name is replaced
 * by a relative one of the same length.
 */
function movable(path: string, builtIn: string): string {
  const copy = `${path}-movable`;
  if (existsSync(copy)) return copy;
  const at = builtIn.lastIndexOf('/');
  const relative = `${builtIn.slice(1, at)}//${builtIn.slice(at + 1)}`;
  const own = `${copy}-${process.pid}`;
  copyFileSync(path, own);
  writeFileSync(own, readFileSync(path, 'latin1').replaceAll(builtIn, relative), 'latin1');
  renameSync(own, copy);
  return copy;
}
