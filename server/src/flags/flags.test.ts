import { type BucketRange, weightsOf } from '@bunting/core';
import { describe, expect, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';

const FLAGS = '/projects/default/flags';

test('a new boolean flag is off everywhere, turns off to off, and its default rule serves on', async () => {
  const { call } = await startApp();
  const { status, body } = await call('POST', FLAGS, { key: 'new-checkout', type: 'boolean' });
  expect(status).toBe(201);
  expect(body).toMatchObject({
    key: 'new-checkout',
    type: 'boolean',
    name: 'new-checkout',
    kind: 'release',
    variants: [
      { name: 'on', value: true },
      { name: 'off', value: false },
    ],
    version: 1,
    archivedAt: null,
  });
  expect(Object.keys(body.environments)).toEqual(['development', 'production']);
  expect(body.environments.production).toMatchObject({
    enabled: false,
    offVariant: 'off',
    rules: [],
    defaultRule: { variant: 'on' },
    version: 1,
  });
});

test('a new flag of another type turns off to its last variant', async () => {
  const { call } = await startApp();
  const variants = [
    { name: 'short', value: 'Buy' },
    { name: 'long', value: 'Buy it now' },
  ];
  const { body } = await call('POST', FLAGS, { key: 'button', type: 'string', variants });
  expect(body.environments.production).toMatchObject({ offVariant: 'long', defaultRule: { variant: 'short' } });
});

test('toggling answers the next revision, and toggling to the same state answers the current one', async () => {
  const { call } = await startApp();
  await call('POST', FLAGS, { key: 'a', type: 'boolean' });
  const on = await call('PATCH', `${FLAGS}/a/environments/production`, { enabled: true });
  expect(on.body.flag.environments.production.enabled).toBe(true);
  expect(on.body.flag.environments.development.enabled).toBe(false);
  const again = await call('PATCH', `${FLAGS}/a/environments/production`, { enabled: true });
  expect(again.body.revision).toEqual(on.body.revision);
  expect(again.body.committedAt).toBe(on.body.committedAt);
  const off = await call('PATCH', `${FLAGS}/a/environments/production`, { enabled: false });
  expect(off.body.revision.number).toBe(on.body.revision.number + 1);
});

test('the same content has the same hash again, under a later number', async () => {
  const { call } = await startApp();
  await call('POST', FLAGS, { key: 'a', type: 'boolean' });
  const path = `${FLAGS}/a/environments/production`;
  const first = await call('PATCH', path, { enabled: true });
  await call('PATCH', path, { enabled: false });
  const second = await call('PATCH', path, { enabled: true });
  expect(second.body.revision.hash).toBe(first.body.revision.hash);
  expect(second.body.revision.number).toBe(first.body.revision.number + 2);
});

describe('lists', () => {
  async function startWithFlags() {
    let nowMs = 1_000_000;
    const server = await startApp({ now: () => nowMs++ });
    for (const [key, name, tags] of [
      ['alpha', 'First 100%', ['team-a']],
      ['beta', 'Second', ['team-b']],
      ['gamma', 'Third_one', []],
      ['delta', 'Fourth', []],
    ] as const) {
      await server.call('POST', FLAGS, {
        key,
        name,
        tags,
        type: key === 'beta' ? 'number' : 'boolean',
        variants: [
          { name: 'on', value: key === 'beta' ? 1 : true },
          { name: 'off', value: key === 'beta' ? 2 : false },
        ],
      });
    }
    await server.call('POST', `${FLAGS}/delta/archive`);
    const keys = async (query: string) =>
      (await server.call('GET', `${FLAGS}?${query}`)).body.items.map((flag: { key: string }) => flag.key);
    return { ...server, keys };
  }

  test('flags by key, archived ones apart', async () => {
    const { keys } = await startWithFlags();
    expect(await keys('')).toEqual(['alpha', 'beta', 'gamma']);
    expect(await keys('archived=true')).toEqual(['delta']);
    expect(await keys('type=number')).toEqual(['beta']);
  });

  test('what contains the search in its key, name, description or tags, in any case and literally', async () => {
    const { keys } = await startWithFlags();
    expect(await keys('search=LPH')).toEqual(['alpha']);
    expect(await keys('search=second')).toEqual(['beta']);
    expect(await keys('search=team-')).toEqual(['alpha', 'beta']);
    expect(await keys('search=100%25')).toEqual(['alpha']);
    expect(await keys('search=_')).toEqual(['gamma']);
    expect(await keys('search=%5C')).toEqual([]);
  });

  test.each([
    ['key', ['alpha', 'beta', 'gamma']],
    ['-updatedAt', ['alpha', 'gamma', 'beta']],
  ])('pages by %s, each flag once', async (sort, expected) => {
    const { call } = await startWithFlags();
    await call('PATCH', `${FLAGS}/alpha/environments/production`, { enabled: true });
    const seen: string[] = [];
    let cursor: string | null = '';
    do {
      const from: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const { body } = await call('GET', `${FLAGS}?limit=1&sort=${sort}${from}`);
      seen.push(...body.items.map((flag: { key: string }) => flag.key));
      cursor = body.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(expected);
  });
});

test('pages through flags that were updated at the same time, each once', async () => {
  const { call } = await startApp({ now: () => 1_000_000 });
  for (const key of ['b', 'a', 'c']) await call('POST', FLAGS, { key, type: 'boolean' });
  const first = await call('GET', `${FLAGS}?sort=-updatedAt&limit=2`);
  const second = await call('GET', `${FLAGS}?sort=-updatedAt&limit=2&cursor=${first.body.nextCursor}`);
  const keys = [...first.body.items, ...second.body.items].map(({ key }: { key: string }) => key);
  expect(keys).toEqual(['a', 'b', 'c']);
});

describe('a split by weights', () => {
  const PATH = `${FLAGS}/s/environments/production`;
  const variants = ['a', 'b', 'c'].map((name) => ({ name, value: name }));
  const weights = (...each: number[]) =>
    each.map((weightPer100k, at) => ({ variant: variants[at]?.name ?? '', weightPer100k }));

  async function startWithSplit(...each: number[]) {
    const server = await startApp();
    await server.call('POST', FLAGS, { key: 's', type: 'string', variants });
    const split = async (...wanted: number[]) => {
      const { body } = await server.call('PATCH', PATH, { defaultRule: { split: { weights: weights(...wanted) } } });
      return body.flag.environments.production.defaultRule.split.ranges as BucketRange[];
    };
    return { ...server, split, ranges: await split(...each) };
  }

  test('is stored as ranges with these weights', async () => {
    const { ranges } = await startWithSplit(20_000, 20_000, 60_000);
    expect(weightsOf(ranges).sort((a, b) => (a.variant < b.variant ? -1 : 1))).toEqual(weights(20_000, 20_000, 60_000));
  });

  test('moves only as many buckets as the weights differ by, and none between the others', async () => {
    const { split, ranges } = await startWithSplit(20_000, 20_000, 60_000);
    const grown = await split(40_000, 20_000, 40_000);
    expect(countMoved(ranges, grown)).toBe(20_000);
    expect(countMoved(grown, await split(40_000, 60_000, 0))).toBe(40_000);
  });

  test('starts from a variant that was served alone', async () => {
    const { call } = await startWithSplit(0, 0, 100_000);
    await call('PATCH', PATH, { defaultRule: { variant: 'b' } });
    const { body } = await call('PATCH', PATH, { defaultRule: { split: { weights: weights(1_000, 97_000, 2_000) } } });
    const { ranges } = body.flag.environments.production.defaultRule.split;
    expect(countMoved([{ variant: 'b', from: 0, to: 100_000 }], ranges)).toBe(3_000);
  });

  test('in a rule starts from the rule of the same id, wherever it stood', async () => {
    const { call } = await startWithSplit(100_000, 0, 0);
    const rule = (id: string, ...each: number[]) => ({
      id,
      when: { attribute: 'country', operator: 'in', values: [id] },
      serve: { split: { by: 'company', seed: 's', weights: weights(...each) } },
    });
    const first = await call('PATCH', PATH, { rules: [rule('x', 20_000, 20_000, 60_000), rule('y', 0, 0, 100_000)] });
    const [x, y] = first.body.flag.environments.production.rules;
    const second = await call('PATCH', PATH, { rules: [rule('y', 0, 0, 100_000), rule('x', 30_000, 20_000, 50_000)] });
    const [sameY, movedX] = second.body.flag.environments.production.rules;
    expect(sameY.serve).toEqual(y.serve);
    expect(movedX.serve.split).toMatchObject({ by: 'company', seed: 's' });
    expect(countMoved(x.serve.split.ranges, movedX.serve.split.ranges)).toBe(10_000);
  });

  function ownerOf(ranges: readonly BucketRange[], bucket: number) {
    return ranges.find(({ from, to }) => from <= bucket && bucket < to)?.variant;
  }
  function countMoved(before: readonly BucketRange[], after: readonly BucketRange[]) {
    const edges = [...new Set([0, 100_000, ...[...before, ...after].flatMap(({ from, to }) => [from, to])])];
    edges.sort((a, b) => a - b);
    return edges.slice(1).reduce((moved, to, at) => {
      const from = edges[at] ?? 0;
      return ownerOf(before, from) === ownerOf(after, from) ? moved : moved + to - from;
    }, 0);
  }
});

describe('changing a flag in all environments', () => {
  test('gives each environment its next revision when what it serves changes', async () => {
    const { call } = await startApp();
    await call('POST', FLAGS, { key: 'a', type: 'boolean' });
    const numbers = async () =>
      (await call('GET', '/projects/default')).body.environments.map(
        ({ revision }: { revision: { number: number } }) => revision.number,
      );
    const [development, production] = await numbers();
    await call('PATCH', `${FLAGS}/a`, { clientVisible: true });
    expect(await numbers()).toEqual([development + 1, production + 1]);
    await call('PATCH', `${FLAGS}/a`, { name: 'A', description: 'What it is for', kind: 'experiment', tags: ['t'] });
    expect(await numbers()).toEqual([development + 1, production + 1]);
    const { body } = await call('GET', `${FLAGS}/a`);
    expect(body).toMatchObject({
      name: 'A',
      description: 'What it is for',
      kind: 'experiment',
      tags: ['t'],
      version: 3,
    });
    await call('PATCH', `${FLAGS}/a`, { name: 'A' });
    expect((await call('GET', `${FLAGS}/a`)).body).toEqual(body);
  });

  test('keeps a variant that is served anywhere, and says where', async () => {
    const { call } = await startApp();
    const variants = ['a', 'b', 'c'].map((name) => ({ name, value: name }));
    await call('POST', FLAGS, { key: 's', type: 'string', variants });
    const when = { attribute: 'country', operator: 'in', values: ['CH'] };
    await call('PATCH', `${FLAGS}/s/environments/production`, {
      offVariant: 'a',
      safeVariant: 'b',
      rules: [{ id: 'r', when, serve: { variant: 'b' } }],
      defaultRule: { split: { weights: [{ variant: 'b', weightPer100k: 100_000 }] } },
    });
    const refused = await call('PATCH', `${FLAGS}/s`, { variants: variants.filter(({ name }) => name !== 'b') });
    expect(refused).toMatchObject({ status: 409, body: { code: 'variant_in_use' } });
    expect(refused.body.details.map(({ path }: { path: string }) => path)).toEqual([
      'environments.production.safeVariant',
      'environments.production.defaultRule',
      'environments.production.rules[0].serve',
    ]);
    await call('PATCH', `${FLAGS}/s/environments/production`, {
      safeVariant: null,
      rules: [],
      defaultRule: { variant: 'a' },
    });
    const allowed = await call('PATCH', `${FLAGS}/s`, { variants: variants.filter(({ name }) => name !== 'b') });
    expect(allowed.status).toBe(200);
    expect(allowed.body.environments.production).not.toHaveProperty('safeVariant');
  });

  test('an archived flag is not served, cannot be changed, keeps its key, and comes back as it was', async () => {
    const { app, call } = await startApp();
    const { body: made } = await call('POST', FLAGS, { key: 'a', type: 'boolean' });
    await call('PATCH', `${FLAGS}/a/environments/production`, { enabled: true });
    const served = () => [...app.bunting.rulesets.all()].map((ruleset) => ruleset.item('flag', 'a')?.json);
    const before = served();
    const { body: archived } = await call('POST', `${FLAGS}/a/archive`);
    expect(archived.archivedAt).toEqual(expect.any(String));
    expect(served()).toEqual([undefined, undefined]);
    for (const path of [`${FLAGS}/a`, `${FLAGS}/a/environments/production`]) {
      const body = path.endsWith('a') ? { name: 'x' } : { enabled: false };
      expect(await call('PATCH', path, body)).toMatchObject({ status: 409, body: { code: 'flag_archived' } });
    }
    expect((await call('POST', FLAGS, { key: 'a', type: 'boolean' })).body.message).toContain('archived');
    const { body: restored } = await call('POST', `${FLAGS}/a/restore`);
    expect(restored).toMatchObject({ archivedAt: null, variants: made.variants });
    expect(served()).toEqual(before);
  });
});

describe('versions', () => {
  test('a change that was not made to the latest version is refused', async () => {
    const { call } = await startApp();
    await call('POST', FLAGS, { key: 'a', type: 'boolean' });
    const path = `${FLAGS}/a/environments/production`;
    const first = await call('PATCH', path, { enabled: true }, { 'if-match': '"1"' });
    expect(first.body.flag.environments.production.version).toBe(2);
    const second = await call('PATCH', path, { enabled: false }, { 'if-match': '"1"' });
    expect(second).toMatchObject({
      status: 412,
      body: {
        code: 'version_mismatch',
        details: { version: 2, updatedAt: first.body.flag.environments.production.updatedAt },
      },
    });
    expect((await call('PATCH', path, { enabled: false }, { 'if-match': '*' })).status).toBe(200);
    expect((await call('PATCH', `${FLAGS}/a`, { name: 'A' }, { 'if-match': '"2"' })).status).toBe(412);
    expect((await call('PATCH', `${FLAGS}/a`, { name: 'A' }, { 'if-match': '"1"' })).status).toBe(200);
  });

  test('the ETag changes with everything that the answer shows', async () => {
    const { call } = await startApp();
    await call('POST', FLAGS, { key: 'a', type: 'boolean' });
    const tag = async () => String((await call('GET', `${FLAGS}/a`)).headers.etag);
    const tags = [await tag()];
    await call('PATCH', `${FLAGS}/a/environments/production`, { enabled: true });
    tags.push(await tag());
    await call('PATCH', `${FLAGS}/a`, { name: 'A' });
    tags.push(await tag());
    await call('POST', '/projects/default/environments', { key: 'staging', name: 'Staging' });
    tags.push(await tag());
    expect(new Set(tags).size).toBe(4);
    const unchanged = await call('GET', `${FLAGS}/a`, undefined, { 'if-none-match': tags[3] ?? '' });
    expect([unchanged.status, unchanged.body]).toEqual([304, '']);
    expect((await call('GET', `${FLAGS}/a`, undefined, { 'if-none-match': tags[0] ?? '' })).status).toBe(200);
  });
});

test('an environment may have a flag measured by slices: SDKs are told, and it stays so', async () => {
  const { app, call } = await startApp();
  await call('POST', FLAGS, { key: 'a', type: 'boolean' });
  const path = `${FLAGS}/a/environments/production`;
  const served = () => JSON.parse(app.bunting.rulesets.named('default', 'production')?.item('flag', 'a')?.json ?? '');
  const { body } = await call('PATCH', path, { slices: true });
  expect(body.flag.environments).toMatchObject({ production: { slices: true } });
  expect(body.flag.environments.development).not.toHaveProperty('slices');
  await call('PATCH', path, { enabled: true });
  expect(served()).toMatchObject({ enabled: true, slices: true });
  await call('PATCH', path, { slices: false });
  expect(served()).not.toHaveProperty('slices');
});
