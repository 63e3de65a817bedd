import type { LoadBalancerName } from '../../processes/load-balancer.ts';
import { percentile, round } from '../statistics.ts';
import type { Measurement, Options, Subject } from '../subject.ts';
import { type Abort, measureAbort } from './abort.ts';
import { type BadCanary, measureBadCanary } from './bad-canary.ts';
import { type Scene, setScene } from './scene.ts';
import { measureWhole, type Whole } from './whole.ts';

/** What releases cost visitors while they move traffic. */
export const traffic: Subject = {
  name: 'traffic',
  about: 'releases that steer HAProxy, NGINX and Caddy: abort to baseline, failed requests, cohorts, a bad canary',

  async measure(options) {
    const measurements: Measurement[] = [];
    const notes = [
      'the real programs as Debian has them, configured by deploy/, the server, two versions and all visitors on one machine',
      'abort: from sending the command of a canary at 50 % (server with SQLite) to the first answer of the baseline for someone whom the candidate had answered; 4 connections that stay open, and ask again at once',
      'whole ways: 500 visitors with a bucket each, 500 requests a second on connections that stay open, nothing is asked twice; canary 5, 20, 50, 100 %, blue/green 100 %, each with its rollback; kept: nobody went back and forth',
      'bad canary: 5 %, whose requests begin to fail after 3 s; the gate (crash, alpha 1 %) looks once a second at what the load balancer counted; from the first error to the last answer of the candidate',
    ];
    for (const name of ['haproxy', 'nginx', 'caddy'] as const) {
      const scene = await setScene(name);
      if (scene === undefined) {
        notes.push(`${name}: not to be had on this machine`);
        continue;
      }
      try {
        measurements.push(...(await measureOne(name, scene, options, notes)));
      } finally {
        await scene.remove();
      }
    }
    return { measurements, notes };
  },
};

async function measureOne(
  name: LoadBalancerName,
  scene: Scene,
  { quick, say }: Options,
  notes: string[],
): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  const rounds = quick ? 3 : 100;
  say(`${name}: ${rounds} aborts ...`);
  const aborts: Abort[] = [];
  for (let at = 0; at < rounds; at++) aborts.push(await measureAbort(scene));
  measurements.push(...reportAborts(name, aborts));
  for (const strategy of ['canary', 'blue_green'] as const) {
    say(`${name}: a whole ${strategy} ...`);
    const whole = await measureWhole(scene, strategy, quick ? 1 : 10);
    measurements.push(...reportWhole(name, strategy, whole, notes));
  }
  // The others count nothing.
  if (name !== 'haproxy') return measurements;
  for (const failing of [0.5, 0.1]) {
    say(`${name}: a canary of which ${failing * 100} % fail ...`);
    const bad: BadCanary[] = [];
    for (let at = 0; at < (quick ? 1 : 10); at++) bad.push(await measureBadCanary(scene, failing));
    measurements.push(...reportBad(name, failing, bad));
  }
  return measurements;
}

function reportAborts(name: string, aborts: readonly Abort[]): Measurement[] {
  const line = (what: string, values: readonly number[], percent: number): Measurement => ({
    case: `${name}, abort to ${what}, p${percent}`,
    unit: 'ms',
    better: 'lower',
    ours: round(percentile(values, percent)),
  });
  const first = aborts.map(({ firstMs }) => firstMs);
  const last = aborts.map(({ lastMs }) => lastMs);
  return [
    { ...line('first answer of the baseline', first, 50) },
    { ...line('first answer of the baseline', first, 99), ...(name === 'haproxy' ? { budget: 50 } : {}) },
    line('last answer of the candidate', last, 50),
    line('last answer of the candidate', last, 99),
  ];
}

function reportWhole(name: string, strategy: string, whole: Whole, notes: string[]): Measurement[] {
  const { requests, failures, kept } = whole;
  const failed = [...failures.values()].reduce((sum, count) => sum + count, 0);
  const why = [...failures].map(([error, count]) => `${count} ${error}`).join(', ');
  notes.push(`${name}, ${strategy}: ${requests} requests${why === '' ? '' : `; failed: ${why}`}`);
  const what = `${name}, ${strategy.replace('_', '/')} and rollback`;
  const goal = name === 'haproxy' ? { budget: 0 } : {};
  return [
    { case: `${what}, failed requests`, unit: '', better: 'lower', ours: failed, ...goal },
    {
      case: `${what}, visitors who kept their side`,
      unit: '%',
      better: 'higher',
      ours: round(kept * 100),
      budget: 100,
    },
  ];
}

function reportBad(name: string, failing: number, bad: readonly BadCanary[]): Measurement[] {
  const line = (what: string, unit: string, values: readonly number[], percent: number): Measurement => ({
    case: `${name}, canary at 5 %, ${failing * 100} % fail, ${what}, ${percent === 50 ? 'median' : 'worst'}`,
    ...{ unit, better: 'lower', ours: round(percentile(values, percent)) },
  });
  const seconds = bad.map(({ ms }) => ms / 1_000);
  const errors = bad.map((one) => one.errors);
  return [
    line('first error to rollback', 's', seconds, 50),
    line('first error to rollback', 's', seconds, 100),
    line('errors that visitors saw', '', errors, 50),
    line('errors that visitors saw', '', errors, 100),
  ];
}
