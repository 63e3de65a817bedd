import { join } from 'node:path';
import Database from 'better-sqlite3';
import { preparePreviousVersion } from '../../processes/previous-version.ts';
import { startServer, type TestServer } from '../../processes/server.ts';
import { makeFiveRuleFlags } from '../made-flags.ts';
import { percentile, round } from '../statistics.ts';
import type { Measurement, Options, Subject } from '../subject.ts';

/** The last commit before audit events were chained and history was kept. */
const BEFORE = '26244b4';

const ENVIRONMENT = '/projects/default/environments/development';

/** What keeping the past costs: time and bytes of a change, and the time that looking back takes. */
export const history: Subject = {
  name: 'history',
  about: 'a toggle with its audit event chained and its revision kept, next to one without; bytes kept; looking back',

  async measure(options) {
    const program = preparePreviousVersion(BEFORE, 'toggles without chain and history');
    const now = await startServer();
    const before = program === undefined ? undefined : await startServer({ program });
    try {
      const toggles = await measureToggles(now, before, options);
      const flags = options.quick ? 100 : 2_000;
      const flag = await makeFiveRuleFlags(now.api, flags, options);
      const bytes = await measureBytes(now, flag, options);
      return {
        measurements: [...toggles, ...bytes, ...(await measureLooks(now, flag, flags))],
        notes: [
          `without: the server of commit ${BEFORE}, in the same run, turn by turn`,
          'SQLite on disk, synchronous = FULL; one writer over HTTP on loopback; a flag of five rules',
        ],
      };
    } finally {
      await now.remove();
      await before?.remove();
    }
  },
};

async function measureToggles(
  now: TestServer,
  before: TestServer | undefined,
  options: Options,
): Promise<Measurement[]> {
  const servers = before === undefined ? [now] : [now, before];
  const key = 'toggled';
  const count = options.quick ? 50 : 2_000;
  options.say(`toggling ${count} times ...`);
  for (const { api } of servers) await api.call('POST', '/projects/default/flags', { key, type: 'boolean' });
  const taken = servers.map((): number[] => []);
  for (let at = 0; at < count + 20; at++) {
    for (const [which, { api }] of servers.entries()) {
      const beganMs = performance.now();
      await api.call('PATCH', `/projects/default/flags/${key}/environments/development`, { enabled: at % 2 === 0 });
      // The first ones warm up.
      if (at >= 20) taken[which]?.push(performance.now() - beganMs);
    }
  }
  const [ours = [], without] = taken;
  return [50, 99].map((percent) => ({
    ...line(`a toggle, p${percent}`, 'ms', percentile(ours, percent)),
    ...(without === undefined ? {} : { peers: { without: round(percentile(without, percent)) } }),
  }));
}

/** What each further change of a flag leaves in the database, indexes included. */
async function measureBytes({ api, dataDir }: TestServer, key: string, options: Options): Promise<Measurement[]> {
  const { rules } = (await flagOf(api, key)).environments.development;
  const count = options.quick ? 50 : 1_000;
  const before = tableBytes(dataDir);
  for (let at = 0; at < count; at++) {
    const named = rules.map((rule, index) => (index === 0 ? { ...rule, name: `change ${at}` } : rule));
    await api.call('PATCH', `/projects/default/flags/${key}/environments/development`, { rules: named });
  }
  const after = tableBytes(dataDir);
  const grown = (table: string) => ((after.get(table) ?? 0) - (before.get(table) ?? 0)) / count;
  const document = JSON.stringify((await flagOf(api, key)).environments.development).length;
  return [
    line(`bytes of a change in audit_events (before and after, ${document} each)`, 'bytes', grown('audit_events')),
    line('bytes of a change in item_history and revisions', 'bytes', grown('item_history') + grown('revisions')),
  ];
}

async function measureLooks({ api }: TestServer, flag: string, flags: number): Promise<Measurement[]> {
  const { items } = await api.call<{ items: { revision: { number: number } }[] }>(
    'GET',
    `${ENVIRONMENT}/revisions?limit=1`,
  );
  const head = items[0]?.revision.number ?? 0;
  const context = { targetingKey: 'user', country: 'CH' };
  const at = (number: number) => api.call('POST', `${ENVIRONMENT}/revisions/${number}/evaluate`, { flag, context });
  const first = await timeMs(() => at(head - 10));
  const again = await timeMs(() => at(head - 10));
  const from = Math.max(1, head - 2_000);
  const walk = await timeMs(() =>
    api.call('POST', `${ENVIRONMENT}/history/transitions`, { flag: 'toggled', context, from }),
  );
  let events = 0;
  const verify = await timeMs(async () => {
    const { chains } = await api.call<{ chains: { events: number }[] }>('GET', '/audit/verification');
    events = chains.reduce((sum, chain) => sum + chain.events, 0);
  });
  return [
    line(`evaluating at a past revision of ${flags} flags, first`, 'ms', first),
    line(`evaluating at a past revision of ${flags} flags, again`, 'ms', again),
    line(`all that changed an answer in ${head - from} revisions`, 'ms', walk),
    line('verifying the audit chains, an event', 'us', (verify * 1_000) / events),
  ];
}

interface ApiFlag {
  readonly environments: { readonly development: { readonly rules: readonly object[] } };
}

function flagOf(api: TestServer['api'], key: string): Promise<ApiFlag> {
  return api.call('GET', `/projects/default/flags/${key}`);
}

/** By table, with its indexes: pages that it has. */
function tableBytes(dataDir: string): Map<string, number> {
  const database = new Database(join(dataDir, 'bunting.db'), { readonly: true });
  try {
    const rows = database
      .prepare(
        `select coalesce(sqlite_schema.tbl_name, dbstat.name) as name, sum(pgsize) as bytes
         from dbstat left join sqlite_schema on sqlite_schema.name = dbstat.name group by 1`,
      )
      .all() as { name: string; bytes: number }[];
    return new Map(rows.map(({ name, bytes }) => [name, bytes]));
  } finally {
    database.close();
  }
}

async function timeMs(work: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now();
  await work();
  return performance.now() - beganMs;
}

function line(name: string, unit: string, ours: number): Measurement {
  return { case: name, unit, better: 'lower', ours: round(ours) };
}
