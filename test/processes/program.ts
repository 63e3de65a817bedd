import { join } from 'node:path';
import { type Child, startChild } from '../../tools/child.ts';
import { track } from './started.ts';
import { makeTempFolder } from './temp-folder.ts';

/** One of our long-running programs in a process of its own, on a free port, with a data folder of its own. */
export interface TestProgram {
  /** The same across restarts, so that SDKs find it again. */
  readonly url: string;
  readonly dataDir: string;
  /** What it printed, in all of its lives. */
  readonly logFile: string;
  /** The process of the latest start. */
  readonly child: Child;
  /** Starts it again on the same data and port, from another build when one is named. */
  restart(program?: string): Promise<void>;
  /** SIGTERM; resolves with how it ended. */
  stop(): Promise<number | string>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

export interface ProgramOptions {
  /** What to run. Default: what was built here. */
  readonly program?: string;
  /** Modules that Node loads before it. */
  readonly preloads?: readonly string[];
  /** Environment variables besides those that every program of a test gets. */
  readonly env?: Readonly<Record<string, string>>;
}

const builtHere = 'server/dist/main.js';

/** @param command such as `serve` */
export async function startProgram(command: string, options: ProgramOptions): Promise<TestProgram> {
  const folder = makeTempFolder();
  const dataDir = join(folder.path, 'data');
  const logFile = join(folder.path, `${command}.log`);
  const start = (port: string, program = options.program ?? builtHere) => {
    const env = {
      ...withoutOurs(),
      BUNTING_DATA_DIR: dataDir,
      BUNTING_PORT: port,
      BUNTING_LOG_LEVEL: 'warn',
      // Tests and benches ask faster than anyone else.
      BUNTING_REQUESTS_PER_CALLER_PER_SECOND: '0',
      BUNTING_REQUESTS_PER_ADDRESS_PER_SECOND: '0',
    };
    const imports = (options.preloads ?? []).map((module) => `--import=${module}`);
    return track(startChild(command, [...imports, program, command], { ...env, ...options.env }, logFile));
  };
  let child = start('0');
  const url = await urlOf(child);
  const stop = async () => {
    await child.stop();
    return child.ended;
  };
  return {
    url,
    dataDir,
    logFile,
    get child() {
      return child;
    },
    restart: async (program) => {
      child = start(new URL(url).port, program);
      await urlOf(child);
    },
    stop,
    kill: () => child.kill(),
    remove: async () => {
      await stop();
      folder.remove();
    },
  };
}

async function urlOf(child: Child): Promise<string> {
  return (await child.line(/^bunting: listening on (http\S+)/))[1] ?? '';
}

/** Takes the settings of whoever runs the tests out of the way. */
function withoutOurs(): NodeJS.ProcessEnv {
  const names = Object.keys(process.env).filter((name) => name.startsWith('BUNTING_') || name === 'DATABASE_URL');
  return Object.fromEntries(names.map((name) => [name, '']));
}
