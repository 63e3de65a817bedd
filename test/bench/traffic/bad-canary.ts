import { setTimeout as wait } from 'node:timers/promises';
import { waitFor } from '../../processes/wait.ts';
import { begin, phaseIs, type Scene } from './scene.ts';
import { Visitors } from './visitors.ts';

/** What a candidate that fails costs before the release takes it back by itself. */
export interface BadCanary {
  /** From the first error that a visitor saw until the candidate answered for the last time, in milliseconds. */
  readonly ms: number;
  /** How many visitors' requests failed. */
  readonly errors: number;
}

/** By what the load balancer counted, looked at every second: a crash is proven by a handful of errors. */
const WATCH = [
  {
    ...{ kind: 'sequential', name: 'Errors', everySeconds: 1, of: { kind: 'traffic' } },
    test: { kind: 'crash', alpha: 0.01, atMost: 0.01 },
  },
];

/** A candidate at 5 % begins to fail. */
export async function measureBadCanary(
  { balancer, versions, server: { api } }: Scene,
  failing: number,
): Promise<BadCanary> {
  const visitors = new Visitors(balancer.url);
  try {
    const stages = [5_000, 100_000].map((trafficPer100k) => ({ trafficPer100k, soakSeconds: 3_600 }));
    const id = await begin(api, { strategy: 'canary', stages, watch: WATCH });
    await waitFor('the candidate to answer', () => visitors.visits.some(({ side }) => side === 'candidate'), 20_000);
    // It is well, and watched, for a while.
    await wait(3_000);
    versions.failing.candidate = failing;
    await phaseIs(api, id, 'aborted', 120_000);
  } finally {
    versions.failing.candidate = 0;
    await visitors.stop();
  }
  const [first] = visitors.failed;
  const last = visitors.visits.findLast(({ side }) => side === 'candidate');
  return { ms: (last?.endedMs ?? Number.NaN) - (first?.sentMs ?? Number.NaN), errors: visitors.failed.length };
}
