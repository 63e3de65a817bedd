import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Child } from '../../../tools/child.ts';
import { type Postgres, startPostgresFor } from '../../../tools/postgres.ts';
import { askCollectedGauge } from '../../processes/ask-gauge.ts';
import type { CollectedGauge } from '../../processes/gauge.ts';
import { waitFor } from '../../processes/wait.ts';
import { type Scene, startScene } from '../scene.ts';
import { readPlan, seeded } from '../seeded.ts';
import { type FuzzScene, openFuzzScene } from './scene.ts';

const { seed, size } = readPlan({
  sample: { requests: 250, share: 1, engines: ['SQLite'] },
  // PostgreSQL gets a tenth, after the others.
  whole: { requests: readCount() ?? 200_000, share: 0.9, engines: ['SQLite', 'PostgreSQL'] },
});
/** Requests under way at once. */
const LANES = 4;

let postgres: Postgres | undefined;
let fuzz: FuzzScene | undefined;
let healthy: Scene | undefined;

beforeAll(async () => {
  if (size.engines.includes('PostgreSQL')) postgres = await startPostgresFor('the fuzzer');
});
afterAll(() => postgres?.stop());
afterEach(async () => {
  await healthy?.close();
  healthy = undefined;
  await fuzz?.close();
  fuzz = undefined;
});

test.each(size.engines)(
  'on %s, requests and messages, good and bad, are answered as documented, leak nothing, and hurt nobody',
  {
    timeout: 120 * 60_000,
  },
  async (engine) => {
    if (engine === 'PostgreSQL' && postgres === undefined) return;
    const count = Math.round(size.requests * (engine === 'PostgreSQL' ? 1 - size.share : size.share));
    console.log(`fuzz: ${count} requests on ${engine}, seed ${seed} (repeat with BUNTING_SEED=${seed})`);
    const databaseUrl = engine === 'PostgreSQL' ? await postgres?.createDatabase() : undefined;
    fuzz = await openFuzzScene({ seed, lanes: LANES, databaseUrl });
    const { server, http, stream, raw } = fuzz;
    const first = await askCollectedGauge(server.child);

    // Who may do nothing leaves nothing behind.
    const rows = fuzz.countRows();
    await http.run(count * 0.02, { powerless: true });
    const rowsAfter = fuzz.countRows();

    healthy = await startScene({ servers: [server], instances: 2, random: seeded(seed) });
    await http.run(count * 0.68);
    await stream.run(count * 0.2);
    await raw.run(count * 0.05);
    const findings = [...http.findings, ...stream.findings, ...raw.findings];
    expect(findings.map(({ operation, problem }) => `${operation} ${problem}`)).toEqual([]);
    expect(rowsAfter).toEqual(rows);
    console.log(`fuzz: ${await healthy.settle({ timeoutMs: 60_000 })}`);

    // What was refused is forgotten: after more of it there is no more memory, socket or timer than before.
    const before = await askCollectedGauge(server.child);
    await http.run(count * 0.03, { powerless: true });
    await stream.run(count * 0.01);
    await raw.run(count * 0.01);
    http.rest();
    const after = await expectRest(server.child, before);
    console.log(`fuzz: at first ${told(first)}; after all ${told(before)}; after more that is refused ${told(after)}`);
    console.log(`fuzz: ${http.summary()}\nfuzz: ${stream.summary()}; ${raw.sent} times what is hardly HTTP`);

    expect(await fuzz.refusedAndWritten()).toEqual([]);
    expect(fuzz.failures()).toEqual([]);
    expect(fuzz.loggedSecrets()).toEqual([]);
    expect(await server.api.call('GET', '/audit/verification')).toMatchObject({ intact: true });
  },
);

function readCount(): number | undefined {
  const count = Number.parseInt(process.env.BUNTING_REQUESTS ?? '', 10);
  return Number.isNaN(count) ? undefined : count;
}

function told({ residentBytes, heapBytes, descriptors, resources }: CollectedGauge): string {
  const mb = (bytes: number) => `${Math.round(bytes / 1024 ** 2)} MB`;
  return `${mb(residentBytes)} resident, ${mb(heapBytes)} of objects, ${descriptors} descriptors, ${resources} resources`;
}

/** What requests that come to nothing may leave behind: the code that a first one of a kind makes Node compile, and no more. */
const MAX_GROWTH_BYTES = 24 * 1024 ** 2;
/** Of connections that the healthy SDKs, the editor and this test keep. */
const MAX_MORE_DESCRIPTORS = 4;

/** Waits until the server has let go of what the storm needed. */
async function expectRest(child: Child, before: CollectedGauge): Promise<CollectedGauge> {
  let now = before;
  const isAtRest = async () => {
    now = await askCollectedGauge(child);
    return (
      now.heapBytes < before.heapBytes + MAX_GROWTH_BYTES &&
      now.descriptors <= before.descriptors + MAX_MORE_DESCRIPTORS &&
      now.resources <= before.resources + MAX_MORE_DESCRIPTORS
    );
  };
  try {
    await waitFor('the server to be at rest as before', isAtRest, 90_000);
  } catch (error) {
    throw new Error(`before: ${told(before)}; now: ${told(now)}`, { cause: error });
  }
  return now;
}
