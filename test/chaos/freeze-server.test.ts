import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { startServer, type TestServer } from '../processes/server.ts';
import { type Scene, startScene } from './scene.ts';
import { readPlan, seeded } from './seeded.ts';

const { seed, size } = readPlan({
  sample: { freezes: 1, frozenMs: 3_000, instances: 6 },
  whole: { freezes: 4, frozenMs: 30_000, instances: 50 },
});

let server: TestServer | undefined;
let scene: Scene | undefined;

afterEach(async () => {
  server?.child.signal('SIGCONT');
  await scene?.close();
  await server?.remove();
});

test(`a server that stands still for ${size.frozenMs / 1000} s is waited for, and all goes on from where it was`, {
  timeout: 10 * 60_000,
}, async () => {
  server = await startServer();
  scene = await startScene({ servers: [server], instances: size.instances, withPage: true, random: seeded(seed) });
  for (let i = 0; i < size.freezes; i++) {
    await sleep(1_000);
    server.child.signal('SIGSTOP');
    const before = await scene.witnesses.heard();
    await sleep(size.frozenMs);
    // Answers come from memory: that nobody is there does not matter.
    expect((await scene.witnesses.heard()).answers).toBeGreaterThan(before.answers);
    server.child.signal('SIGCONT');
  }
  console.log(`freeze-server: seed ${seed}; ${await scene.settle()}`);
});
