import { afterEach, expect, test } from 'vitest';
import type { Child } from '../../../tools/child.ts';
import { askCollectedGauge } from '../../processes/ask-gauge.ts';
import type { CollectedGauge } from '../../processes/gauge.ts';
import { waitFor } from '../../processes/wait.ts';
import { startScene } from '../scene.ts';
import { readPlan, seeded } from '../seeded.ts';
import { type FuzzScene, openFuzzScene } from './scene.ts';

const wanted = Number.parseInt(process.env.BUNTING_REQUESTS ?? '200000', 10);
const { seed, size } = readPlan({
  sample: { powerless: 80, requests: 240, messages: 300, raw: 100, instances: 1 },
  whole: { powerless: wanted * 0.05, requests: wanted * 0.7, messages: wanted * 0.2, raw: wanted * 0.05, instances: 2 },
});
/** Requests under way at once. */
const LANES = 4;

let fuzz: FuzzScene | undefined;
let healthy: Awaited<ReturnType<typeof startScene>> | undefined;

afterEach(async () => {
  await healthy?.close();
  await fuzz?.close();
});

test(`${size.requests} requests and ${size.messages} messages, good and bad, are answered as documented, leak nothing, and hurt nobody`, {
  timeout: 90 * 60_000,
}, async () => {
  console.log(`fuzz: seed ${seed} (repeat with BUNTING_SEED=${seed})`);
  fuzz = await openFuzzScene({ seed, lanes: LANES });
  const { server, http, stream, raw } = fuzz;
  const first = await askCollectedGauge(server.child);

  // Who may do nothing leaves nothing behind.
  const rows = fuzz.countRows();
  await http.run(size.powerless, { powerless: true });
  expect(fuzz.countRows()).toEqual(rows);

  healthy = await startScene({ servers: [server], instances: size.instances, random: seeded(seed) });
  await http.run(size.requests);
  await stream.run(size.messages);
  await raw.run(size.raw, LANES);
  console.log(`fuzz: ${await healthy.settle({ timeoutMs: 60_000 })}`);

  // What was refused is forgotten: once more of it, and there is no more memory, socket or timer than before.
  const before = await askCollectedGauge(server.child);
  await http.run(size.powerless, { powerless: true });
  await stream.run(size.messages + size.powerless);
  await raw.run(size.raw + size.powerless, LANES);
  http.rest();
  const after = await expectRest(server.child, before);
  const mb = (bytes: number) => `${Math.round(bytes / 1024 ** 2)} MB`;
  const sizes = ({ residentBytes, heapBytes, descriptors, resources }: CollectedGauge) =>
    `${mb(residentBytes)} resident, ${mb(heapBytes)} of objects, ${descriptors} descriptors, ${resources} resources`;
  console.log(
    `fuzz: at first ${sizes(first)}; after all ${sizes(before)}; after more of what is refused ${sizes(after)}`,
  );

  console.log(`fuzz: ${http.summary()}\nfuzz: ${stream.summary()}; ${raw.sent} times what is hardly HTTP`);
  const findings = [...http.findings, ...stream.findings, ...raw.findings];
  for (const { operation, caller, problem, repeat } of findings) {
    console.log(`fuzz: ${operation} by ${caller} ${problem}\n  ${repeat}`);
  }
  expect(findings.map(({ operation, problem }) => `${operation} ${problem}`)).toEqual([]);
  expect(await fuzz.refusedAndWritten()).toEqual([]);
  expect(fuzz.failures()).toEqual([]);
  expect(fuzz.loggedSecrets()).toEqual([]);
  expect(await server.api.call('GET', '/audit/verification')).toMatchObject({ intact: true });
});

/** What requests that come to nothing may leave behind: the code that a first one of a kind makes Node compile, and no more. */
const MAX_GROWTH_BYTES = 24 * 1024 ** 2;
/** Of connections that the healthy SDKs, the editor and this test keep. */
const MAX_MORE_DESCRIPTORS = 4;

/** Waits until the server has let go of what the storm needed. */
function expectRest(child: Child, before: CollectedGauge): Promise<CollectedGauge> {
  return waitFor(
    'the server to be at rest as before',
    async () => {
      const now = await askCollectedGauge(child);
      const isAtRest =
        now.heapBytes < before.heapBytes + MAX_GROWTH_BYTES &&
        now.descriptors <= before.descriptors + MAX_MORE_DESCRIPTORS &&
        now.resources <= before.resources + MAX_MORE_DESCRIPTORS;
      return isAtRest && now;
    },
    90_000,
  );
}
