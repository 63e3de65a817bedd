import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { newFolder, startApp } from '../testing/start-app.ts';

const FLAGS = '/projects/default/flags';
const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2030, 0, 1);

test('a flag says who looks after it, where to read more, and how long it should live', async () => {
  const { call } = await startApp({ now: () => START_MS });
  const links = [{ title: 'Ticket', url: 'https://tracker.example.com/SHOP-1' }];
  const { body } = await call('POST', FLAGS, { key: 'a', type: 'boolean', owner: 'Checkout', links, lifetimeDays: 10 });
  expect(body).toMatchObject({ owner: 'Checkout', links, lifetimeDays: 10, expectedUntil: '2030-01-11T00:00:00.000Z' });
  const patched = await call('PATCH', `${FLAGS}/a`, { owner: null, links: [], lifetimeDays: null });
  expect(patched.body).toMatchObject({ owner: null, links: [], lifetimeDays: null, expectedUntil: null, version: 2 });
});

test('flags of a kind live as long as its flags do, until someone says otherwise', async () => {
  const { call } = await startApp();
  const { body } = await call('POST', FLAGS, { key: 'a', type: 'boolean' });
  expect(body.lifetimeDays).toBe(40);
  expect((await call('PATCH', `${FLAGS}/a`, { kind: 'permission' })).body.lifetimeDays).toBeNull();
  const migration = await call('POST', FLAGS, { key: 'm', type: 'string', kind: 'migration' });
  expect(migration.body.lifetimeDays).toBe(90);
  await call('PATCH', `${FLAGS}/a`, { lifetimeDays: 5 });
  expect((await call('PATCH', `${FLAGS}/a`, { kind: 'release' })).body.lifetimeDays).toBe(5);
});

test.each([
  [{ links: [{ title: 'x', url: 'javascript:alert(1)' }] }, 'links[0].url'],
  [{ lifetimeDays: 0 }, 'lifetimeDays'],
  [{ owner: '' }, 'owner'],
])('%j is refused', async (facts, path) => {
  const { call } = await startApp();
  const { status, body } = await call('POST', FLAGS, { key: 'a', type: 'boolean', ...facts });
  expect([status, body.details[0].path]).toEqual([400, path]);
});

async function startWithFlags() {
  let nowMs = START_MS;
  const server = await startApp({ now: () => nowMs });
  const { call } = server;
  await call('POST', FLAGS, { key: 'a', type: 'boolean', owner: 'Shop', tags: ['ui', 'a"b', 'x","y'], name: 'Größe' });
  await call('POST', FLAGS, {
    key: 'b',
    type: 'boolean',
    kind: 'permission',
    tags: ['UI'],
    description: 'the checkout',
  });
  await call('POST', FLAGS, { key: 'c', type: 'boolean', kind: 'operational', clientVisible: true, name: 'apple' });
  await call('PATCH', `${FLAGS}/b/environments/production`, { enabled: true });
  await call('POST', `${FLAGS}/c/environments/development/kill`, { reason: 'test' });
  const list = async (query: string) => {
    const { status, body } = await call('GET', `${FLAGS}?${query}`);
    return status === 200 ? body.items.map(({ key }: { key: string }) => key) : [status, body.details?.[0]?.path];
  };
  return { ...server, list, pass: (ms: number) => (nowMs += ms) };
}

test('flags are filtered by what they are', async () => {
  const { list, pass } = await startWithFlags();
  expect(await list('kind=permission')).toEqual(['b']);
  expect(await list('owner=Shop')).toEqual(['a']);
  expect(await list('tag=a%22b')).toEqual(['a']);
  expect(await list('tag=ui')).toEqual(['a']);
  expect(await list('tag=y')).toEqual([]);
  expect(await list('tag=a')).toEqual([]);
  expect(await list('clientVisible=true')).toEqual(['c']);
  expect(await list('clientVisible=false&kind=release')).toEqual(['a']);
  expect(await list('stale=true')).toEqual([]);
  pass(41 * DAY_MS);
  expect(await list('stale=true')).toEqual(['a']);
  expect(await list('stale=false')).toEqual(['b', 'c']);
});

test('flags are filtered by what they are in an environment', async () => {
  const { list } = await startWithFlags();
  expect(await list('enabled=true&environment=production')).toEqual(['b']);
  expect(await list('enabled=false&environment=production')).toEqual(['a', 'c']);
  expect(await list('enabled=true&environment=development')).toEqual([]);
  expect(await list('killed=true')).toEqual(['c']);
  expect(await list('killed=true&environment=production')).toEqual([]);
  expect(await list('killed=false')).toEqual(['a', 'b']);
  expect(await list('enabled=true')).toEqual([400, 'environment']);
  expect((await list('enabled=true&environment=none'))[0]).toBe(404);
});

test('every word of a search is found, also beyond ASCII, wherever it is', async () => {
  const { call, list } = await startWithFlags();
  expect(await list('search=GRÖSSE')).toEqual([]);
  expect(await list('search=GRÖ')).toEqual(['a']);
  expect(await list('search=shop%20grö')).toEqual(['a']);
  expect(await list('search=checkout%20x')).toEqual([]);
  await call('PATCH', `${FLAGS}/b`, { name: 'Ärger' });
  expect(await list('search=ärg')).toEqual(['b']);
});

test('pages tell how many match, and go on in the order that they were begun in', async () => {
  const { call, list } = await startWithFlags();
  expect(await list('sort=name')).toEqual(['c', 'b', 'a']);
  expect(await list('sort=-key')).toEqual(['c', 'b', 'a']);
  for (const sort of ['key', '-key', 'name', '-name', 'createdAt', '-createdAt', 'updatedAt', '-updatedAt']) {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await call('GET', `${FLAGS}?limit=1&sort=${sort}${cursor === '' ? '' : `&cursor=${cursor}`}`);
      expect(body.matching).toBe(3);
      seen.push(...body.items.map(({ key }: { key: string }) => key));
      cursor = body.nextCursor;
    }
    expect([sort, seen]).toEqual([sort, await list(`sort=${sort}`)]);
  }
  const { body } = await call('GET', `${FLAGS}?limit=1&sort=name`);
  expect(await list(`sort=key&cursor=${body.nextCursor}`)).toEqual([400, 'cursor']);
});

test('a renamed flag buckets as before, is served by its new key, and keeps its old one from others', async () => {
  const { app, call } = await startApp();
  await call('POST', FLAGS, { key: 'old', type: 'boolean' });
  const { status, body } = await call('PATCH', `${FLAGS}/old`, { key: 'new' });
  expect([status, body.key, body.bucketKey]).toEqual([200, 'new', 'old']);
  const served = app.bunting.rulesets.named('default', 'production');
  expect(served?.items().map(({ key }) => key)).toEqual(['new']);
  expect(JSON.parse(served?.item('flag', 'new')?.json ?? '')).toMatchObject({ key: 'new', bucketKey: 'old' });
  expect((await call('GET', `${FLAGS}/old`)).status).toBe(404);
  const taken = await call('POST', FLAGS, { key: 'old', type: 'boolean' });
  expect([taken.status, taken.body.message]).toEqual([409, expect.stringContaining('Flag "new" was called "old"')]);
  expect((await call('GET', '/audit?limit=1')).body.items[0]).toMatchObject({
    action: 'flag.renamed',
    target: { key: 'new' },
    before: { key: 'old' },
  });
  await call('PATCH', `${FLAGS}/new`, { key: 'newer' });
  expect((await call('PATCH', `${FLAGS}/newer`, { key: 'old' })).body.key).toBe('old');
});

test('a flag is not renamed away from those who depend on it, nor out of a kill', async () => {
  const { call } = await startApp();
  for (const key of ['a', 'b']) await call('POST', FLAGS, { key, type: 'boolean' });
  await call('PATCH', `${FLAGS}/b/environments/production`, { prerequisites: [{ flag: 'a', state: 'on' }] });
  expect((await call('PATCH', `${FLAGS}/a`, { key: 'c' })).body.code).toBe('flag_in_use');
  expect((await call('PATCH', `${FLAGS}/b`, { key: 'a' })).body.code).toBe('conflict');
  await call('POST', `${FLAGS}/b/environments/development/kill`, { reason: 'test' });
  const { status, body } = await call('PATCH', `${FLAGS}/b`, { key: 'c' });
  expect([status, body.message]).toEqual([409, expect.stringContaining('killed in development')]);
});

test('flags that were there before are found by their texts, too', async () => {
  const dataDir = newFolder();
  const { app, call } = await startApp({ dataDir });
  await call('POST', FLAGS, { key: 'a', type: 'boolean', name: 'Größe', tags: ['Ähnlich'] });
  const { database } = app.bunting;
  await sql`update flags set search_text = null`.execute(database);
  expect((await call('GET', `${FLAGS}?search=A`)).body.matching).toBe(1);
  for (const column of ['owner', 'links', 'lifetime_days', 'search_text']) {
    await database.schema.alterTable('flags').dropColumn(column).execute();
  }
  await database.schema.dropIndex('flags_by_creation').execute();
  await database.schema.dropTable('former_flag_keys').execute();
  await sql`delete from migrations where name like '%flag-facts'`.execute(database);
  await app.close();
  const again = await startApp({ dataDir });
  for (const search of ['GRÖ', 'ähn']) {
    expect((await again.call('GET', `${FLAGS}?search=${search}`)).body.matching).toBe(1);
  }
});

test('a migration that is under way keeps its key', async () => {
  const { call } = await startApp();
  await call('POST', FLAGS, { key: 'm', type: 'string', kind: 'migration' });
  const path = `${FLAGS}/m/environments/development`;
  const moved = await call('PATCH', path, { enabled: true, defaultRule: { variant: 'dualWrite' } });
  expect(moved.status).toBe(200);
  expect((await call('PATCH', `${FLAGS}/m`, { key: 'n' })).body.code).toBe('stage_guarded');
});
