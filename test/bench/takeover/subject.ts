import { Client } from 'pg';
import { startPostgres } from '../../../tools/postgres.ts';
import { startLoadBalancer } from '../../processes/load-balancer.ts';
import { newAdminKey, startServer, type TestServer } from '../../processes/server.ts';
import { TwoVersions } from '../../processes/two-versions.ts';
import { waitFor } from '../../processes/wait.ts';
import { round } from '../statistics.ts';
import type { Measurement, Subject } from '../subject.ts';
import { begin, command, phaseIs } from '../traffic/scene.ts';

const TARGET = '/projects/default/environments/development/traffic-targets/shop';
/** What the releases design allows for a change of hands. */
const BUDGET_S = 6;

/** What becomes of the server that holds a release. */
const FATES = [
  { name: 'SIGKILL', strike: (server: TestServer) => server.kill(), mend: (server: TestServer) => server.restart() },
  {
    name: 'SIGSTOP',
    strike: async (server: TestServer) => server.child.signal('SIGSTOP'),
    mend: async (server: TestServer) => server.child.signal('SIGCONT'),
  },
] as const;

/** How long a release has nobody who looks after it when its server dies, or stands still. */
export const takeover: Subject = {
  name: 'takeover',
  about:
    'the server that holds a canary on HAProxy dies or stands still: until the other of two holds it, and aborts it',

  async measure({ quick, say }) {
    const versions = await TwoVersions.start();
    const balancer = await startLoadBalancer('haproxy', 'figures of takeovers', versions.ports);
    if (balancer === undefined) throw new Error('there is no HAProxy on this machine');
    const postgres = await startPostgres();
    const servers: TestServer[] = [];
    const database = await postgres.createDatabase();
    const client = new Client({ connectionString: database });
    try {
      const adminKey = newAdminKey();
      const env = {
        ...{ DATABASE_URL: database, BUNTING_MASTER_KEY: Buffer.alloc(32, 'bench').toString('base64') },
        ...{ BUNTING_EGRESS_ALLOW: '127.0.0.1', BUNTING_TRAFFIC_PATHS: balancer.folder },
      };
      for (let at = 0; at < 2; at++) servers.push(await startServer({ env, adminKey }));
      const [a, b] = servers;
      if (a === undefined || b === undefined) throw new Error('there are two servers');
      await a.api.call('PUT', TARGET, { name: 'Shop', ...balancer.target });
      await client.connect();
      const holderOf = async (id: string): Promise<string> => {
        const { rows } = await client.query('select holder from release_leases where release_id = $1', [id]);
        return rows[0]?.holder;
      };
      const measurements: Measurement[] = [];
      for (const fate of FATES) {
        const [taken, aborted]: [number[], number[]] = [[], []];
        for (let turn = 0; turn < (quick ? 2 : 10); turn++) {
          const [holding, other] = turn % 2 === 0 ? [a, b] : [b, a];
          const isLeft = turn % 4 >= 2;
          const stages = [
            { trafficPer100k: 50_000, soakSeconds: 3_600 },
            { trafficPer100k: 100_000, soakSeconds: 0 },
          ];
          const id = await begin(holding.api, { strategy: 'canary', stages });
          const holder = await holderOf(id);
          const sinceMs = performance.now();
          await fate.strike(holding);
          if (quick ? turn === 0 : isLeft) {
            await waitFor('the other server to hold it', async () => (await holderOf(id)) !== holder, 20_000);
            taken.push((performance.now() - sinceMs) / 1_000);
          }
          const abortedMs = performance.now();
          await command(other.api, id, { command: 'abort', reason: 'bench' });
          await phaseIs(other.api, id, 'aborted');
          if (!(quick ? turn === 0 : isLeft)) aborted.push((performance.now() - abortedMs) / 1_000);
          await fate.mend(holding);
          say(`${fate.name}, round ${turn + 1}`);
        }
        const line = (name: string, seconds: readonly number[]): Measurement => ({
          case: `${fate.name}: ${name}, longest of ${seconds.length}`,
          ...{ unit: 's', better: 'lower', ours: round(Math.max(...seconds)), budget: BUDGET_S },
        });
        measurements.push(line('until the other server holds the release', taken));
        measurements.push(line('abort at the other server at once, until baseline is seen', aborted));
      }
      return {
        measurements,
        notes: [
          'two servers on one PostgreSQL, HAProxy 2.6 of Debian, all on one machine',
          'an abort takes the release from its holder, whose fence HAProxy refuses from then on; the rest waits for the lease of 4 s',
        ],
      };
    } finally {
      await client.end().catch(() => {});
      for (const server of servers) await server.remove();
      await postgres.stop();
      await balancer.remove();
      await versions.stop();
    }
  },
};
