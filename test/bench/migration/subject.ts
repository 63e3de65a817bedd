import { startPostgres } from '../../../tools/postgres.ts';
import { type OrdersScene, PHASES, startOrders } from '../../processes/orders.ts';
import { startServer } from '../../processes/server.ts';
import { percentile, round } from '../statistics.ts';
import type { Measurement, Options, Subject } from '../subject.ts';

const PHASE_TIMEOUT_MS = 20 * 60_000;

/** A table that moves to another one while an application goes on with it. */
export const migration: Subject = {
  name: 'migration',
  about: 'a PostgreSQL table of 1 000 000 rows through all phases of a plan, under reads and writes by flags.migrate',

  async measure(options) {
    const rows = options.quick ? 20_000 : 1_000_000;
    const postgres = await startPostgres();
    const server = await startServer({ env: { BUNTING_EGRESS_ALLOW: '127.0.0.1' } });
    let scene: OrdersScene | undefined;
    try {
      options.say(`${rows} rows ...`);
      const databaseUrl = await postgres.createDatabase();
      scene = await startOrders({ server, databaseUrl, rows, instances: 2, users: 4, restMs: 10 });
      const measurements = await measurePhases(scene, options);
      return {
        measurements,
        notes: [
          `${rows} rows at the beginning; 2 instances of 4 users, who rest 10 ms after each request; PostgreSQL, server and application on one machine, fsync on`,
          'backfill in batches of at most 5 000 rows for half of the time, an index built beside it, and all rows compared; each stage is confirmed by all instances and has 2 s to settle',
          'failed: requests that a user saw fail; wrong: answers older than what a user was told; differing: rows that one of the tables lacked or had otherwise, when the load had ended',
        ],
      };
    } finally {
      await scene?.close();
      await server.remove();
      await postgres.stop();
    }
  },
};

async function measurePhases(scene: OrdersScene, { say }: Options): Promise<Measurement[]> {
  const line = (name: string, unit: string, ours: number, budget?: number): Measurement => ({
    ...{ case: name, unit, better: 'lower', ours: round(ours) },
    ...(budget === undefined ? {} : { budget }),
  });
  const beganMs = performance.now();
  const lines: Measurement[] = [];
  for (const phase of PHASES) {
    const fromMs = performance.now();
    await scene.go(phase);
    await scene.reach(phase, PHASE_TIMEOUT_MS);
    const seconds = (performance.now() - fromMs) / 1_000;
    say(`${phase}: ${seconds.toFixed(1)} s`);
    lines.push(line(phase, 's', seconds));
    // While both tables are there: once they are not, what users were told is asked for.
    if (phase === 'read_only_new') lines.push(line('rows that differ', 'rows', await differing(scene), 0));
  }
  lines.push(line('all phases', 's', (performance.now() - beganMs) / 1_000));
  const { heard, rows } = await scene.settle();
  const { reads, writes, failed, wrong, tookMs } = heard;
  say(`${reads} reads, ${writes} writes, ${rows} rows at the end`);
  for (const failure of [...heard.failures, ...wrong]) say(failure);
  return [
    ...lines,
    line(`failed of ${reads + writes} requests`, 'requests', failed, 0),
    line('wrong or lost', 'answers', wrong.length, 0),
    line('a request, median', 'ms', percentile(tookMs, 50)),
    line('a request, p99', 'ms', percentile(tookMs, 99)),
    line('a request, longest', 'ms', tookMs.at(-1) ?? 0),
  ];
}

/** Counted with the load held still: else what is under way would count. */
async function differing(scene: OrdersScene): Promise<number> {
  const { differing } = await scene.pauseAndCompare();
  return differing;
}
