import fc from 'fast-check';
import { expect, test } from 'vitest';
import { signedIn } from '../testing/browser.ts';
import { startApp, type TestServer } from '../testing/start-app.ts';
import { inverseOf } from './inverse.ts';

const FLAGS = '/projects/default/flags';
const FLAG = `${FLAGS}/a`;
const PRODUCTION = `${FLAG}/environments/production`;
const SEGMENT = '/projects/default/environments/production/segments/vips';
const rule = (id: string) => ({
  id,
  when: { attribute: 'country', operator: 'in', values: ['CH'] },
  serve: { variant: 'on' },
});

async function start(): Promise<
  TestServer & { last(): Promise<string>; revert(id: string, query?: string): ReturnType<TestServer['call']> }
> {
  const server = await startApp();
  await server.call('POST', FLAGS, { key: 'a', type: 'boolean' });
  return {
    ...server,
    /** The id of the latest event. */
    last: async () => (await server.call('GET', '/audit?limit=1')).body.items[0].id,
    revert: (id, query = '') => server.call('POST', `/audit/${id}/revert${query}`),
  };
}

const flagOf = async ({ call }: TestServer) => (await call('GET', FLAG)).body;

test('what a change set is set back as a new change, and what came since elsewhere stays', async () => {
  const server = await start();
  const { call, last, revert } = server;
  const split = {
    split: {
      weights: [
        { variant: 'on', weightPer100k: 30_000 },
        { variant: 'off', weightPer100k: 70_000 },
      ],
    },
  };
  await call('PATCH', PRODUCTION, { enabled: true, defaultRule: split, rules: [rule('x')], slices: true });
  const before = (await flagOf(server)).environments.production;
  const change = { enabled: false, rules: [], safeVariant: 'on', defaultRule: { variant: 'off' }, slices: false };
  await call('PATCH', PRODUCTION, change);
  const event = await last();
  await call('PATCH', PRODUCTION, { targets: [{ values: ['ada'], variant: 'on' }] });

  const preview = await revert(event, '?preview=true');
  expect(preview.body.changes.sort()).toEqual(['defaultRule', 'enabled', 'rules', 'safeVariant', 'slices']);
  expect((await flagOf(server)).environments.production.enabled).toBe(false);

  const { status, body } = await server.call('POST', `/audit/${event}/revert`, undefined, {
    'bunting-comment': 'oops',
  });
  expect([status, body]).toEqual([200, { event, changes: expect.arrayContaining(['enabled', 'rules']) }]);
  const after = (await flagOf(server)).environments.production;
  const { version, updatedAt, ...was } = before;
  expect(after).toMatchObject({ ...was, targets: [{ values: ['ada'], variant: 'on' }] });
  expect(after.safeVariant).toBeUndefined();
  const [latest] = (await call('GET', '/audit?limit=1')).body.items;
  expect(latest).toMatchObject({ action: 'flag.environment.updated', comment: `Reverts ${event}: oops` });
  expect(latest.revisions).toHaveLength(1);
  expect((await revert(event)).body.changes).toEqual([]);
});

test('what was changed again since is a conflict, which says by whom', async () => {
  const server = await start();
  await server.call('PATCH', FLAG, { name: 'First', description: 'x' });
  const event = await server.last();
  const browser = await signedIn(server.app);
  await browser.call('PATCH', FLAG, { name: 'Second' });
  const { status, body } = await server.revert(event);
  expect([status, body.code]).toEqual([409, 'revert_conflict']);
  expect(body.details).toEqual([
    { path: 'name', message: expect.stringMatching(/^was changed since by Ada at .*audit event/) },
  ]);
  expect(await flagOf(server)).toMatchObject({ name: 'Second', description: 'x' });
});

test('flags are archived, restored and renamed back, and new ones put away while nobody touched them', async () => {
  const server = await start();
  const { call, last, revert } = server;
  const created = await last();
  await call('POST', `${FLAG}/archive`);
  const archived = await last();
  expect((await revert(archived)).body.changes).toEqual(['archived']);
  expect((await flagOf(server)).archivedAt).toBeNull();
  await call('PATCH', FLAG, { key: 'b' });
  expect((await revert(await last())).body.changes).toEqual(['key']);
  expect((await flagOf(server)).key).toBe('a');
  expect((await revert(created)).body.code).toBe('revert_conflict');
  await call('POST', FLAGS, { key: 'fresh', type: 'boolean' });
  await revert(await last());
  expect((await call('GET', `${FLAGS}/fresh`)).body.archivedAt).not.toBeNull();
});

test('segments are set back with their keys', async () => {
  const server = await start();
  const { call, last, revert } = server;
  const keys = async () => (await call('GET', `${SEGMENT}/keys?limit=200`)).body.items.sort();
  await call('PUT', SEGMENT, { name: 'VIPs' });
  const created = await last();
  await call('PUT', SEGMENT, { name: 'Very', by: 'org.id' });
  const renamed = await last();
  await call('POST', `${SEGMENT}/keys`, { add: ['ada', 'bob'] });
  await call('POST', `${SEGMENT}/keys`, { add: ['eve'], remove: ['ada'] });
  const changed = await last();
  await call('POST', `${SEGMENT}/keys`, { add: ['zoe'] });
  expect((await revert(changed)).body.changes).toEqual(['keys']);
  expect(await keys()).toEqual(['ada', 'bob', 'zoe']);
  expect((await revert(renamed)).body.changes).toEqual(['name', 'by']);
  const { body } = await call('GET', SEGMENT);
  expect([body.name, body.by]).toEqual(['VIPs', undefined]);
  expect((await revert(created)).body.code).toBe('revert_conflict');

  const other = SEGMENT.replace('vips', 'other');
  await call('PUT', other, { name: 'Other', when: rule('x').when });
  await call('DELETE', other);
  const deleted = await last();
  expect((await revert(deleted)).status).toBe(200);
  expect((await call('GET', other)).body).toMatchObject({ name: 'Other', when: rule('x').when });
  await call('DELETE', SEGMENT);
  const { status, body: refused } = await revert(await last());
  expect([status, refused.code]).toEqual([409, 'not_revertible']);
});

test('what would make a broken flag is refused as any such change is, and the rest is said to need a hand', async () => {
  const server = await start();
  const { call, last, revert } = server;
  await call('PUT', SEGMENT, { name: 'VIPs' });
  await call('PATCH', PRODUCTION, { rules: [{ ...rule('x'), when: { segment: 'vips' } }] });
  await call('PATCH', PRODUCTION, { rules: [] });
  const event = await last();
  await call('DELETE', SEGMENT);
  const { status, body } = await revert(event);
  expect([status, body.code, body.details[0].path]).toEqual([400, 'validation_failed', 'rules[0].when.segment']);
  await call('POST', `${PRODUCTION}/kill`, { reason: 'errors' });
  expect((await revert(await last())).body.code).toBe('not_revertible');
  expect((await revert('none')).status).toBe(404);
});

test('of large documents an event keeps what differs, which is enough to undo it', async () => {
  const server = await start();
  const values = Array.from({ length: 5_000 }, (_, at) => `customer-${at}`);
  await server.call('PATCH', PRODUCTION, { targets: [{ values, variant: 'on' }] });
  await server.call('PATCH', PRODUCTION, { enabled: true });
  const { id, before, after } = (await server.call('GET', '/audit?limit=1')).body.items[0];
  expect(Object.keys(after).sort()).toEqual(['enabled', 'updatedAt', 'version']);
  expect(before.enabled).toBe(false);
  expect((await server.revert(id)).body.changes).toEqual(['enabled']);
  expect((await flagOf(server)).environments.production.targets[0].values).toHaveLength(5_000);
});

test('a flag is set back to what a past revision served', async () => {
  const server = await start();
  const { call } = server;
  const { body } = await call('PATCH', PRODUCTION, {
    ...{ enabled: true, rules: [rule('x')], safeVariant: 'on', slices: true },
  });
  const { number } = body.revision;
  await call('PATCH', PRODUCTION, { enabled: false, rules: [rule('y'), rule('z')], safeVariant: null, slices: false });
  const back = await call('POST', `${PRODUCTION}/set-back`, { revision: number });
  const shown = back.body.flag.environments.production;
  expect(shown).toMatchObject({ enabled: true, rules: [rule('x')], safeVariant: 'on', slices: true });
  expect(back.body.revision).toMatchObject({ number: number + 2, hash: body.revision.hash });
  expect((await call('POST', `${PRODUCTION}/set-back`, { revision: 1 })).body.code).toBe('not_revertible');
  const outdated = await call('POST', `${PRODUCTION}/set-back`, { revision: number }, { 'if-match': '"1"' });
  expect(outdated.status).toBe(412);
});

test('an inverse brings back what was, of the fields that were changed, or names a conflict', () => {
  const value = fc.option(fc.constantFrom(1, 2, 'x', true), { nil: undefined });
  const document = fc.record({ a: value, b: value, c: value });
  const absent = { a: null, b: null, c: null };
  fc.assert(
    fc.property(document, document, document, (before, after, current) => {
      const { patch, conflicts } = inverseOf(before, after, current, absent);
      for (const field of ['a', 'b', 'c'] as const) {
        const result = field in patch ? (patch[field] ?? undefined) : current[field];
        if (before[field] === after[field]) expect(result).toBe(current[field]);
        else if (conflicts.includes(field)) expect([before[field], after[field]]).not.toContain(current[field]);
        else expect(result).toBe(before[field]);
      }
    }),
  );
});
