import { afterEach, expect, test } from 'vitest';
import { changeFlag, makeFlag, makeKey, readReceipts } from '../processes/flags.ts';
import { Fleet, whyNotSoMany } from '../processes/fleet.ts';
import { startServer, type TestServer } from '../processes/server.ts';
import { waitFor } from '../processes/wait.ts';
import { readPlan } from './seeded.ts';

const { size } = readPlan({
  sample: { clients: 500, processes: 1, deaths: 1 },
  whole: { clients: 10_000, processes: 2, deaths: 5 },
});

const cannot = whyNotSoMany(size.clients);
if (cannot !== undefined) process.stderr.write(`SKIPPED: the reconnect storm of ${size.clients} clients: ${cannot}\n`);

let server: TestServer | undefined;
let fleet: Fleet | undefined;

afterEach(async () => {
  await fleet?.stop();
  await server?.remove();
});

test.skipIf(cannot !== undefined)(
  `a server that is killed gets all of its ${size.clients} clients back, and brings them to what is stored`,
  { timeout: 10 * 60_000 },
  async () => {
    server = await startServer();
    const { api } = server;
    await makeFlag(api, { key: 'toggled', type: 'boolean' }, { enabled: true });
    const { secret: key } = await makeKey(api, 'server');
    fleet = new Fleet(size.processes);
    const { crowd } = await fleet.open({ url: server.url, key, count: size.clients, receipts: true });
    for (let death = 0; death < size.deaths; death++) {
      // One change that everyone has when the server dies, and one that nobody has when it is back.
      const before = await changeFlag(api, 'toggled', { enabled: false });
      await crowd.current(before.revision.number);
      const diedMs = performance.now();
      await server.kill();
      await server.restart();
      const { revision } = await changeFlag(api, 'toggled', { enabled: true });
      await crowd.current(revision.number);
      const tookMs = performance.now() - diedMs;
      const { live, revisions, goodbyes, faults } = await crowd.census();
      expect({ live, revisions, faults }).toEqual({
        live: size.clients,
        revisions: new Map([[revision.number, size.clients]]),
        faults: [],
      });
      await waitFor('all receipts', async () => (await readReceipts(api)).confirmed === size.clients, 30_000);
      console.log(
        `reconnect-storm: ${size.clients} current ${Math.round(tookMs)} ms after the death; ${goodbyes} goodbyes`,
      );
    }
  },
);
