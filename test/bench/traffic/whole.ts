import { waitFor } from '../../processes/wait.ts';
import { begin, command, phaseIs, type Scene } from './scene.ts';
import { Visitors } from './visitors.ts';

/** What became of visitors while a release went all the way and back again. */
export interface Whole {
  readonly requests: number;
  /** What failed, by why. */
  readonly failures: ReadonlyMap<string, number>;
  /** The share of visitors who changed sides only as they should. */
  readonly kept: number;
}

const CANARY = [5_000, 20_000, 50_000, 100_000];

/** The whole way to everyone, a while of that, and the rollback, under 500 requests a second. */
export async function measureWhole(
  { balancer, server: { api } }: Scene,
  strategy: 'canary' | 'blue_green',
  soakSeconds: number,
): Promise<Whole> {
  const visitors = new Visitors(balancer.url);
  let backMs = Number.POSITIVE_INFINITY;
  try {
    const shares = strategy === 'canary' ? CANARY : [100_000];
    const stages = shares.map((trafficPer100k) => ({ trafficPer100k, soakSeconds }));
    await waitFor('visitors', () => visitors.visits.length > 500);
    const id = await begin(api, { strategy, stages });
    await phaseIs(api, id, 'succeeded', 30_000 + shares.length * (soakSeconds + 5) * 1_000);
    await waitFor('everyone to be there', () => visitors.visits.slice(-500).every(({ side }) => side === 'candidate'));
    backMs = performance.now();
    await command(api, id, { command: 'rollback', reason: 'bench' });
    await phaseIs(api, id, 'rolled_back');
    await waitFor('everyone to be back', () => visitors.visits.slice(-500).every(({ side }) => side === 'baseline'));
  } finally {
    await visitors.stop();
  }
  const failures = new Map<string, number>();
  for (const { error = '' } of visitors.failed) failures.set(error, (failures.get(error) ?? 0) + 1);
  return { requests: visitors.visits.length, failures, kept: visitors.keptUntil(backMs) };
}
