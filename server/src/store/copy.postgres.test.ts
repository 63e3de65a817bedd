import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readConfig } from '../config/read-config.ts';
import { Browser, OWNER, signedIn } from '../testing/browser.ts';
import { startApp, type TestServer } from '../testing/start-app.ts';
import { newDatabase } from '../testing/test-database.ts';
import { runCopy } from './copy-command.ts';

const onSqlite = { databaseUrl: undefined };

async function makeSource(): Promise<TestServer & { secret: string }> {
  const server = await startApp({ config: onSqlite });
  await signedIn(server.app);
  await server.call('POST', '/projects', { key: 'shop', name: 'Shop' });
  // More than fit into one statement.
  for (let at = 0; at < 260; at++)
    await server.call('POST', '/projects/shop/flags', { key: `f${at}`, type: 'boolean' });
  await server.call('PATCH', '/projects/shop/flags/f1/environments/production', { enabled: true });
  await server.call('POST', '/projects/shop/flags/f2/environments/production/kill', { reason: 'x' });
  const { body } = await server.call('POST', '/projects/shop/environments/production/keys', {
    kind: 'server',
    name: 'k',
  });
  return { ...server, secret: body.secret };
}

const servedBy = ({ app }: TestServer) =>
  Object.fromEntries(
    [...app.bunting.rulesets.all()].map((ruleset) => [
      `${ruleset.project} ${ruleset.environment}`,
      {
        number: ruleset.revision.number,
        hash: ruleset.revision.hash,
        kills: ruleset.kills,
        items: ruleset.items().sort((a, b) => (a.key < b.key ? -1 : 1)),
      },
    ]),
  );
const incarnations = ({ app }: TestServer) =>
  [...app.bunting.rulesets.all()].map(({ revision }) => revision.incarnation);

test('a copy serves what the source did, to the same people and SDKs, counted in new incarnations', async () => {
  const source = await makeSource();
  const served = servedBy(source);
  const { body: flags } = await source.call('GET', '/projects/shop/flags?limit=200');
  const { body: audit } = await source.call('GET', '/audit?limit=200');
  await source.app.close();
  const before = readFileSync(join(source.dataDir, 'bunting.db'));
  const databaseUrl = await newDatabase({ migrated: false });
  const lines: string[] = [];
  await runCopy(source.dataDir, { ...readConfig(), databaseUrl }, (line) => lines.push(line));
  expect(lines).toContain('flag_environments: 500 rows');
  expect(lines).toContain('flag_environments: 520 rows');
  expect(readFileSync(join(source.dataDir, 'bunting.db')).equals(before)).toBe(true);

  const copy = await startApp({ config: { databaseUrl } });
  expect(copy.app.bunting.firstKeys).toEqual([]);
  expect(servedBy(copy)).toEqual(served);
  expect(incarnations(copy).some((name) => incarnations(source).includes(name))).toBe(false);
  expect((await copy.call('GET', '/projects/shop/flags?limit=200')).body).toEqual(flags);
  expect((await copy.call('GET', '/audit?limit=200')).body).toEqual(audit);
  expect(copy.app.bunting.keyRing.find(source.secret)).toBeDefined();
  const { email, password } = OWNER;
  expect((await new Browser(copy.app).call('POST', '/session', { email, password })).status).toBe(200);
  const { status } = await copy.call('POST', '/projects/shop/flags/f2/environments/production/rearm', { reason: 'y' });
  expect(status).toBe(200);
  expect(copy.logs.join('')).not.toContain('changed outside');
});

test('a target that is not empty is refused, and nothing of it changes', async () => {
  const source = await startApp({ config: onSqlite });
  await source.app.close();
  const databaseUrl = await newDatabase();
  const target = await startApp({ config: { databaseUrl } });
  const before = (await target.call('GET', '/projects')).body;
  const copying = runCopy(source.dataDir, { ...readConfig(), databaseUrl }, () => {});
  await expect(copying).rejects.toThrow(/The target is not empty: its table projects has 1 row\./);
  expect((await target.call('GET', '/projects')).body).toEqual(before);
});

test('a source that a server uses is refused, and so is a folder without a database', async () => {
  const source = await startApp({ config: onSqlite });
  const databaseUrl = await newDatabase({ migrated: false });
  const copy = (from: string) => runCopy(from, { ...readConfig(), databaseUrl }, () => {});
  await expect(copy(source.dataDir)).rejects.toThrow(/Another bunting-server uses the data folder/);
  await expect(copy(join(source.dataDir, 'missing'))).rejects.toThrow(/There is no database in .*missing/);
  expect(existsSync(join(source.dataDir, 'missing'))).toBe(false);
  expect(readdirSync(source.dataDir)).toContain('bunting.db');
});
