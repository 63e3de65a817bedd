import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** How long one call of apt may take, in milliseconds; a download that stands still is given up earlier. */
const TIMEOUT_MS = 180_000;
/** Libraries may need libraries; deeper than this they do not go. */
const MAX_ROUNDS = 6;

/**
 * Downloads a Debian package and unpacks it below `cache`, with the libraries that its programs miss on this machine.
 * Installs nothing, and leaves apt's own state alone. Several processes may do so at once: each unpacks into a folder of
 * its own, and the first to be done gives its folder the name.
 * @param programs paths of the package's programs in the folder, such as `usr/sbin/haproxy`
 * @returns the folder, laid out as `/` would be
 * @throws {Error} that says what could not be done
 */
export async function unpackDebian(cache: string, name: string, programs: readonly string[]): Promise<string> {
  const folder = join(cache, name);
  if (readdirSafely(folder).length > 0) return folder;
  mkdirSync(cache, { recursive: true });
  const own = mkdtempSync(join(cache, `${name}-`));
  try {
    const root = join(own, 'root');
    const apt = new Apt(join(own, 'apt'));
    let wanted = [name];
    for (let round = 0; wanted.length > 0 && round < MAX_ROUNDS; round++) {
      const archives = await apt.download(wanted);
      for (const archive of archives) await run('dpkg', ['-x', archive, root]);
      const missing = await missingLibraries(root, programs);
      if (missing.length === 0) {
        moveInto(folder, root);
        return folder;
      }
      wanted = await apt.newLibrariesOf(archives);
    }
    throw new Error(`the libraries of ${name} are not in the packages that it depends on`);
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

/** Where programs unpacked into `root` find libraries unpacked beside them. */
export function libraryPath(root: string): string {
  const parents = [join(root, 'usr/lib'), join(root, 'lib')];
  return parents
    .flatMap((parent) => [
      parent,
      ...readdirSafely(parent)
        .filter(isTriplet)
        .map((triplet) => join(parent, triplet)),
    ])
    .join(':');
}

/** apt with the machine's sources and keys, and everything that it writes in a folder of our own. */
class Apt {
  readonly #folder: string;
  readonly #asked = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
    for (const part of ['cache/archives/partial', 'state/lists/partial', 'archives']) {
      mkdirSync(join(folder, part), { recursive: true });
    }
  }

  /** @returns the files, of which there is one for each name */
  async download(names: readonly string[]): Promise<string[]> {
    for (const name of names) this.#asked.add(name);
    const archives = join(this.#folder, 'archives');
    const before = new Set(readdirSync(archives));
    const download = (options: readonly string[]) => this.#run([...options, 'download', ...names], archives);
    // The machine's own lists may be missing, or older than what the mirror still has.
    await download([]).catch(async () => {
      await this.#run([...this.#ownLists(), 'update'], archives);
      await download(this.#ownLists());
    });
    return readdirSync(archives)
      .filter((file) => !before.has(file))
      .map((file) => join(archives, file));
  }

  /** Packages of libraries that these depend on and that were not asked for yet. */
  async newLibrariesOf(archives: readonly string[]): Promise<string[]> {
    const fields = await Promise.all(archives.map((archive) => run('dpkg-deb', ['-f', archive, 'Depends'])));
    const names = fields
      .flatMap((field) => field.split(','))
      // Of alternatives the first; without the version.
      .map((dependency) => /^\s*([a-z0-9][a-z0-9.+-]+)/.exec(dependency)?.[1] ?? '')
      // The C library goes with the loader: the machine's own is the one to use.
      .filter((name) => name.startsWith('lib') && name !== 'libc6' && !this.#asked.has(name));
    return [...new Set(names)];
  }

  #ownLists(): string[] {
    return ['-o', `Dir::State=${join(this.#folder, 'state')}`];
  }

  async #run(args: readonly string[], cwd: string): Promise<void> {
    const timeouts = ['-o', 'Acquire::http::Timeout=20', '-o', 'Acquire::Retries=2'];
    const cache = ['-o', `Dir::Cache=${join(this.#folder, 'cache')}`, '-o', 'Debug::NoLocking=1'];
    await run('apt-get', ['-q', ...timeouts, ...cache, ...args], cwd);
  }
}

/** What the loader does not find, such as `liblua5.3.so.0`. */
async function missingLibraries(root: string, programs: readonly string[]): Promise<string[]> {
  const env = { ...process.env, LD_LIBRARY_PATH: libraryPath(root) };
  const told = await Promise.all(
    programs.map((program) => execute('ldd', [join(root, program)], { env }).catch(() => ({ stdout: '' }))),
  );
  return told.flatMap(({ stdout }) => [...stdout.matchAll(/(\S+) => not found/g)].map(([, library = '']) => library));
}

/** Another process may have been faster, with the same. */
function moveInto(folder: string, root: string): void {
  try {
    renameSync(root, folder);
  } catch (error) {
    if (readdirSafely(folder).length === 0) throw error;
  }
}

function isTriplet(name: string): boolean {
  return name.includes('-linux-');
}

function readdirSafely(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

async function run(program: string, args: readonly string[], cwd?: string): Promise<string> {
  try {
    const options = {
      timeout: TIMEOUT_MS,
      env: { ...process.env, LC_ALL: 'C' },
      ...(cwd === undefined ? {} : { cwd }),
    };
    return (await execute(program, args, options)).stdout;
  } catch (error) {
    const { code, stderr = '', message } = error as Error & { code?: unknown; stderr?: string };
    if (code === 'ENOENT') throw new Error(`there is no ${program} on this machine`);
    const lines = stderr.split('\n').filter((line) => line.startsWith('E:'));
    throw new Error(`${program} failed: ${lines.join(' ') || message}`);
  }
}
