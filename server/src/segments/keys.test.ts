import { PassThrough } from 'node:stream';
import { type Item, pageOf } from '@bunting/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SYSTEM } from '../audit/actor.ts';
import { hashOf } from '../rulesets/content-hash.ts';
import { loadItems } from '../rulesets/repository.ts';
import { startApp } from '../testing/start-app.ts';
import { connect, hello, listen } from '../testing/stream-client.ts';

const SEGMENT = '/projects/default/environments/production/segments/beta';
const KEYS = `${SEGMENT}/keys`;
const TEXT = { 'content-type': 'text/plain' };

const user = (at: number) => `user-${at}`;
const users = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => user(from + at));

/** A server with a segment and a flag that is on for whoever is in it. */
async function startWithSegment() {
  const server = await startApp();
  const { app, call } = server;
  await call('PUT', SEGMENT, {});
  await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  await call('PATCH', '/projects/default/flags/a/environments/production', {
    enabled: true,
    rules: [{ id: 'r', when: { segment: 'beta' }, serve: { variant: 'on' } }],
    defaultRule: { variant: 'off' },
  });
  const ruleset = [...app.bunting.rulesets.all()].find(({ environment }) => environment === 'production');
  if (ruleset === undefined) throw new Error('there is a ruleset');
  return {
    ...server,
    ruleset,
    pages: () => ruleset.items().filter(({ kind }) => kind === 'keys').length,
    change: (body: { list?: string; add?: string[]; remove?: string[] }) => call('POST', KEYS, body),
    upload: (keys: readonly string[], query = '') => call('PUT', `${KEYS}${query}`, keys.join('\n'), TEXT),
    export: async (list = 'included') => {
      const { body } = await call('GET', `${KEYS}/export?list=${list}`);
      return (body as string).split('\n').slice(0, -1).sort();
    },
    /** Which of these users the flag is on for, as SDKs would answer. */
    members: (all: readonly string[]) => {
      const compiled = app.bunting.ofrep.compiled.get(ruleset);
      return all.filter((targetingKey) => compiled.evaluate('a', { targetingKey }).value === true);
    },
  };
}

test('keys are added and removed, and what is so already is no change', async () => {
  const { change, members, pages } = await startWithSegment();
  const first = await change({ add: ['ann', 'bob'] });
  expect(first.body).toMatchObject({ added: 2, removed: 0, segment: { includedCount: 2, version: 2 } });
  expect((await change({ add: ['ann'], remove: ['cid'] })).body).toEqual({ ...first.body, added: 0, removed: 0 });
  const second = await change({ add: ['cid'], remove: ['ann', 'dan'] });
  expect(second.body).toMatchObject({ added: 1, removed: 1, segment: { includedCount: 2 } });
  expect(second.body.revision.number).toBe(first.body.revision.number + 1);
  await change({ list: 'excluded', add: ['bob'] });
  expect(members(['ann', 'bob', 'cid'])).toEqual(['cid']);
  expect(pages()).toBe(0);
});

test('a long list is in pages, and a change of a few keys sends a few small pages', async () => {
  const { app, call, upload, change, members, pages } = await startWithSegment();
  const { body } = await upload(users(0, 5_000));
  expect(body).toMatchObject({
    added: 5_000,
    removed: 0,
    received: 5_000,
    repeated: 0,
    segment: { includedCount: 5_000 },
  });
  expect(pages()).toBe(128);
  const { body: key } = await call('POST', '/projects/default/environments/production/keys', {
    kind: 'server',
    name: 'x',
  });
  const sdk = await connect(await listen(app), hello(key.secret));
  await sdk.next('snapshot');
  await change({ add: ['ann', 'bob', 'cid'], remove: [user(7)] });
  const { items, delete: deleted, revision } = await sdk.next('changes');
  const touched = new Set(['ann', 'bob', 'cid', user(7)].map((each) => `beta/included/${pageOf(each, 128)}`));
  expect(new Set(items.map((item) => item.key))).toEqual(touched);
  expect(items.every(({ kind }) => kind === 'keys')).toBe(true);
  expect(items.reduce((sum, { json }) => sum + json.length, 0)).toBeLessThan(4 * 64 * 20);
  expect([deleted, revision.number]).toEqual([[], body.revision.number + 1]);
  expect(members(['ann', 'dan', user(6), user(7), user(5_000)])).toEqual(['ann', user(6)]);
});

test('whatever is done to the keys, what is served and stored is what a list would hold', async () => {
  const { app, ruleset, change, upload, call, export: exported, members } = await startWithSegment();
  const anyRange = fc.tuple(fc.nat(900), fc.nat(600)).map(([from, length]) => users(from, from + length));
  const anyStep = fc.oneof(
    fc.record({ how: fc.constant('change' as const), add: anyRange, remove: anyRange }),
    fc.record({ how: fc.constant('upload' as const), keys: anyRange }),
    fc.record({ how: fc.constant('clear' as const) }),
  );
  const wanted = new Set<string>();
  const everyone = users(0, 1_600);
  await fc.assert(
    fc.asyncProperty(fc.array(anyStep, { minLength: 1, maxLength: 4 }), async (steps) => {
      for (const step of steps) {
        const before = [...wanted];
        if (step.how === 'change') {
          const remove = step.remove.filter((key) => !step.add.includes(key));
          const { body } = await change({ add: step.add, remove });
          for (const key of step.add) wanted.add(key);
          for (const key of remove) wanted.delete(key);
          expectCounts(body, before);
        } else if (step.how === 'upload' && step.keys.length > 0) {
          const { body } = await upload([...step.keys, ...step.keys.slice(0, 3)]);
          wanted.clear();
          for (const key of step.keys) wanted.add(key);
          expect(body.repeated).toBe(Math.min(3, step.keys.length));
          expectCounts(body, before);
        } else if (step.how === 'clear') {
          expectCounts((await call('DELETE', KEYS)).body, before, 0);
          wanted.clear();
        }
      }
      expect(await exported()).toEqual([...wanted].sort());
      expect(members(everyone)).toEqual(everyone.filter((key) => wanted.has(key)));
      const items = await loadItems(app.bunting.database, ruleset.environmentId);
      const byName = (a: Item, b: Item) => (`${a.kind} ${a.key}` < `${b.kind} ${b.key}` ? -1 : 1);
      expect(ruleset.items().sort(byName)).toEqual(items.sort(byName));
      expect(ruleset.revision.hash).toBe(hashOf(items));
    }),
    { numRuns: 15 },
  );

  function expectCounts(
    body: { added: number; removed: number; segment: { includedCount: number } },
    before: readonly string[],
    count = wanted.size,
  ) {
    expect(body.segment.includedCount).toBe(count);
    expect(body.added - body.removed).toBe(count - before.length);
  }
}, 60_000);

describe('a file of keys', () => {
  test('replaces the list; the same again is no change', async () => {
    const { upload, export: exported, call } = await startWithSegment();
    await upload(users(0, 300));
    const { body } = await upload(users(100, 400));
    expect(body).toMatchObject({ added: 100, removed: 100, segment: { includedCount: 300, version: 3 } });
    expect((await upload(users(100, 400))).body).toEqual({ ...body, added: 0, removed: 0 });
    expect(await exported()).toEqual(users(100, 400).sort());
    const { body: log } = await call('GET', '/audit?limit=1');
    expect(log.items[0]).toMatchObject({ action: 'segment.keys.replaced', target: { kind: 'segment', key: 'beta' } });
    expect(log.items[0].after.keys).toEqual({ list: 'included', added: 100, removed: 100 });
    expect(JSON.stringify(log.items[0]).length).toBeLessThan(2_000);
  });

  test('may be NDJSON, have lines that end as on Windows, empty lines, and any characters', async () => {
    const { call, export: exported } = await startWithSegment();
    const ndjson = { 'content-type': 'application/x-ndjson; charset=utf-8' };
    await call('PUT', KEYS, '"käufer"\n"a b"\n\n"say \\"hi\\""', ndjson);
    expect(await exported()).toEqual(['a b', 'käufer', 'say "hi"'].sort());
    await call('PUT', `${KEYS}?list=excluded`, '\ufeffann\r\n\r\n🎏\r\n', TEXT);
    expect(await exported('excluded')).toEqual(['ann', '🎏'].sort());
  });

  test.each([
    ['a control character', 'ann\nb\u0000b', TEXT, 'line 2', /control character/],
    ['a key that is too long', `ann\n\n${'x'.repeat(1_001)}`, TEXT, 'line 3', /1 to 1000/],
    ['a line without end', 'x'.repeat(20_000), TEXT, 'line 1', /1 to 1000/],
    ['bytes that are not UTF-8', Buffer.from([0x61, 0x0a, 0xff, 0x0a]), TEXT, 'line 1', /UTF-8/],
    ['a line that is no JSON', '"a"\nb', { 'content-type': 'application/x-ndjson' }, 'line 2', /not JSON/],
    ['a line that is no string', '1', { 'content-type': 'application/x-ndjson' }, 'line 1', /must be: text/],
    ['nothing', '\n\n', TEXT, '', /no keys; to empty the list/],
  ])('with %s is refused, and nothing is written', async (_name, content, headers, path, message) => {
    const { call, upload, ruleset } = await startWithSegment();
    await upload(['ann']);
    const { revision } = ruleset;
    const { status, body } = await call('PUT', KEYS, content, headers);
    expect([status, body.details]).toEqual([400, [{ path, message: expect.stringMatching(message) }]]);
    expect(ruleset.revision).toEqual(revision);
  });

  test('in another format, of an unknown segment, or of too many keys is refused', async () => {
    const { call, ruleset } = await startWithSegment();
    const { revision } = ruleset;
    expect((await call('PUT', KEYS, { keys: [] })).body.code).toBe('unsupported_media_type');
    expect((await call('PUT', KEYS.replace('beta', 'gamma'), 'ann', TEXT)).status).toBe(404);
    const { status, body } = await call('PUT', KEYS, users(0, 1_000_001).join('\n'), TEXT);
    expect([status, body.message]).toEqual([
      400,
      expect.stringContaining('would have 1000001 keys, and may have 1000000'),
    ]);
    expect(ruleset.revision).toEqual(revision);
  }, 30_000);
});

test('keys with which SDKs could not take the ruleset any more are refused, and others may take their place', async () => {
  const { call, upload, change, ruleset } = await startWithSegment();
  const long = (from: number, to: number) => users(from, to).map((key) => key.padEnd(1_000, '-'));
  expect((await upload(long(0, 52_000))).status).toBe(200);
  const { revision } = ruleset;
  const { status, body } = await upload(long(0, 10_000), '?list=excluded');
  expect([status, body.message]).toEqual([400, expect.stringMatching(/would take \d+ bytes, and SDKs take 58720256/)]);
  const added = await call('POST', KEYS, { list: 'excluded', add: long(0, 7_000) });
  expect([added.status, added.body.details[0].path]).toEqual([400, 'add']);
  expect(ruleset.revision).toEqual(revision);
  expect((await upload(long(40_000, 92_000))).body).toMatchObject({ added: 40_000, removed: 40_000 });
  expect((await change({ remove: long(40_000, 40_010), add: ['ann'] })).status).toBe(200);
  const { status: tooMany, body: answer } = await upload(long(0, 68_000));
  expect([tooMany, answer.code]).toEqual([413, 'payload_too_large']);
}, 60_000);

test('only a few files are read at the same time, and a body that breaks off changes nothing', async () => {
  const { app, call, ruleset, upload, export: exported } = await startWithSegment();
  await upload(['ann']);
  const others = ['a', 'b', 'c', 'd'];
  for (const segment of others) await call('PUT', SEGMENT.replace('beta', segment), {});
  const { revision } = ruleset;
  const bodies = others.map(() => new PassThrough());
  const uploads = bodies.map((body, at) => {
    const place = { project: 'default', environment: 'production', segment: others[at] ?? '' };
    return app.bunting.segmentKeys.replace(SYSTEM, place, { body, format: 'text/plain' });
  });
  for (const body of bodies) body.write('bob\ncid');
  await expect.poll(() => bodies.every((body) => body.readableLength === 0)).toBe(true);
  const { status, headers, body: answer } = await upload(['dan']);
  expect([status, answer.code, headers['retry-after']]).toEqual([429, 'rate_limited', '5']);
  for (const body of bodies) body.destroy(new Error('cut off'));
  for (const each of uploads) await expect(each).rejects.toThrow('broke off before its end');
  expect(ruleset.revision).toEqual(revision);
  expect((await upload(['dan'])).status).toBe(200);
  expect(await exported()).toEqual(['dan']);
});

test('keys are listed in pages, each once, and looked for one by one', async () => {
  const { call, upload } = await startWithSegment();
  for (const count of [5, 1_000]) {
    await upload(users(0, count));
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { body } = await call('GET', `${KEYS}?limit=${count / 5}${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...body.items);
      cursor = body.nextCursor;
    }
    expect(seen.sort()).toEqual(users(0, count).sort());
    expect((await call('GET', `${KEYS}?key=user-3`)).body).toEqual({ items: ['user-3'], nextCursor: null });
    expect((await call('GET', `${KEYS}?key=user-`)).body).toEqual({ items: [], nextCursor: null });
  }
  for (const position of [
    [32, -1e15, ''],
    [32, 0.5, ''],
    [32, 1e15, ''],
  ]) {
    const cursor = Buffer.from(JSON.stringify(position)).toString('base64url');
    const { status, body: answer } = await call('GET', `${KEYS}?cursor=${cursor}`);
    expect(status === 400 || answer.items.length === 0).toBe(true);
  }
  const { body } = await call('GET', `${KEYS}?limit=10`);
  await upload(users(0, 5));
  expect((await call('GET', `${KEYS}?cursor=${body.nextCursor}`)).body.details[0].message).toContain('begin again');
});

test.each([
  ['a key in both lists of a change', { add: ['a', 'b'], remove: ['c', 'b'] }, 'remove[1]'],
  ['an empty key', { add: [''] }, 'add[0]'],
  ['a key with a line end', { add: ['a', 'a\nb'] }, 'add[1]'],
  ['a list of another name', { list: 'both', add: ['a'] }, 'list'],
  ['too many keys at once', { add: users(0, 10_001) }, 'add'],
])('%s is refused', async (_name, body, path) => {
  const { change } = await startWithSegment();
  const { status, body: answer } = await change(body);
  expect([status, answer.details[0].path]).toEqual([400, path]);
});

test('deleting a segment takes its pages with it', async () => {
  const { call, upload, ruleset, pages } = await startWithSegment();
  await upload(users(0, 2_000));
  await upload(users(0, 2_000), '?list=excluded');
  await call('POST', '/projects/default/flags/a/archive');
  await call('DELETE', SEGMENT);
  expect([pages(), ruleset.size, ruleset.revision.hash]).toEqual([0, 0, hashOf([])]);
});
