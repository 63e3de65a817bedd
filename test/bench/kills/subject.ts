import { connect, type Flags } from '@bunting/node';
import { type Postgres, startPostgres } from '../../../tools/postgres.ts';
import { makeFlag, makeKey } from '../../processes/flags.ts';
import { startServer, type TestServer } from '../../processes/server.ts';
import { waitFor } from '../../processes/wait.ts';
import { percentile, round } from '../statistics.ts';
import type { Measurement, Options, Outcome, Subject } from '../subject.ts';

/** How fast a kill on one server takes effect in an SDK that is connected to another, with and without the database. */
export const kills: Subject = {
  name: 'kills',
  about: 'a kill on one of two servers on PostgreSQL, until an SDK on the other obeys it; with the database dead, too',

  async measure(options) {
    const postgres = await startPostgres();
    const opened: (() => Promise<unknown>)[] = [() => postgres.stop()];
    try {
      const databaseUrl = await postgres.createDatabase();
      const adminKey = `bnt_adm_${'k'.repeat(43)}`;
      const start = async () => {
        const server = await startServer({ env: { DATABASE_URL: databaseUrl }, adminKey });
        opened.push(() => server.remove());
        return server;
      };
      const killing = await start();
      const serving = await start();
      const flags = connect({
        url: serving.url,
        sdkKey: (await makeKey(serving.api, 'server')).secret,
        app: 'bench',
        logger: {},
      });
      opened.push(() => flags.close());
      return await measure({ killing, flags, postgres, ...options });
    } finally {
      for (const close of opened.reverse()) await close();
    }
  },
};

interface Scene extends Options {
  /** The server that is asked to kill. */
  readonly killing: TestServer;
  /** An SDK on the other server. */
  readonly flags: Flags;
  readonly postgres: Postgres;
}

async function measure({ killing, flags, postgres, quick, say }: Scene): Promise<Outcome> {
  const count = quick ? 10 : 200;
  const groups = ['warm', 'up', 'crowd', 'down'].map((group) => keysOf(group, count));
  const [warm = [], up = [], crowd = [], down = []] = groups;
  say(`making ${groups.flat().length} flags ...`);
  for (const key of groups.flat()) await makeFlag(killing.api, { key, type: 'boolean' }, { enabled: true });
  const isOn = (key: string) => flags.isEnabled(key, { targetingKey: 'user' });
  await waitFor('the SDK to have all flags', () => groups.flat().every(isOn), 30_000);

  const killEach = async (keys: readonly string[]) => {
    const taken: Taken[] = [];
    for (const key of keys) taken.push(await killOne(killing, flags, key));
    return taken;
  };
  say('killing, one after the other ...');
  await killEach(warm);
  const withDatabase = await killEach(up);

  say('killing, all at once ...');
  const beganMs = performance.now();
  const answers = Promise.all(crowd.map((key) => kill(killing, key)));
  await waitFor('the SDK to obey all', () => !crowd.some(isOn), 30_000);
  const crowdMs = performance.now() - beganMs;
  await answers;

  say('killing without the database ...');
  await postgres.kill();
  const withoutDatabase = await killEach(down);
  return {
    measurements: [
      ...describe('the database up', withDatabase),
      ...describe('the database dead', withoutDatabase),
      line(`${count} flags killed at once, until the SDK obeys the last`, crowdMs),
    ],
    notes: [
      `${count} kills each, by HTTP requests on loopback; the SDK in the process that asks`,
      'an answer is given when the other server has confirmed the kill and it is stored, or could not be',
    ],
  };
}

interface Taken {
  readonly obeyedMs: number;
  readonly answeredMs: number;
}

/** From the request until the SDK on the other server serves the safe variant, and until the answer. */
async function killOne(server: TestServer, flags: Flags, key: string): Promise<Taken> {
  const beganMs = performance.now();
  const obeyed = new Promise<number>((resolve) => {
    const end = flags.on('change', ({ keys }) => {
      if (!keys.includes(key)) return;
      end();
      resolve(performance.now() - beganMs);
    });
  });
  const answered = kill(server, key).then(() => performance.now() - beganMs);
  return { obeyedMs: await obeyed, answeredMs: await answered };
}

function kill(server: TestServer, key: string): Promise<unknown> {
  const path = `/projects/default/flags/${key}/environments/development/kill`;
  return server.api.call('POST', path, { reason: 'bench' });
}

function keysOf(group: string, count: number): string[] {
  return Array.from({ length: count }, (_, at) => `${group}-${at}`);
}

function describe(where: string, taken: readonly Taken[]): Measurement[] {
  const obeyed = taken.map(({ obeyedMs }) => obeyedMs);
  const answered = taken.map(({ answeredMs }) => answeredMs);
  return [
    line(`${where}: until the SDK obeys, p50`, percentile(obeyed, 50)),
    line(`${where}: until the SDK obeys, p99`, percentile(obeyed, 99)),
    line(`${where}: until the answer, p50`, percentile(answered, 50)),
  ];
}

function line(name: string, ms: number): Measurement {
  return { case: name, unit: 'ms', better: 'lower', ours: round(ms) };
}
