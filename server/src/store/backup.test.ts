import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Config } from '../config/config.ts';
import { readConfig } from '../config/read-config.ts';
import { newFolder, startApp, type TestServer } from '../testing/start-app.ts';
import { engine, newDatabase } from '../testing/test-database.ts';
import { runBackup, runRestore } from './backup.ts';

const MASTER_KEY = Buffer.alloc(32, 'backup').toString('base64');
const quiet = () => {};

/** An installation of its own, on the engine of these tests or on SQLite. */
async function newPlace(on = engine): Promise<Config> {
  const databaseUrl = on === 'postgres' ? await newDatabase({ migrated: false }) : undefined;
  return { ...readConfig(), dataDir: newFolder(), databaseUrl, masterKey: MASTER_KEY };
}

const start = (config: Config) => startApp({ dataDir: config.dataDir, config });

async function startFilled(config: Config): Promise<TestServer & { secret: string; sealed: string }> {
  const server = await start(config);
  await server.call('POST', '/projects', { key: 'shop', name: 'Shop' });
  for (let at = 0; at < 20; at++) await server.call('POST', '/projects/shop/flags', { key: `f${at}`, type: 'boolean' });
  await server.call('PATCH', '/projects/shop/flags/f1/environments/production', { enabled: true });
  await server.call('POST', '/projects/shop/flags/f2/environments/production/kill', { reason: 'x' });
  const key = { kind: 'server', name: 'k' };
  const { body } = await server.call('POST', '/projects/shop/environments/production/keys', key);
  return { ...server, secret: body.secret, sealed: server.app.bunting.vault.seal('a', 'secret') };
}

const served = ({ app }: TestServer) =>
  [...app.bunting.rulesets.all()]
    .map(({ project, environment, revision: { number, hash }, kills }) => ({
      project,
      environment,
      number,
      hash,
      kills,
    }))
    .sort((a, b) => `${a.project} ${a.environment}`.localeCompare(`${b.project} ${b.environment}`));

test('a backup of a running installation restores all of it, in new incarnations', async () => {
  const from = await newPlace();
  const source = await startFilled(from);
  const file = join(newFolder(), 'backup.db');
  await runBackup(file, from, quiet);
  expect(statSync(file).mode & 0o077).toBe(0);
  const before = readFileSync(file);
  const to = await newPlace();
  await runRestore(file, to, quiet);
  expect(readFileSync(file).equals(before)).toBe(true);

  const restored = await start(to);
  expect(served(restored)).toEqual(served(source));
  const incarnations = (server: TestServer) =>
    [...server.app.bunting.rulesets.all()].map((one) => one.revision.incarnation);
  expect(incarnations(restored).filter((name) => incarnations(source).includes(name))).toEqual([]);
  expect(restored.app.bunting.keyRing.find(source.secret)).toBeDefined();
  expect(restored.app.bunting.vault.open('a', source.sealed)).toBe('secret');
  const audit = async ({ call }: TestServer) => (await call('GET', '/audit?limit=200')).body;
  expect(await audit(restored)).toEqual(await audit(source));
});

test('a backup of either engine restores into the other', async () => {
  const from = await newPlace();
  const source = await startFilled(from);
  const file = join(newFolder(), 'backup.db');
  await runBackup(file, from, quiet);
  const other = await newPlace('sqlite');
  await runRestore(file, other, quiet);
  const back = join(newFolder(), 'back.db');
  await runBackup(back, other, quiet);
  const to = await newPlace();
  await runRestore(back, to, quiet);
  expect(served(await start(to))).toEqual(served(source));
});

test('what was acknowledged before a backup began is in it, and nothing by half, while changes go on', async () => {
  const from = await newPlace();
  const { call } = await startFilled(from);
  let isDone = false;
  let acknowledged = 0;
  const writing = (async () => {
    for (let at = 0; !isDone; at++) {
      const { status } = await call('POST', '/projects/shop/flags', { key: `w${at}`, type: 'boolean' });
      if (status === 201) acknowledged = at + 1;
    }
  })();
  await expect.poll(() => acknowledged).toBeGreaterThan(10);
  const before = acknowledged;
  const file = join(newFolder(), 'backup.db');
  await runBackup(file, from, quiet);
  isDone = true;
  await writing;
  expect(acknowledged).toBeGreaterThan(before);

  const to = await newPlace();
  await runRestore(file, to, quiet);
  const restored = await start(to);
  const counts = [...restored.app.bunting.rulesets.all()]
    .filter(({ project }) => project === 'shop')
    .map((ruleset) => ruleset.items().filter(({ key }) => key.startsWith('w')).length);
  expect(new Set(counts).size).toBe(1);
  expect(counts[0]).toBeGreaterThanOrEqual(before);
  // The hash is of the items themselves.
  expect(restored.logs.join('')).not.toContain('changed outside');
});

test('a backup is never written over another file', async () => {
  const file = join(newFolder(), 'backup.db');
  writeFileSync(file, 'precious');
  await expect(runBackup(file, await newPlace(), quiet)).rejects.toThrow(/is there already/);
  expect(readFileSync(file, 'utf8')).toBe('precious');
});

test('only an empty database is restored into, and only from a backup', async () => {
  const from = await newPlace();
  await startFilled(from);
  const file = join(newFolder(), 'backup.db');
  await runBackup(file, from, quiet);
  const used = await newPlace();
  const target = await start(used);
  await target.app.close();
  await expect(runRestore(file, used, quiet)).rejects.toThrow(/The target is not empty/);
  const garbage = join(newFolder(), 'garbage.db');
  writeFileSync(garbage, 'no database at all'.repeat(100));
  await expect(runRestore(garbage, await newPlace(), quiet)).rejects.toThrow(/no backup of Bunting/);
  await expect(runRestore(`${file}x`, await newPlace(), quiet)).rejects.toThrow(/There is no .*backup.dbx/);
});
