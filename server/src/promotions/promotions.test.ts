import { expect, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';

const FLAGS = '/projects/default/flags';
const PROMOTIONS = '/projects/default/environments/production/promotions';
const FROM = 'development';

async function start(keys = ['a', 'b']) {
  const server = await startApp();
  const { app, call } = server;
  for (const key of keys) await call('POST', FLAGS, { key, type: 'boolean' });
  const set = (key: string, patch: unknown, environment = FROM) =>
    call('PATCH', `${FLAGS}/${key}/environments/${environment}`, patch);
  const promote = (flags: unknown[], more = {}) => call('POST', PROMOTIONS, { from: FROM, flags, ...more });
  const production = async (key: string) => (await call('GET', `${FLAGS}/${key}/environments/production`)).body;
  const revision = () => app.bunting.rulesets.named('default', 'production')?.revision.number ?? 0;
  const compare = async (query = '') =>
    (await call('GET', `/projects/default/compare?from=${FROM}&to=production${query}`)).body;
  return { ...server, set, promote, production, revision, compare };
}

const rule = (segment: string) => ({ id: 'r', name: 'Staff', when: { segment }, serve: { variant: 'on' } });
const weights = [
  { variant: 'on', weightPer100k: 20_000 },
  { variant: 'off', weightPer100k: 80_000 },
];

test('environments are compared flag by flag and part by part, with the segments that flags name', async () => {
  const { call, set, compare } = await start(['a', 'b', 'c']);
  for (const key of ['same', 'other', 'alone']) {
    await call('PUT', `/projects/default/environments/${FROM}/segments/${key}`, {});
    if (key !== 'alone') await call('PUT', `/projects/default/environments/production/segments/${key}`, {});
  }
  await call('PUT', '/projects/default/environments/production/segments/other', { by: 'user' });
  const when = { any: [{ segment: 'same' }, { segment: 'other' }, { segment: 'alone' }] };
  await set('a', { enabled: true, rules: [{ ...rule('same'), when }] });
  await set('c', { defaultRule: { split: { weights } }, safeVariant: 'on' });
  const { items } = await compare();
  expect(items).toEqual([
    {
      key: 'a',
      differs: true,
      parts: ['enabled', 'rules'],
      segments: [
        { key: 'alone', state: 'missing' },
        { key: 'other', state: 'differs' },
        { key: 'same', state: 'same' },
      ],
    },
    { key: 'b', differs: false, parts: [], segments: [] },
    { key: 'c', differs: true, parts: ['safeVariant', 'defaultRule'], segments: [] },
  ]);
  const page = await compare('&differing=true&limit=1');
  expect(page.items.map(({ key }: { key: string }) => key)).toEqual(['a']);
  const next = await compare(`&differing=true&limit=1&cursor=${page.nextCursor}`);
  expect([next.items.map(({ key }: { key: string }) => key), next.nextCursor]).toEqual([['c'], null]);
});

test('chosen parts are copied to the bucket, as one revision, told as edits', async () => {
  const { set, promote, production, revision, call } = await start();
  await set('a', { enabled: true, defaultRule: { split: { weights } }, safeVariant: 'on' });
  await set('b', { enabled: true });
  const before = revision();
  const { status, body } = await promote([{ key: 'a', parts: ['enabled', 'defaultRule'] }, { key: 'b' }]);
  expect([status, body.applied, body.revision.number]).toEqual([200, true, before + 1]);
  const { body: source } = await call('GET', `${FLAGS}/a/environments/${FROM}`);
  expect(await production('a')).toMatchObject({ enabled: true, defaultRule: source.defaultRule });
  expect((await production('a')).safeVariant).toBeUndefined();
  expect(body.flags[0].sentences).toEqual([
    'Turn the flag on',
    'Let the default rule serve "off" to 80 %, "on" to 20 %',
  ]);
  const again = await promote([{ key: 'a', parts: ['enabled'] }]);
  expect([again.body.applied, again.body.flags[0].edits, revision()]).toEqual([false, [], before + 1]);
});

test('a preview says what would change, and changes nothing', async () => {
  const { set, promote, production, revision, call } = await start();
  await set('a', { enabled: true, rules: [] });
  const [before, events] = [revision(), (await call('GET', '/audit?limit=1')).body.items[0].id];
  const { body } = await promote([{ key: 'a' }], { preview: true });
  expect(body).toMatchObject({ applied: false, revision: { number: before } });
  expect(body.flags).toEqual([
    {
      key: 'a',
      versions: { from: 2, to: 1 },
      edits: [{ kind: 'enable' }],
      sentences: ['Turn the flag on'],
      findings: [],
    },
  ]);
  expect((await production('a')).enabled).toBe(false);
  expect((await call('GET', '/audit?limit=1')).body.items[0].id).toBe(events);
});

test('a promotion is refused whole, with all that stands against it', async () => {
  const { call, set, promote, production } = await start(['a', 'b', 'c']);
  await call('PUT', `/projects/default/environments/${FROM}/segments/s`, {});
  await set('a', { enabled: true, rules: [rule('s')] });
  await set('b', { enabled: true });
  await set('c', { prerequisites: [{ flag: 'b', state: 'on' }] });
  await set('b', { prerequisites: [{ flag: 'c', state: 'on' }] }, 'production');
  const flags = [{ key: 'a' }, { key: 'b', parts: ['enabled'] }, { key: 'c' }];
  const { status, body } = await promote(flags);
  expect([status, body.code]).toEqual([409, 'promotion_refused']);
  expect(body.details).toEqual([
    { path: 'flags.a.rules[0].when.segment', message: expect.stringContaining('does not exist in production') },
    { path: 'flags.c.prerequisites[0]', message: expect.stringContaining('cycle') },
  ]);
  expect((await production('b')).enabled).toBe(false);
  const preview = await promote(flags, { preview: true });
  const errors = preview.body.flags.map(
    ({ findings }: { findings: { severity: string }[] }) =>
      findings.filter(({ severity }) => severity === 'error').length,
  );
  expect(errors).toEqual([1, 0, 1]);
});

test('flags that depend on each other come together, whichever way the dependence turns', async () => {
  const { set, promote, production } = await start();
  await set('b', { prerequisites: [{ flag: 'a', state: 'on' }] }, 'production');
  await set('a', { prerequisites: [{ flag: 'b', state: 'on' }] });
  expect((await promote([{ key: 'a' }])).status).toBe(409);
  expect((await promote([{ key: 'a' }, { key: 'b' }])).status).toBe(200);
  expect((await production('a')).prerequisites).toEqual([{ flag: 'b', state: 'on' }]);
});

test('doubtful rules are told as findings, and stand against nothing', async () => {
  const { set, promote } = await start();
  const all = { id: 'all', when: { all: [] }, serve: { variant: 'on' } };
  await set('a', { rules: [all, { ...all, id: 'never' }] });
  const { status, body } = await promote([{ key: 'a' }]);
  expect([status, body.applied]).toEqual([200, true]);
  expect(body.flags[0].findings).toContainEqual({
    severity: expect.stringMatching(/warning|info/),
    path: expect.stringContaining('rules[1]'),
    message: expect.any(String),
  });
});

test('what was changed since the preview is not overrun', async () => {
  const { set, promote } = await start();
  await set('a', { enabled: true });
  const { versions } = (await promote([{ key: 'a' }], { preview: true })).body.flags[0];
  await set('a', { safeVariant: 'on' }, 'production');
  const late = await promote([{ key: 'a', versions }]);
  expect([late.status, late.body.details.changes[0].fields]).toEqual([412, ['safeVariant']]);
});

test('what cannot be promoted is said', async () => {
  const { call, promote } = await start();
  await call('POST', `${FLAGS}/b/archive`);
  expect((await promote([{ key: 'none' }])).status).toBe(404);
  expect((await promote([{ key: 'a' }], { from: 'none' })).status).toBe(404);
  expect((await promote([{ key: 'a' }, { key: 'a' }])).body.details[0].path).toBe('flags[1].key');
  expect((await promote([{ key: 'b' }])).body.details).toEqual([
    { path: 'flags.b', message: expect.stringContaining('archived') },
  ]);
});
