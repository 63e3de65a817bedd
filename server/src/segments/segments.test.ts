import { expect, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';

const PRODUCTION = '/projects/default/environments/production';
const SEGMENTS = `${PRODUCTION}/segments`;
const FLAG = '/projects/default/flags/a/environments/production';
const german = { attribute: 'country', operator: 'in', values: ['DE'] };

const rulesWith = (when: unknown) => ({ rules: [{ id: 'r', when, serve: { variant: 'on' } }] });

test('a segment is made, changed and deleted, each by one revision that is told in the audit log', async () => {
  const { app, call } = await startApp();
  const made = await call('PUT', `${SEGMENTS}/beta`, { name: 'Beta testers', when: german });
  expect(made.status).toBe(201);
  expect(made.body.segment).toMatchObject({
    key: 'beta',
    name: 'Beta testers',
    when: german,
    includedCount: 0,
    excludedCount: 0,
    version: 1,
  });
  const same = await call('PUT', `${SEGMENTS}/beta`, { name: 'Beta testers', when: german });
  expect([same.status, same.body.revision]).toEqual([200, made.body.revision]);
  const changed = await call('PUT', `${SEGMENTS}/beta`, { by: 'org.id' });
  expect(changed.body.segment).toMatchObject({ name: 'beta', by: 'org.id', version: 2 });
  expect(changed.body.segment.when).toBeUndefined();
  expect(changed.body.revision.number).toBe(made.body.revision.number + 1);
  const ruleset = [...app.bunting.rulesets.all()].find(({ environment }) => environment === 'production');
  expect(ruleset?.item('segment', 'beta')?.json).toBe('{"key":"beta","by":"org.id"}');
  expect((await call('GET', `${SEGMENTS}/beta`)).body).toEqual(changed.body.segment);
  expect((await call('GET', `/projects/default/environments/development/segments/beta`)).status).toBe(404);
  const deleted = await call('DELETE', `${SEGMENTS}/beta`);
  expect([deleted.status, deleted.body.revision.number]).toEqual([200, made.body.revision.number + 2]);
  expect(ruleset?.item('segment', 'beta')).toBeUndefined();
  expect((await call('GET', `${SEGMENTS}/beta`)).status).toBe(404);
  const { body: log } = await call('GET', '/audit?limit=3');
  expect(log.items.map(({ action, target }: { action: string; target: unknown }) => ({ action, target }))).toEqual(
    ['segment.deleted', 'segment.updated', 'segment.created'].map((action) => ({
      action,
      target: { kind: 'segment', key: 'beta' },
    })),
  );
});

test('segments are listed by key, in pages, and found by key and name', async () => {
  const { call } = await startApp();
  for (const [key, name] of [
    ['c', 'Staff'],
    ['a', 'Beta 100%'],
    ['b', 'Partners'],
  ]) {
    await call('PUT', `${SEGMENTS}/${key}`, { name });
  }
  const keys = async (query: string) => {
    const { body } = await call('GET', `${SEGMENTS}?${query}`);
    return { keys: body.items.map(({ key }: { key: string }) => key), cursor: body.nextCursor };
  };
  expect((await keys('')).keys).toEqual(['a', 'b', 'c']);
  const { keys: first, cursor } = await keys('limit=2');
  expect([...first, ...(await keys(`cursor=${cursor}`)).keys]).toEqual(['a', 'b', 'c']);
  expect((await keys('search=100%25')).keys).toEqual(['a']);
  expect((await keys('search=sTAFf')).keys).toEqual(['c']);
  await call('PUT', `${SEGMENTS}/c`, { name: 'ÜBERSEE' });
  expect((await keys(`search=${encodeURIComponent('überSee')}`)).keys).toEqual(['c']);
});

test('a version that was seen and has passed is refused, and nothing is written', async () => {
  const { call } = await startApp();
  await call('PUT', `${SEGMENTS}/beta`, {});
  await call('PUT', `${SEGMENTS}/beta`, { when: german });
  for (const method of ['PUT', 'DELETE'] as const) {
    const { status, body } = await call(method, `${SEGMENTS}/beta`, method === 'PUT' ? {} : undefined, {
      'if-match': '"1"',
    });
    expect([status, body.code]).toEqual([412, 'version_mismatch']);
  }
  expect((await call('PUT', `${SEGMENTS}/new`, {}, { 'if-match': '"1"' })).status).toBe(404);
  expect((await call('GET', `${SEGMENTS}/beta`)).body).toMatchObject({ version: 2, when: german });
});

test('a flag may name a segment of its environment, and no other', async () => {
  const { call } = await startApp();
  await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  const refused = await call('PATCH', FLAG, rulesWith({ all: [german, { not: { segment: 'beta' } }] }));
  expect([refused.status, refused.body.details]).toEqual([
    400,
    [
      {
        path: 'rules[0].when.all[1].not.segment',
        message: 'segment "beta" does not exist in production; check its key, or create it first',
      },
    ],
  ]);
  await call('PUT', `${SEGMENTS}/beta`, {});
  expect((await call('PATCH', FLAG, rulesWith({ segment: 'beta' }))).status).toBe(200);
  const elsewhere = await call('PATCH', FLAG.replace('production', 'development'), rulesWith({ segment: 'beta' }));
  expect(elsewhere.status).toBe(400);
});

test('a segment that flags or other segments name is not deleted; archived flags do not count', async () => {
  const { call } = await startApp();
  await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  await call('PUT', `${SEGMENTS}/beta`, {});
  await call('PUT', `${SEGMENTS}/wide`, { when: { any: [german, { segment: 'beta' }] } });
  await call('PATCH', FLAG, rulesWith({ segment: 'beta' }));
  expect((await call('GET', `${SEGMENTS}/beta/uses`)).body).toEqual({
    items: [
      { kind: 'flag', key: 'a', path: 'rules[0].when.segment' },
      { kind: 'segment', key: 'wide', path: 'when.any[1].segment' },
    ],
    total: 2,
  });
  expect((await call('GET', `${SEGMENTS}/nobody/uses`)).status).toBe(404);
  const { status, body } = await call('DELETE', `${SEGMENTS}/beta`);
  expect([status, body.code]).toEqual([409, 'segment_in_use']);
  expect(body.message).toContain('flag a, segment wide');
  expect(body.details.map(({ path }: { path: string }) => path)).toEqual([
    'flag a: rules[0].when.segment',
    'segment wide: when.any[1].segment',
  ]);
  await call('PUT', `${SEGMENTS}/wide`, { when: german });
  await call('POST', '/projects/default/flags/a/archive');
  expect((await call('DELETE', `${SEGMENTS}/beta`)).status).toBe(200);
  const restored = await call('POST', '/projects/default/flags/a/restore');
  expect([restored.status, restored.body.message]).toEqual([
    409,
    expect.stringContaining('segment "beta" does not exist in production'),
  ]);
});

test.each([
  ['an unknown segment', { segment: 'nobody' }, 'when.segment', /does not exist/],
  ['itself', { any: [{ segment: 'a' }] }, 'when', /a → a/],
  ['a segment that leads back to it', { segment: 'b' }, 'when', /a → b → a/],
  ['what is no condition', { xor: [] }, 'when', /no condition/],
])('a segment cannot be defined by %s', async (_name, when, path, message) => {
  const { call } = await startApp();
  await call('PUT', `${SEGMENTS}/a`, {});
  await call('PUT', `${SEGMENTS}/b`, { when: { not: { segment: 'a' } } });
  const { status, body } = await call('PUT', `${SEGMENTS}/a`, { when });
  expect(status).toBe(400);
  expect(body.details).toContainEqual({ path, message: expect.stringMatching(message) });
  expect((await call('GET', `${SEGMENTS}/a`)).body.version).toBe(1);
});

test('keys, too, are changed only of the version that was seen, when the request says which', async () => {
  const { call } = await startApp();
  const path = '/projects/default/environments/production/segments/s';
  await call('PUT', path, {});
  const seen = { 'if-match': '"1"' };
  expect((await call('POST', `${path}/keys`, { add: ['u1'] }, seen)).status).toBe(200);
  const late = await call('POST', `${path}/keys`, { add: ['u2'] }, seen);
  expect([late.status, late.body.details.changes[0].fields]).toEqual([412, ['includedCount', 'keys']]);
  expect((await call('PUT', `${path}/keys`, 'u3', { ...seen, 'content-type': 'text/plain' })).status).toBe(412);
  expect((await call('DELETE', `${path}/keys`, undefined, seen)).status).toBe(412);
  expect((await call('DELETE', `${path}/keys`, undefined, { 'if-match': '"2"' })).status).toBe(200);
});
