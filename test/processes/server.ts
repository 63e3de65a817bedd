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
  /** Starts it again on the same data and port. */
  restart(): Promise<void>;
  /** SIGTERM; resolves with how it ended. */
  stop(): Promise<number | string>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

export async function startServer(): Promise<TestServer> {
  const folder = makeTempFolder();
  const dataDir = join(folder.path, 'data');
  const adminKey = `bnt_adm_${randomBytes(32).toString('base64url')}`;
  const log = join(folder.path, 'server.log');
  const start = (port: string) => launch(dataDir, port, adminKey, log);

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
    restart: async () => {
      child = start(new URL(url).port);
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

function launch(dataDir: string, port: string, adminKey: string, logFile: string): Child {
  const environment = {
    ...withoutOurs(),
    BUNTING_DATA_DIR: dataDir,
    BUNTING_PORT: port,
    BUNTING_BOOTSTRAP_ADMIN_KEY: adminKey,
    BUNTING_LOG_LEVEL: 'warn',
  };
  return track(startChild('server', ['server/dist/main.js', 'serve'], environment, logFile));
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
  const names = Object.keys(process.env).filter((name) => name.startsWith('BUNTING_'));
  return Object.fromEntries(names.map((name) => [name, '']));
}
