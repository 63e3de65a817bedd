import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { makeFlag } from '../processes/flags.ts';
import { startServer, type TestServer } from '../processes/server.ts';
import { makeShiftedClock, type ShiftedClock } from '../processes/shifted-clock.ts';
import { waitFor } from '../processes/wait.ts';
import type { Witnesses } from '../processes/witnesses.ts';
import { type Scene, startScene } from './scene.ts';
import { readPlan, seeded } from './seeded.ts';

const { seed, size } = readPlan({
  sample: { jumps: 4, instances: 4 },
  whole: { jumps: 60, instances: 20 },
});

const second = 1_000;
const hour = 3_600 * second;
const offsets = [-24 * hour, -hour, -5 * second, 5 * second, hour, 24 * hour, 365 * 24 * hour];

const clocks: ShiftedClock[] = [];
let server: TestServer | undefined;
let scene: Scene | undefined;

afterEach(async () => {
  await scene?.close();
  await server?.remove();
  for (const clock of clocks.splice(0)) clock.remove();
});

test('clocks of servers and applications may jump: nothing turns stale, and time means the time of the server', {
  timeout: 10 * 60_000,
}, async () => {
  const random = seeded(seed);
  const [serverClock, appClock] = [makeShiftedClock(), makeShiftedClock()];
  clocks.push(serverClock, appClock);
  server = await startServer({ preloads: [serverClock.preload], env: serverClock.env });
  await makeFlag(server.api, timedFlag, timedTargeting);
  const application = { preloads: [appClock.preload], env: appClock.env };
  scene = await startScene({ servers: [server], instances: size.instances, random, ...application });
  for (let jump = 0; jump < size.jumps; jump++) {
    const clock = jump % 2 === 0 ? appClock : serverClock;
    clock.offsetMs = offsets[Math.floor(random() * offsets.length)] ?? 0;
    await sleep(300);
    await expectTimeOf(serverClock, scene.witnesses);
    for (const { state, dataAgeMs } of await scene.witnesses.testify()) {
      expect(state).toBe('live');
      expect(dataAgeMs).toBeLessThan(30 * second);
    }
  }
  console.log(`clock-jumps: seed ${seed}, ${size.jumps} jumps; ${await scene.settle()}`);
});

/** 1 when the moment `at` has passed, else 0. */
const timedFlag = {
  key: 'timed',
  type: 'number',
  variants: [
    { name: 'past', value: 1 },
    { name: 'future', value: 0 },
  ],
};
const timedTargeting = {
  enabled: true,
  rules: [{ id: 'past', when: { attribute: 'at', operator: 'before', values: ['now'] }, serve: { variant: 'past' } }],
  defaultRule: { variant: 'future' },
};

/** Instances learn the server's time from what it sends; until then, a jump of their own clock shows. */
async function expectTimeOf(clock: ShiftedClock, witnesses: Witnesses): Promise<void> {
  await waitFor(
    "all instances to go by the server's time",
    async () => {
      const nowMs = Date.now() + clock.offsetMs;
      const past = await witnesses.ask('timed', { targetingKey: 'someone', at: nowMs - 3 * second });
      const future = await witnesses.ask('timed', { targetingKey: 'someone', at: nowMs + 3 * second });
      return past.every((value) => value === 1) && future.every((value) => value === 0);
    },
    20 * second,
  );
}
