import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Child, startChild } from '../../tools/child.ts';
import { Api } from '../../tools/demo-api.ts';
import { track } from './started.ts';
import { makeTempFolder } from './temp-folder.ts';

/** The real server in a process of its own, on a free port, with a data folder of its own. */
export interface TestServer {
  /** The same across restarts, so that SDKs find it again. */
  readonly url: string;
  readonly adminKey: string;
  readonly dataDir: string;
  readonly api: Api;
  /** The one-time link of the latest start; empty when there is an owner. */
  readonly setupUrl: string;
  /** The process of the latest start. */
  readonly child: Child;
  /** Starts it again on the same data and port, on another program when one is named. */
  restart(program?: string): Promise<void>;
  /** SIGTERM; resolves with how it ended. */
  stop(): Promise<number | string>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

export interface ServerOptions {
  /** The server's program. Default: what was built here. */
  readonly program?: string;
  /** Modules that Node loads before it. */
  readonly preloads?: readonly string[];
  /** Environment variables besides those that every test server gets. */
  readonly env?: Readonly<Record<string, string>>;
  /** Servers on one database share it. */
  readonly adminKey?: string;
}

export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const folder = makeTempFolder();
  const dataDir = join(folder.path, 'data');
  const adminKey = options.adminKey ?? newAdminKey();
  const log = join(folder.path, 'server.log');
  const start = (port: string, program?: string) =>
    launch(dataDir, port, log, { ...options, adminKey, ...(program !== undefined && { program }) });

  let child = start('0');
  const url = await urlOf(child);
  let setupUrl = await setupUrlOf(child, url);
  const stop = async () => {
    await child.stop();
    return child.ended;
  };
  return {
    url,
    adminKey,
    dataDir,
    api: new Api(url, adminKey),
    get setupUrl() {
      return setupUrl;
    },
    get child() {
      return child;
    },
    restart: async (program) => {
      child = start(new URL(url).port, program);
      setupUrl = await setupUrlOf(child, await urlOf(child));
    },
    stop,
    kill: () => child.kill(),
    remove: async () => {
      await stop();
      folder.remove();
    },
  };
}

function newAdminKey(): string {
  return `bnt_adm_${randomBytes(32).toString('base64url')}`;
}

const builtHere = 'server/dist/main.js';

function launch(dataDir: string, port: string, logFile: string, options: ServerOptions): Child {
  const { program = builtHere, preloads = [], env, adminKey } = options;
  const environment = {
    ...withoutOurs(),
    BUNTING_DATA_DIR: dataDir,
    BUNTING_PORT: port,
    BUNTING_BOOTSTRAP_ADMIN_KEY: adminKey,
    BUNTING_LOG_LEVEL: 'warn',
    ...env,
  };
  const imports = preloads.map((module) => `--import=${module}`);
  return track(startChild('server', [...imports, program, 'serve'], environment, logFile));
}

async function urlOf(child: Child): Promise<string> {
  return (await child.line(/^bunting: listening on (http\S+)/))[1] ?? '';
}

async function setupUrlOf(child: Child, url: string): Promise<string> {
  const { required } = (await (await fetch(`${url}/api/v1/setup`)).json()) as { required: boolean };
  return required ? ((await child.line(/owner account at (http\S+)/))[1] ?? '') : '';
}

/** Takes the settings of whoever runs the tests out of the way. */
function withoutOurs(): NodeJS.ProcessEnv {
  const names = Object.keys(process.env).filter((name) => name.startsWith('BUNTING_') || name === 'DATABASE_URL');
  return Object.fromEntries(names.map((name) => [name, '']));
}
