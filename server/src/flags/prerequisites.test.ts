import { compile, type Flag } from '@bunting/core';
import { expect, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';

const FLAGS = '/projects/default/flags';

/** A server with boolean flags of these keys. */
async function startWith(...keys: string[]) {
  const server = await startApp();
  for (const key of keys) await server.call('POST', FLAGS, { key, type: 'boolean' });
  const depend = (key: string, prerequisites: unknown[], environment = 'production') =>
    server.call('PATCH', `${FLAGS}/${key}/environments/${environment}`, { prerequisites });
  const state = async () => [
    await server.call('GET', `${FLAGS}?limit=200`).then(({ body }) => body),
    await server.call('GET', '/projects/default').then(({ body }) => body),
    await server.call('GET', '/audit').then(({ body }) => body),
  ];
  const served = (key: string, environment = 'production') => {
    const ruleset = [...server.app.bunting.rulesets.all()].find((one) => one.environment === environment);
    const json = ruleset?.item('flag', key)?.json;
    return json === undefined ? undefined : (JSON.parse(json) as Flag);
  };
  return { ...server, depend, state, served };
}

const on = (flag: string) => ({ flag, state: 'on' });

test('are saved for one environment, answered, audited, and served', async () => {
  const { call, depend, served } = await startWith('a', 'b');
  const prerequisites = [on('b'), { flag: 'b', variants: ['on', 'off'] }, { flag: 'b', values: [true] }];
  const { status, body } = await depend('a', prerequisites);
  expect(status).toBe(200);
  expect(body.flag.environments.production.prerequisites).toEqual(prerequisites);
  expect(body.flag.environments.development).not.toHaveProperty('prerequisites');
  expect(served('a')?.prerequisites).toEqual(prerequisites);
  expect(served('a', 'development')).not.toHaveProperty('prerequisites');
  const [event] = (await call('GET', '/audit?limit=1')).body.items;
  expect(event).toMatchObject({ action: 'flag.environment.updated', after: { prerequisites } });
  expect(event.before).not.toHaveProperty('prerequisites');
  const again = await depend('a', prerequisites);
  expect(again.body.revision).toEqual(body.revision);
  const none = await depend('a', []);
  expect(none.body.flag.environments.production).not.toHaveProperty('prerequisites');
  expect(served('a')).not.toHaveProperty('prerequisites');
});

test('that make a cycle are refused with the cycle and the fix, in its environment only', async () => {
  const { depend, state } = await startWith('a', 'b', 'c');
  await depend('a', [on('b')]);
  await depend('b', [on('c')]);
  const before = await state();
  const refused = await depend('c', [on('a')]);
  expect(refused).toMatchObject({ status: 400, body: { code: 'validation_failed' } });
  expect(refused.body.details).toEqual([
    {
      path: 'prerequisites[0]',
      message: 'makes a cycle in production: c → a → b → c. Remove one of these prerequisites',
    },
  ]);
  expect(await state()).toEqual(before);
  expect((await depend('c', [on('a')], 'development')).status).toBe(200);
});

test('on flags that are unknown or archived, or on unknown variants, are refused by place', async () => {
  const { call, depend, state } = await startWith('a', 'b', 'old');
  await call('POST', `${FLAGS}/old/archive`);
  const before = await state();
  const refused = await depend('a', [on('none'), on('old'), { flag: 'b', variants: ['on', 'maybe'] }]);
  expect(refused.body.details).toEqual([
    { path: 'prerequisites[0].flag', message: expect.stringContaining('"none" does not exist in this project') },
    { path: 'prerequisites[1].flag', message: expect.stringContaining('"old" is archived; restore it first') },
    { path: 'prerequisites[2].variants[1]', message: 'flag "b" has no variant "maybe"; it has on, off' },
  ]);
  expect(await state()).toEqual(before);
});

test('keep what they name: it cannot be archived, nor lose the variant', async () => {
  const { call, depend, state } = await startWith('a', 'z');
  const variants = ['x', 'y', 'z'].map((name) => ({ name, value: name }));
  await call('POST', FLAGS, { key: 'b', type: 'string', variants });
  await depend('a', [{ flag: 'b', variants: ['y'] }]);
  await depend('z', [on('b')], 'development');
  const before = await state();
  const archived = await call('POST', `${FLAGS}/b/archive`);
  expect(archived).toMatchObject({ status: 409, body: { code: 'flag_in_use' } });
  expect(archived.body.message).toContain('"b" is a prerequisite of "a", "z"');
  expect(archived.body.details.map(({ path }: { path: string }) => path)).toEqual([
    'a.environments.production.prerequisites[0]',
    'z.environments.development.prerequisites[0]',
  ]);
  const fewer = await call('PATCH', `${FLAGS}/b`, { variants: variants.filter(({ name }) => name !== 'y') });
  expect(fewer).toMatchObject({ status: 409, body: { code: 'variant_in_use' } });
  expect(fewer.body.details[0].path).toBe('a.environments.production.prerequisites[0]');
  expect(await state()).toEqual(before);
  await depend('a', []);
  await depend('z', [], 'development');
  expect((await call('POST', `${FLAGS}/b/archive`)).status).toBe(200);
});

test('of an archived flag bind nobody, and are asked for again when it is restored', async () => {
  const { call, depend, served } = await startWith('a', 'b');
  await depend('a', [on('b')]);
  await call('POST', `${FLAGS}/a/archive`);
  expect((await call('POST', `${FLAGS}/b/archive`)).status).toBe(200);
  const refused = await call('POST', `${FLAGS}/a/restore`);
  expect(refused).toMatchObject({ status: 409, body: { code: 'conflict' } });
  expect(refused.body.message).toContain('flag "b" is archived; restore it first');
  expect(served('a')).toBeUndefined();
  await call('POST', `${FLAGS}/b/restore`);
  expect((await call('POST', `${FLAGS}/a/restore`)).status).toBe(200);
  expect(served('a')?.prerequisites).toEqual([on('b')]);
});

test('targets, version floors and schemas are saved, served, and decide as core says', async () => {
  const { call, served } = await startWith();
  const variants = [
    { name: 'new', value: { size: 2 }, requires: { attribute: 'app', atLeast: '2.4' } },
    { name: 'old', value: { size: 1 } },
  ];
  const schema = { type: 'object', properties: { size: { type: 'integer' } }, required: ['size'] };
  const made = await call('POST', FLAGS, { key: 'a', type: 'object', variants, schema });
  expect(made).toMatchObject({ status: 201, body: { variants, schema } });
  const targets = [{ values: ['u1'], variant: 'new' }];
  const path = `${FLAGS}/a/environments/production`;
  const { body } = await call('PATCH', path, { enabled: true, defaultRule: { variant: 'old' }, targets });
  expect(body.flag.environments.production.targets).toEqual(targets);
  const flag = served('a');
  expect(flag).toMatchObject({ schema, targets, variants });
  if (flag === undefined) throw new Error('the flag is served');
  const ruleset = compile({ revision: body.revision, flags: [flag] });
  expect(ruleset.evaluate('a', { targetingKey: 'u1', app: '2.4.1' }).variant).toBe('new');
  expect(ruleset.evaluate('a', { targetingKey: 'u1', app: '2.3.9' }).variant).toBe('old');
  expect(ruleset.evaluate('a', { targetingKey: 'u2', app: '2.4.1' }).variant).toBe('old');

  const unfit = await call('PATCH', `${FLAGS}/a`, { variants: [variants[0], { name: 'old', value: { size: 'S' } }] });
  expect(unfit.body.details).toEqual([
    { path: 'variants[1].value.size', message: "does not match the flag's schema: must be integer" },
  ]);
  const without = await call('PATCH', `${FLAGS}/a`, { variants: [variants[1]] });
  expect(without.body).toMatchObject({ code: 'variant_in_use' });
  expect(without.body.details).toContainEqual({
    path: 'environments.production.targets[0]',
    message: 'serves variant "new"',
  });
  expect((await call('PATCH', `${FLAGS}/a`, { schema: null })).body).not.toHaveProperty('schema');
  expect(served('a')).not.toHaveProperty('schema');
});
