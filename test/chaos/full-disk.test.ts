import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { makeFillableDisk } from '../processes/fillable-disk.ts';
import { makeKey } from '../processes/flags.ts';
import type { TestProgram } from '../processes/program.ts';
import { startRelay } from '../processes/relay.ts';
import { startServer, type TestServer } from '../processes/server.ts';
import { readStored } from './fresh-answers.ts';
import { type Scene, startScene } from './scene.ts';
import { readPlan, seeded } from './seeded.ts';

const { seed, size } = readPlan({
  sample: { instances: 4, fullMs: 1_500 },
  whole: { instances: 40, fullMs: 60_000 },
});

const disk = makeFillableDisk();

let server: TestServer | undefined;
let relay: TestProgram | undefined;
let scene: Scene | undefined;

afterEach(async () => {
  await scene?.close();
  await relay?.remove();
  await server?.remove();
  disk.remove();
});

test('a relay whose disk is full serves on, keeps the last that was written whole, and writes again when it can', {
  timeout: 10 * 60_000,
}, async () => {
  server = await startServer();
  const { secret } = await makeKey(server.api, 'relay');
  relay = await startRelay(server.url, secret, { preloads: [disk.preload], env: disk.env });
  scene = await startScene({
    servers: [server],
    sdkUrls: [relay.url],
    instances: size.instances,
    random: seeded(seed),
  });
  // Long enough for the relay to write what it has.
  await sleep(2_500);
  disk.isFull = true;
  await sleep(size.fullMs);
  const before = await readyOf(relay);
  expect(before.status).toBe('ready');

  // Now only the disk knows anything, and what it has is old.
  await Promise.all([server.kill(), relay.kill()]);
  await relay.restart();
  const kept = await readyOf(relay);
  expect(kept.status).toBe('degraded');
  expect(kept.revision).toBeGreaterThan(0);
  expect(kept.revision).toBeLessThan(before.revision);

  await server.restart();
  await sleep(size.fullMs);
  disk.isFull = false;
  const outcome = await scene.settle();
  const { revision } = await readStored(server.api);
  await Promise.all([server.stop(), relay.stop()]);
  expect(readdirSync(relay.dataDir).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  await relay.restart();
  expect(await readyOf(relay)).toEqual({ status: 'degraded', revision: revision.number });
  console.log(`full-disk: seed ${seed}; ${outcome}`);
});

async function readyOf({ url }: TestProgram): Promise<{ status: string; revision: number }> {
  const body = await (await fetch(`${url}/readyz`)).json();
  const { status, environments } = body as { status: string; environments: { revision: number | null }[] };
  return { status, revision: environments[0]?.revision ?? 0 };
}
