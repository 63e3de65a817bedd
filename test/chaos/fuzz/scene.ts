import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { gaugePreload } from '../../processes/ask-gauge.ts';
import { startServer, type TestServer } from '../../processes/server.ts';
import { makeCallers } from './callers.ts';
import { ApiDocument } from './document.ts';
import { furnish, furnishExpendable } from './furnish.ts';
import { HttpStorm } from './http-storm.ts';
import { RawStorm } from './raw-storm.ts';
import { StreamStorm } from './stream-storm.ts';

/** Stands all over the second project, and nowhere else. */
const MARK = 'mark-of-b-5e1f';

export interface FuzzScene {
  readonly server: TestServer;
  readonly http: HttpStorm;
  readonly stream: StreamStorm;
  readonly raw: RawStorm;
  /** Rows of each table of SQLite; nothing with another engine. */
  countRows(): Record<string, number>;
  /** Lines of the log that say the server failed. */
  failures(): string[];
  /** Secrets that stand in the log, by their beginning. */
  loggedSecrets(): string[];
  /** Requests that were refused, and left an event in the audit log all the same. */
  refusedAndWritten(): Promise<string[]>;
  close(): Promise<void>;
}

/** A server of two projects, with callers who were granted something in one of them, in both or in none. */
export async function openFuzzScene(options: {
  seed: number;
  lanes: number;
  databaseUrl: string | undefined;
}): Promise<FuzzScene> {
  const { seed, lanes, databaseUrl } = options;
  const masterKey = randomBytes(32).toString('base64');
  const server = await startServer({
    preloads: [gaugePreload],
    env: {
      BUNTING_MASTER_KEY: masterKey,
      // What is logged of every request must hold no secret either.
      BUNTING_LOG_LEVEL: 'info',
      BUNTING_EVALUATIONS_PER_ADDRESS_PER_SECOND: '0',
      BUNTING_EVALUATIONS_PER_KEY_PER_SECOND: '0',
      ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
    },
  });
  const { api, url, adminKey } = server;
  const sources = [...(await furnish(api, 'a', 'plain')), ...(await furnish(api, 'b', MARK))];
  const callers = await makeCallers(api, url, adminKey);
  const document = await ApiDocument.read(url);
  const refresh = () => furnishExpendable(api);
  const http = new HttpStorm({
    url,
    api,
    document,
    callers,
    projects: ['a', 'b'],
    sources,
    mark: MARK,
    seed,
    lanes,
    refresh,
  });
  const talkers = callers.all.filter(({ name, isPowerless }) => isPowerless || name.includes('key of'));
  const stream = new StreamStorm({ url, callers: talkers, mark: MARK, seed, lanes });
  const readLog = () => readFileSync(server.logFile, 'utf8');
  return {
    server,
    http,
    stream,
    raw: new RawStorm(url, { seed, lanes }),
    countRows: () => (databaseUrl === undefined ? countRows(join(server.dataDir, 'bunting.db')) : {}),
    failures: () =>
      readLog()
        .split('\n')
        .filter((line) => isFailure(line) && !http.unavailable.has(requestOf(line))),
    loggedSecrets() {
      const log = readLog();
      return [masterKey, ...callers.secrets, ...sources.map(({ secret }) => secret)]
        .filter((secret) => log.includes(secret))
        .map((secret) => secret.slice(0, 12));
    },
    async refusedAndWritten() {
      const written: string[] = [];
      let cursor: string | null = null;
      do {
        const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
        const page: { items: { action: string; requestId?: string | null }[]; nextCursor: string | null } =
          await api.call('GET', `/audit?limit=200${query}`);
        for (const { action, requestId } of page.items) {
          // To apply what no longer fits is refused, and the change request is marked by that: so it is documented.
          if (action === 'change-request.conflicted') continue;
          if (http.refused.has(requestId ?? '')) written.push(`${requestId} ${action}`);
        }
        cursor = page.nextCursor;
      } while (cursor !== null);
      return written;
    },
    async close() {
      http.close();
      await server.remove();
    },
  };
}

/**
 * Of pino's lines those of something that was thrown, and all that is none of pino's, but for what the server says of itself.
 * What people are to look at, such as a fire drill that failed, is logged as an error too.
 */
function isFailure(line: string): boolean {
  if (line === '' || /^(bunting|gauge): /.test(line)) return false;
  return !line.startsWith('{') || /^\{"level":(60|50.*"err":)/.test(line);
}

function requestOf(line: string): string {
  return line.match(/"reqId":"([^"]*)"/)?.[1] ?? '';
}

function countRows(file: string): Record<string, number> {
  const database = new Database(file, { readonly: true });
  try {
    const tables = database.prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'");
    const names = tables.pluck().all() as string[];
    return Object.fromEntries(
      names.map((name) => [name, database.prepare(`select count(*) from "${name}"`).pluck().get() as number]),
    );
  } finally {
    database.close();
  }
}
