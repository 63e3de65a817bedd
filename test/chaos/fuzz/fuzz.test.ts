import { afterEach, expect, test } from 'vitest';
import { startScene } from '../scene.ts';
import { readPlan, seeded } from '../seeded.ts';
import { type FuzzScene, openFuzzScene } from './scene.ts';

const wanted = Number.parseInt(process.env.BUNTING_REQUESTS ?? '200000', 10);
const { seed, size } = readPlan({
  sample: { requests: 300, powerless: 100, instances: 1 },
  whole: { requests: wanted * 0.9, powerless: wanted * 0.1, instances: 4 },
});
/** Requests under way at once. */
const LANES = 4;

let fuzz: FuzzScene | undefined;
let healthy: Awaited<ReturnType<typeof startScene>> | undefined;

afterEach(async () => {
  await healthy?.close();
  await fuzz?.close();
});

test(`${size.requests} requests made from the OpenAPI document are answered as it says, leak nothing, and hurt nobody`, {
  timeout: 90 * 60_000,
}, async () => {
  console.log(`fuzz: seed ${seed} (repeat with BUNTING_SEED=${seed})`);
  fuzz = await openFuzzScene({ seed, lanes: LANES });
  const { server, http } = fuzz;

  // Who may do nothing leaves nothing behind.
  const rows = fuzz.countRows();
  await http.run(size.powerless, { powerless: true });
  expect(fuzz.countRows()).toEqual(rows);

  healthy = await startScene({ servers: [server], instances: size.instances, random: seeded(seed) });
  await http.run(size.requests);
  console.log(`fuzz: ${await healthy.settle({ timeoutMs: 60_000 })}`);

  console.log(`fuzz: ${http.summary()}`);
  for (const { operation, caller, problem, curl } of http.findings) {
    console.log(`fuzz: ${operation} by ${caller} ${problem}\n  ${curl}`);
  }
  expect(http.findings.map(({ operation, problem }) => `${operation} ${problem}`)).toEqual([]);
  expect(await fuzz.refusedAndWritten()).toEqual([]);
  expect(fuzz.failures()).toEqual([]);
  expect(fuzz.loggedSecrets()).toEqual([]);
  expect(await server.api.call('GET', '/audit/verification')).toMatchObject({ intact: true });
});
