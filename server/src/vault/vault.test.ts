import { randomBytes } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newFolder, startApp } from '../testing/start-app.ts';
import { onSqlite } from '../testing/test-database.ts';
import { findMasterKeys } from './master-keys.ts';
import { parseMasterKeys } from './parse-master-keys.ts';
import { seal, unseal } from './sealed.ts';
import { openVault } from './vault.ts';

const [KEY, OTHER] = [randomBytes(32), randomBytes(32)];

test('a sealed text opens again, for its own purpose only', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), fc.string(), (text, purpose, another) => {
      fc.pre(purpose !== another);
      const sealed = seal(KEY, purpose, text);
      expect(unseal(KEY, purpose, sealed)).toBe(text);
      expect(() => unseal(KEY, another, sealed)).toThrow(/from another place/);
      expect(() => unseal(OTHER, purpose, sealed)).toThrow(/another key/);
    }),
  );
});

test('a sealed text of which any byte was changed does not open', () => {
  const sealed = seal(KEY, 'a', 'secret');
  const [head, body = ''] = [sealed.slice(0, sealed.lastIndexOf('.') + 1), sealed.split('.')[2]];
  const bytes = Buffer.from(body, 'base64url');
  for (let at = 0; at < bytes.length; at++) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8((changed.readUInt8(at) + 1) % 256, at);
    expect(() => unseal(KEY, 'a', head + changed.toString('base64url'))).toThrow(/changed/);
  }
  expect(() => unseal(KEY, 'a', `${head}AAAA`)).toThrow(/cut off/);
});

test.each([
  ['hex', '0f'.repeat(32)],
  ['base64', `${'A'.repeat(43)}=`],
  ['base64url', '_-'.repeat(21).concat('A')],
])('takes a master key as %s', (_, text) => {
  expect(parseMasterKeys(`${text}\n`)[0]).toHaveLength(32);
});

test.each(['', 'short', '0f'.repeat(31), `${'A'.repeat(43)}=,short`])('refuses %j as a master key', (text) => {
  expect(() => parseMasterKeys(text)).toThrow(/openssl rand -base64 32/);
});

test('a new installation and one that starts again have the same vault', async () => {
  const { app, dataDir } = await startApp();
  const sealed = app.bunting.vault.seal('webhook:1', 'secret');
  await app.close();
  const again = await startApp({ dataDir });
  expect(again.app.bunting.vault.open('webhook:1', sealed)).toBe('secret');
});

test('the master key can be replaced: the earlier one goes behind it once, then away', async () => {
  const { app } = await startApp();
  const { database } = app.bunting;
  await database.deleteFrom('data_keys').execute();
  const sealed = (await openVault(database, [KEY])).seal('a', 'secret');
  await openVault(database, [OTHER, KEY]);
  expect((await openVault(database, [OTHER])).open('a', sealed)).toBe('secret');
  await expect(openVault(database, [KEY])).rejects.toThrow(/put the new one in front/);
});

test('servers that start at once on a new database agree on one data key', async () => {
  const { app } = await startApp();
  const { database } = app.bunting;
  await database.deleteFrom('data_keys').execute();
  const vaults = await Promise.all(Array.from({ length: 5 }, () => openVault(database, [KEY])));
  const sealed = vaults.map((vault) => vault.seal('a', 'secret'));
  for (const vault of vaults) for (const text of sealed) expect(vault.open('a', text)).toBe('secret');
});

test('without a master key nothing can be sealed, and the error says the fix', async () => {
  const { app } = await startApp();
  const { database } = app.bunting;
  await database.deleteFrom('data_keys').execute();
  const vault = await openVault(database, []);
  expect(() => vault.seal('a', 'secret')).toThrow(/Set BUNTING_MASTER_KEY/);
  await openVault(database, [KEY]);
  await expect(openVault(database, [])).rejects.toThrow(/none is set/);
});

onSqlite('the embedded database has its master key in a file that only its owner reads', async () => {
  const { dataDir, app } = await startApp();
  const file = join(dataDir, 'master.key');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const key = readFileSync(file, 'utf8');
  const rows = await app.bunting.database.selectFrom('data_keys').selectAll().execute();
  expect(JSON.stringify(rows)).not.toContain(key.trim());
});

test('a file names the keys a line each, and a wrong one is said', () => {
  const file = join(newFolder(), 'key');
  const config = { masterKey: undefined, masterKeyFile: file, dataDir: 'x', databaseUrl: undefined };
  writeFileSync(file, `${KEY.toString('base64')}\n${OTHER.toString('hex')}\n`);
  expect(findMasterKeys(config)).toEqual([KEY, OTHER]);
  writeFileSync(file, 'wrong');
  expect(() => findMasterKeys(config)).toThrow(/Cannot use the master key file .*32 random bytes/);
});
