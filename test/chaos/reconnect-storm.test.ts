import { afterEach, expect, test } from 'vitest';
import { Fleet, whyNotSoMany } from '../processes/fleet.ts';
import { startServer, type TestServer } from '../processes/server.ts';
import { readStored } from './fresh-answers.ts';
import { type Scene, startScene } from './scene.ts';
import { readPlan, seeded } from './seeded.ts';

const { seed, size } = readPlan({
  sample: { clients: 500, processes: 1, deaths: 1 },
  whole: { clients: 10_000, processes: 2, deaths: 5 },
});

const cannot = whyNotSoMany(size.clients);
if (cannot !== undefined) process.stderr.write(`SKIPPED: the reconnect storm of ${size.clients} clients: ${cannot}\n`);

let server: TestServer | undefined;
let fleet: Fleet | undefined;
let scene: Scene | undefined;

afterEach(async () => {
  await scene?.close();
  await fleet?.stop();
  await server?.remove();
});

test.skipIf(cannot !== undefined)(
  `a server that is killed gets all of its ${size.clients} clients back, and brings them to what is stored`,
  { timeout: 10 * 60_000 },
  async () => {
    server = await startServer();
    // A few real SDKs among the crowd say what it is like for them.
    scene = await startScene({ servers: [server], instances: 4, random: seeded(seed) });
    await scene.editor.stop();
    fleet = new Fleet(size.processes);
    const { crowd } = await fleet.open({ url: server.url, key: scene.sdkKey, count: size.clients, receipts: true });
    for (let death = 0; death < size.deaths; death++) {
      // Killed in the middle of edits; those that follow are what nobody has when it is back.
      scene.editor.start();
      const diedMs = performance.now();
      await server.kill();
      await server.restart();
      await scene.editor.stop();
      await scene.editor.editAll();
      const { revision } = await readStored(server.api);
      await crowd.current(revision.number);
      const tookMs = performance.now() - diedMs;
      const { live, revisions, goodbyes, faults } = await crowd.census();
      const all = new Map([[revision.number, size.clients]]);
      expect({ live, revisions, faults }).toEqual({ live: size.clients, revisions: all, faults: [] });
      console.log(
        `reconnect-storm: ${size.clients} current ${Math.round(tookMs)} ms after the death; ${goodbyes} goodbyes so far`,
      );
    }
    console.log(`reconnect-storm: seed ${seed}; ${await scene.settle({ others: size.clients })}`);
  },
);
