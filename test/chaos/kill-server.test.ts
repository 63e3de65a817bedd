import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '@bunting/node';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeFlag, makeKey, readReceipts } from '../processes/flags.ts';
import { startServer, type TestServer } from '../processes/server.ts';
import { makeTempFolder } from '../processes/temp-folder.ts';
import { waitFor } from '../processes/wait.ts';
import { askWithoutPause } from './answer-loop.ts';
import { type ApiFlag, makeEditedFlags } from './edited-flags.ts';
import { Editor } from './editor.ts';
import { HistoryCheck } from './history-check.ts';
import { KeyWriter } from './key-writer.ts';
import { openPageWitness, type PageWitness } from './page-witness.ts';
import { readPlan, seeded } from './seeded.ts';

const flagKeys = Array.from({ length: 8 }, (_, index) => `flag-${index}`);
const { seed, size } = readPlan({
  sample: { changes: 60, kills: 3 },
  whole: { changes: 200, kills: 100 },
});

const { size: mixed } = readPlan({ sample: { kills: 4 }, whole: { kills: 200 } });
/** The server is killed at a random moment of this stretch, again and again. */
const MIXED_MS = 300;

let server: TestServer;
/** Where the server appends its checkpoints, apart from its data. */
let kept: ReturnType<typeof makeTempFolder>;
let page: PageWitness | undefined;

beforeEach(async () => {
  kept = makeTempFolder();
  server = await startServer({ env: { BUNTING_AUDIT_CHECKPOINT_FILE: join(kept.path, 'checkpoints.ndjson') } });
});
afterEach(async () => {
  await page?.close();
  await server.remove();
  kept.remove();
});

/** One flag's history as its editor knows it. */
interface Edited {
  /** The last value that the server acknowledged. */
  acknowledged: number;
  /** Values sent after that whose answer was lost with the server. Each may have been stored or not. */
  unknown: number[];
}

test(`killed ${size.kills} times during ${size.changes} changes: nothing acknowledged is lost, and the SDK answers throughout`, {
  timeout: 15 * 60_000,
}, async () => {
  console.log(
    `kill-server: seed ${seed} (repeat with BUNTING_SEED=${seed}), ${size.kills} kills, ${size.changes} changes`,
  );
  const random = seeded(seed);
  const killed = pickDistinct(size.kills, size.changes, random);
  const edited = new Map<string, Edited>();
  for (const key of flagKeys) {
    await makeFlag(server.api, numberFlag(key, 1), { enabled: true, defaultRule: { variant: 'current' } });
    edited.set(key, { acknowledged: 1, unknown: [] });
  }
  const flags = connect({ url: server.url, sdkKey: (await makeKey(server.api, 'server')).secret, logger: {} });
  await flags.ready();
  const heard = askWithoutPause(flags, flagKeys);
  const clientKey = (await makeKey(server.api, 'client')).secret;
  page = await openPageWitness({ url: server.url, clientKey, context: {}, keys: flagKeys, growing: flagKeys });
  let acknowledgedChanges = 0;
  let storedUnacknowledged = 0;

  for (let change = 2; change < size.changes + 2; change++) {
    const key = flagKeys[Math.floor(random() * flagKeys.length)] ?? 'flag-0';
    const flag = edited.get(key) ?? { acknowledged: 0, unknown: [] };
    const sent = saveValue(key, change);
    // The delay covers a whole request, so that kills fall before, into and after its transaction.
    const death = killed.has(change - 2) ? sleep(random() * 8).then(() => server.kill()) : undefined;
    if (await sent) {
      edited.set(key, { acknowledged: change, unknown: [] });
      acknowledgedChanges++;
    } else {
      expect(death, 'a change failed although nobody killed the server').toBeDefined();
      flag.unknown.push(change);
    }
    if (death) {
      await death;
      await server.restart();
      storedUnacknowledged += await expectNothingLost(edited);
    }
  }

  const stored = await readValues();
  await waitFor(
    'the SDK to catch up',
    () => flagKeys.every((key) => flags.getNumberValue(key, 0) === stored.get(key)),
    60_000,
  );
  heard.stop();
  expect(heard.faults).toEqual([]);
  expect(heard.answers).toBeGreaterThan(size.changes * flagKeys.length);
  await waitFor('its receipt', async () => (await readReceipts(server.api)).confirmed === 1);
  expect((await readReceipts(server.api)).revision.number).toBe(flags.revision?.number);
  if (page) {
    const values = Object.fromEntries(stored);
    await expect.poll(page.testify, { timeout: 60_000 }).toMatchObject({ state: 'live', faults: [], values });
  }
  expect(await countEdits()).toBe(acknowledgedChanges + storedUnacknowledged);
  await flags.close();
  await server.stop();
  expect(inspectDatabase()).toEqual({ integrity: 'ok', brokenReferences: [] });
  console.log(
    `kill-server: ${acknowledgedChanges} changes acknowledged, ${storedUnacknowledged} more stored, ${heard.answers} answers, none wrong`,
  );
});

test(`killed ${mixed.kills} times during mixed writes: what was acknowledged is there, no change is there by half, and the audit chains verify`, {
  timeout: 30 * 60_000,
}, async () => {
  console.log(`kill-server: seed ${seed}, ${mixed.kills} kills during mixed writes`);
  const random = seeded(seed + 1);
  await makeEditedFlags(server.api);
  const editor = new Editor([server.api], random);
  const keys = new KeyWriter([server.api]);
  await keys.begin();
  const history = new HistoryCheck(server.api, random);
  for (let kill = 0; kill < mixed.kills; kill++) {
    editor.start();
    keys.start();
    await sleep(random() * MIXED_MS);
    await server.kill();
    await editor.stop();
    await keys.stop();
    await server.restart();
    const { items } = await server.api.call<{ items: ApiFlag[] }>('GET', '/projects/default/flags?limit=200');
    editor.expectNothingLost(items);
    await keys.expectNothingLost();
    await history.expectWhole();
    await server.api.call('POST', '/audit/checkpoints');
  }
  await server.stop();
  expect(inspectDatabase()).toEqual({ integrity: 'ok', brokenReferences: [] });
  const checkpoints = join(kept.path, 'checkpoints.ndjson');
  const command = ['server/dist/main.js', 'verify-audit', '--data-dir', server.dataDir, '--checkpoints', checkpoints];
  const verified = spawnSync(process.execPath, command, { encoding: 'utf8' });
  expect([verified.status, verified.stderr]).toEqual([0, '']);
  const acknowledged = editor.acknowledged + keys.acknowledged;
  console.log(`kill-server: ${acknowledged} mixed writes acknowledged, none lost or torn\n${verified.stdout}`);
});

/** True when the server acknowledged it, false when the connection broke. Any other answer fails the test. */
async function saveValue(key: string, value: number): Promise<boolean> {
  const answer = await server.api
    .request('PATCH', `/projects/default/flags/${key}`, { variants: variantsOf(value) })
    .catch(() => undefined);
  if (answer) expect(answer).toMatchObject({ status: 200 });
  return answer !== undefined;
}

/** Also settles what is unknown: returns how many changes were stored although their answer was lost. */
async function expectNothingLost(edited: Map<string, Edited>): Promise<number> {
  let found = 0;
  for (const [key, value] of await readValues()) {
    const { acknowledged, unknown } = edited.get(key) ?? { acknowledged: Number.NaN, unknown: [] };
    expect([acknowledged, ...unknown], `${key} after a restart`).toContain(value);
    if (value !== acknowledged) found++;
    edited.set(key, { acknowledged: value, unknown: [] });
  }
  return found;
}

async function readValues(): Promise<Map<string, number>> {
  const { items } = await server.api.call<{ items: { key: string; variants: { value: number }[] }[] }>(
    'GET',
    '/projects/default/flags',
  );
  return new Map(items.map(({ key, variants }) => [key, variants[0]?.value ?? Number.NaN]));
}

/** Audit events of edits to flags: one for each change that was committed. */
async function countEdits(): Promise<number> {
  let count = 0;
  let cursor: string | null = null;
  do {
    const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: { items: { action: string }[]; nextCursor: string | null } = await server.api.call(
      'GET',
      `/audit?project=default&limit=200${query}`,
    );
    count += page.items.filter(({ action }) => action === 'flag.updated').length;
    cursor = page.nextCursor;
  } while (cursor !== null);
  return count;
}

/** What SQLite itself finds wrong with the stopped server's database. */
function inspectDatabase() {
  const database = new Database(join(server.dataDir, 'bunting.db'), { readonly: true });
  try {
    const integrity = database.pragma('integrity_check', { simple: true });
    return { integrity, brokenReferences: database.pragma('foreign_key_check') };
  } finally {
    database.close();
  }
}

function numberFlag(key: string, value: number) {
  return { key, type: 'number', clientVisible: true, variants: variantsOf(value) };
}

function variantsOf(value: number) {
  return [
    { name: 'current', value },
    { name: 'off', value: 0 },
  ];
}

/** `count` different whole numbers in 0 .. `below`. */
function pickDistinct(count: number, below: number, random: () => number): Set<number> {
  const picked = new Set<number>();
  while (picked.size < Math.min(count, below)) picked.add(Math.floor(random() * below));
  return picked;
}
