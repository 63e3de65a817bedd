import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, test } from 'vitest';
import { familyOf } from '../../tools/process-family.ts';
import { isAlive } from '../processes/is-alive.ts';
import { startServer, type TestServer } from '../processes/server.ts';
import { waitFor } from '../processes/wait.ts';
import { type Scene, startScene } from './scene.ts';
import { readPlan, seeded } from './seeded.ts';

interface Size {
  readonly rounds: number;
  readonly instances: number;
  readonly pauseMs: number;
  /** One that hangs (SIGSTOP) is noticed after a while, which the sample does not wait for. */
  readonly signals: readonly NodeJS.Signals[];
}

const { seed, size } = readPlan<Size>({
  sample: { rounds: 1, instances: 6, pauseMs: 300, signals: ['SIGKILL'] },
  whole: { rounds: 8, instances: 60, pauseMs: 3_000, signals: ['SIGKILL', 'SIGSTOP'] },
});
const workers = 2;

let server: TestServer | undefined;
let scene: Scene | undefined;

afterEach(async () => {
  await scene?.close();
  await server?.remove();
});

test(`workers may be ended by ${size.signals.join(' and ')}, and end with their server: SDKs come back to those that are there`, {
  timeout: 10 * 60_000,
}, async () => {
  const random = seeded(seed);
  server = await startServer({ env: { BUNTING_WORKERS: String(workers) } });
  scene = await startScene({ servers: [server], instances: size.instances, withPage: true, random });
  const pause = () => sleep(size.pauseMs * (0.5 + random()));
  for (let round = 0; round < size.rounds; round++) {
    for (const signal of size.signals) {
      const victim = (await allWorkers(server))[Math.floor(random() * workers)] ?? 0;
      process.kill(victim, signal);
      await waitFor('the worker to be replaced', () => server && !isAlive(victim) && allWorkers(server), 30_000);
      await pause();
    }
    const orphans = await allWorkers(server);
    await server.kill();
    await waitFor('its workers to end', () => !orphans.some(isAlive));
    await pause();
    await server.restart();
    await pause();
  }
  console.log(`kill-worker: seed ${seed}; ${await scene.settle()}`);
});

/** Their process ids, when all of them are there. */
async function allWorkers({ child }: TestServer): Promise<number[]> {
  return waitFor('all workers', () => {
    const pids = familyOf(child.pid ?? 0)
      .slice(1)
      .filter(isAlive);
    return pids.length === workers && pids;
  });
}
