import { startPostgres } from '../../../tools/postgres.ts';
import { startServer, type TestServer } from '../../processes/server.ts';
import { percentile, round } from '../statistics.ts';
import type { Measurement, Options, Subject } from '../subject.ts';
import { fill, keyOf, type Sizes } from './fill.ts';

/** What a list of 10 000 flags in three environments may take, in milliseconds. */
const BUDGET_MS = 50;

/** How long people wait for lists and searches. */
export const lists: Subject = {
  name: 'lists',
  about: 'lists, searches and comparisons at 10 000 flags in 3 environments and 100 000 audit events, on both engines',

  async measure(options) {
    const sizes = options.quick ? { flags: 1_000, auditEvents: 5_000 } : { flags: 10_000, auditEvents: 100_000 };
    const measurements = await measureEngine('SQLite', sizes, options);
    const postgres = await startPostgres();
    try {
      const env = { DATABASE_URL: await postgres.createDatabase() };
      measurements.push(...(await measureEngine('PostgreSQL', sizes, options, env)));
    } finally {
      await postgres.stop();
    }
    return {
      measurements,
      notes: [
        `${sizes.flags} flags of two rules and a rollout, each in 3 environments; ${sizes.auditEvents} audit events about them`,
        'one request after another over HTTP on the same machine, 50 items a page, whole answers read',
      ],
    };
  },
};

async function measureEngine(
  engine: string,
  sizes: Sizes,
  { quick, say }: Options,
  env: Readonly<Record<string, string>> = {},
): Promise<Measurement[]> {
  const server = await startServer({ env });
  try {
    await server.stop();
    say(`${engine}: making ${sizes.flags} flags and ${sizes.auditEvents} audit events ...`);
    await fill({ dataDir: server.dataDir, databaseUrl: env.DATABASE_URL }, sizes);
    await server.restart();
    const measurements: Measurement[] = [];
    for (const [name, path] of await casesOf(server, sizes)) {
      say(`${engine}: ${name}`);
      const took = await time(server, path, quick ? 20 : 200);
      measurements.push(line(`${engine}: ${name}, p50`, percentile(took, 50)));
      measurements.push(line(`${engine}: ${name}, p99`, percentile(took, 99)));
    }
    return measurements;
  } finally {
    await server.remove();
  }
}

async function casesOf(server: TestServer, { flags }: Sizes): Promise<[string, string][]> {
  const list = '/projects/default/flags';
  const middle = await cursorInTheMiddle(server, `${list}?sort=-updatedAt&limit=200`, flags);
  return [
    ['first page by key', list],
    ['page in the middle, by latest change', `${list}?sort=-updatedAt&cursor=${middle}`],
    ['first page by name', `${list}?sort=name`],
    ['search of two words, few match', `${list}?search=${encodeURIComponent(`shop-${7 * (flags - 1)} team`)}`],
    ['search, half match', `${list}?search=checkout`],
    ['search, nothing matches', `${list}?search=nowhere`],
    ['kind, tag, and on in production', `${list}?kind=release&tag=checkout&environment=production&enabled=true`],
    ['stale', `${list}?stale=true`],
    ['flags that differ between environments', '/projects/default/compare?from=staging&to=production&differing=true'],
    ['latest audit events', '/audit?project=default'],
    ['audit events of a flag', `/audit?project=default&flag=${keyOf(flags - 1)}`],
  ];
}

async function cursorInTheMiddle(server: TestServer, path: string, flags: number): Promise<string> {
  let cursor = '';
  for (let seen = 0; seen < flags / 2; seen += 200) {
    const from = cursor === '' ? '' : `&cursor=${cursor}`;
    const page = await server.api.call<{ nextCursor: string | null }>('GET', path + from);
    if (page.nextCursor === null) break;
    cursor = page.nextCursor;
  }
  return cursor;
}

async function time(server: TestServer, path: string, times: number): Promise<number[]> {
  const took: number[] = [];
  for (let i = -3; i < times; i++) {
    const started = performance.now();
    await server.api.call('GET', path);
    if (i >= 0) took.push(performance.now() - started);
  }
  return took;
}

function line(name: string, ms: number): Measurement {
  return { case: name, unit: 'ms', better: 'lower', ours: round(ms), budget: BUDGET_MS };
}
