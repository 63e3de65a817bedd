import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify';
import { inject, onTestFinished } from 'vitest';
import { type AppOverrides, buildApp } from '../app.ts';
import type { Config } from '../config/config.ts';
import { readConfig } from '../config/read-config.ts';
import { DATABASE_FILE } from '../store/open-sqlite.ts';
import { engine, newDatabase } from './test-database.ts';

/** An admin key that every test server knows. */
export const ADMIN_KEY = `bnt_adm_${'a'.repeat(43)}`;

export interface TestServer {
  readonly app: FastifyInstance;
  readonly dataDir: string;
  /** Everything that was logged. */
  readonly logs: string[];
  /** Calls the API as an admin key; `path` without /api/v1. Answers are checked against their schemas. */
  call(
    method: InjectOptions['method'],
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they expect; a wrong guess fails them
  readonly body: any;
  readonly headers: LightMyRequestResponse['headers'];
}

export interface TestServerOptions extends AppOverrides {
  readonly dataDir?: string;
  readonly config?: Partial<Config>;
}

/** Of every test server on PostgreSQL; on SQLite each has its own in its folder. */
const MASTER_KEY = Buffer.alloc(32, 'master').toString('base64');

/** The PostgreSQL database that stands for a data folder. */
const databases = new Map<string, Promise<string>>();

/** Starts a server on a database of its own, or on that of the folder, which goes with the test. */
export async function startApp({ dataDir, config, ...overrides }: TestServerOptions = {}): Promise<TestServer> {
  const folder = dataDir ?? newFolder();
  const databaseUrl = engine === 'postgres' ? await databaseOf(folder) : undefined;
  if (engine === 'sqlite') putDatabase(folder);
  const logs: string[] = [];
  const app = await buildApp(
    {
      ...readConfig(),
      logLevel: 'debug',
      // Tests ask faster than anyone else; those of the bounds set them.
      requestsPerCallerPerSecond: 0,
      requestsPerAddressPerSecond: 0,
      bootstrapAdminKey: ADMIN_KEY,
      databaseUrl,
      // A machine that runs all tests at once may take longer to connect than a server should wait.
      ...(databaseUrl !== undefined && { masterKey: MASTER_KEY, databaseConnectTimeoutMs: 15_000 }),
      ...config,
      dataDir: folder,
    },
    { checkResponses: true, logStream: { write: (line) => logs.push(line) }, ...overrides },
  );
  onTestFinished(() => app.close());
  return {
    app,
    dataDir: folder,
    logs,
    async call(method, path, body, headers = {}) {
      const response = await app.inject({
        method,
        url: `/api/v1${path}`,
        headers: { authorization: `Bearer ${ADMIN_KEY}`, ...headers },
        ...(body === undefined ? {} : { payload: body as InjectOptions['payload'] }),
      });
      return toAnswer(response);
    },
  };
}

function databaseOf(folder: string): Promise<string> {
  const database = databases.get(folder) ?? newDatabase();
  databases.set(folder, database);
  return database;
}

/** Puts a migrated database into a folder that is there and has none. */
function putDatabase(folder: string): void {
  const template = inject('sqliteTemplate') as string | undefined;
  const file = join(folder, DATABASE_FILE);
  if (template !== undefined && existsSync(folder) && !existsSync(file)) copyFileSync(template, file);
}

export function toAnswer(response: LightMyRequestResponse): Answer {
  const isJson = /[/+]json/.test(String(response.headers['content-type'])) && response.body !== '';
  return {
    status: response.statusCode,
    body: isJson ? response.json() : response.body,
    headers: response.headers,
  };
}

/** An empty folder. @param onEnd when it goes; default: when the test has ended */
export function newFolder(onEnd: (remove: () => void) => void = onTestFinished): string {
  const folder = mkdtempSync(join(tmpdir(), 'bunting-server-'));
  onEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
