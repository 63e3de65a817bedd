import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { TcpProxy, type Weather } from '../processes/proxy.ts';
import { startServer, type TestServer } from '../processes/server.ts';
import { type Scene, startScene } from './scene.ts';
import { readPlan, seeded } from './seeded.ts';

const { seed, size } = readPlan({
  sample: { stormMs: 3_000, instances: 16, waitForSilent: false },
  whole: { stormMs: 180_000, instances: 60, waitForSilent: true },
});

/** About one frame in ten meets something. */
const storm: Weather = {
  delayMs: 20,
  drop: 0.02,
  swap: 0.02,
  truncate: 0.02,
  end: 0.01,
  reset: 0.01,
  silence: 0.01,
};

let server: TestServer | undefined;
let proxy: TcpProxy | undefined;
let scene: Scene | undefined;

afterEach(async () => {
  await scene?.close();
  await proxy?.close();
  await server?.remove();
});

test('frames that are lost, swapped, late or torn, and connections that are cut or fall silent, change no answer', {
  timeout: 10 * 60_000,
}, async () => {
  const random = seeded(seed);
  server = await startServer();
  proxy = await TcpProxy.start([server.url], random);
  scene = await startScene({
    servers: [server],
    sdkUrls: [proxy.url],
    instances: size.instances,
    withPage: true,
    random: seeded(seed),
  });
  proxy.weather = storm;
  await sleep(size.stormMs);
  proxy.weather = {};
  // Who is on a connection that fell silent finds out by itself, in 45 s; the sample does not wait for it.
  if (!size.waitForSilent) proxy.resetAll();
  const outcome = await scene.settle({ timeoutMs: 120_000 });
  for (const [fault, count] of Object.entries(proxy.counts)) expect(count, fault).toBeGreaterThan(0);
  console.log(`bad-network: seed ${seed}; ${outcome}; ${JSON.stringify(proxy.counts)}`);
});
