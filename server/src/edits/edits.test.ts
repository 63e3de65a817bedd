import { expect, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';

const FLAG = '/projects/default/flags/a';
const EDITS = `${FLAG}/environments/production/edits`;
const germans = { attribute: 'country', operator: 'in', values: ['DE'] };

function rule(id: string, variant = 'on') {
  return { id, when: germans, serve: { variant } };
}

async function start() {
  const server = await startApp();
  await server.call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  const edit = (...edits: unknown[]) => server.call('POST', EDITS, { edits });
  return { ...server, edit };
}

test('edits are one revision, and SDKs get what they amount to', async () => {
  const { app, edit } = await start();
  const before = app.bunting.rulesets.named('default', 'production')?.revision.number ?? 0;
  const { status, body } = await edit(
    { kind: 'enable' },
    { kind: 'addRule', rule: rule('beta') },
    { kind: 'addRule', rule: rule('alpha', 'off'), place: { before: 'beta' } },
    { kind: 'addTargets', variant: 'on', values: ['u1'] },
  );
  expect([status, body.revision?.number]).toEqual([200, before + 1]);
  const shown = body.flag.environments.production;
  expect(shown.rules.map(({ id }: { id: string }) => id)).toEqual(['alpha', 'beta']);
  expect(shown).toMatchObject({ enabled: true, version: 2 });
  const served = app.bunting.rulesets.named('default', 'production')?.item('flag', 'a')?.json ?? '';
  expect(JSON.parse(served)).toMatchObject({ enabled: true, targets: [{ variant: 'on', values: ['u1'] }] });
});

test('two people who add rules from the same page at once both succeed', async () => {
  const { call, edit } = await start();
  const answers = await Promise.all(['x', 'y'].map((id) => edit({ kind: 'addRule', rule: rule(id) })));
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  const { body } = await call('GET', FLAG);
  expect(body.environments.production.rules.map(({ id }: { id: string }) => id).sort()).toEqual(['x', 'y']);
});

test('an edit of what is gone is refused by name, and those beside it are not applied', async () => {
  const { call, edit } = await start();
  const { status, body } = await edit(
    { kind: 'enable' },
    { kind: 'setRuleServe', rule: 'x', serve: { variant: 'on' } },
  );
  expect([status, body.code]).toEqual([409, 'edit_conflict']);
  expect(body.details).toEqual([{ path: 'edits[1]', message: 'the rule "x" is gone' }]);
  expect((await call('GET', FLAG)).body.environments.production.enabled).toBe(false);
});

test('a rollout grows without moving anyone out', async () => {
  const { edit } = await start();
  const weights = (on: number) => [
    { variant: 'on', weightPer100k: on },
    { variant: 'off', weightPer100k: 100_000 - on },
  ];
  const rangeOf = async (on: number) => {
    const { body } = await edit({ kind: 'setRollout', weights: weights(on) });
    const { ranges } = body.flag.environments.production.defaultRule.split;
    return ranges.find(({ variant }: { variant: string }) => variant === 'on');
  };
  const [ten, half] = [await rangeOf(10_000), await rangeOf(50_000)];
  expect(half.from).toBeLessThanOrEqual(ten.from);
  expect(half.to).toBeGreaterThanOrEqual(ten.to);
});

test('what edits amount to is checked as a whole document is', async () => {
  const { edit } = await start();
  const missing = await edit({ kind: 'addRule', rule: { ...rule('x'), when: { segment: 'nobody' } } });
  expect(missing.body.details).toEqual([
    {
      path: 'rules[0].when.segment',
      message: expect.stringContaining('segment "nobody" does not exist in production'),
    },
  ]);
  const variant = await edit({ kind: 'setOffVariant', variant: 'x' });
  expect([variant.status, variant.body.details[0].path]).toEqual([400, 'offVariant']);
  const prerequisite = await edit({ kind: 'addPrerequisite', prerequisite: { flag: 'gone', state: 'on' } });
  expect(prerequisite.body.details[0].message).toContain('does not exist');
});

test('an edit that is none is explained by its kind', async () => {
  const { edit } = await start();
  const unknown = await edit({ kind: 'explode' });
  expect(unknown.body.details).toEqual([
    { path: 'edits[0].kind', message: expect.stringContaining('must be one of "enable", "disable"') },
  ]);
  const incomplete = await edit({ kind: 'addRule' });
  expect(incomplete.body.details).toEqual([{ path: 'edits[0].rule', message: 'is required' }]);
  const astray = await edit({ kind: 'moveRule', rule: 'x', place: 'middle' });
  expect(astray.body.details).toEqual([
    { path: 'edits[0].place', message: 'must be one of "first", "last", or an object as the documentation says' },
  ]);
  const wordy = await edit({ kind: 'enable', variant: 'on' });
  expect(wordy.body.details).toEqual([{ path: 'edits[0].variant', message: 'is not a known field; remove it' }]);
});

test('edits that change nothing commit nothing', async () => {
  const { call, edit } = await start();
  const { body } = await edit({ kind: 'disable' }, { kind: 'removeTargets', values: ['u1'] });
  expect(body.flag.environments.production.version).toBe(1);
  expect((await call('GET', '/audit?limit=1')).body.items[0].action).toBe('flag.created');
});

test('edits with a version that is no longer are refused', async () => {
  const { call, edit } = await start();
  await edit({ kind: 'enable' });
  const { status } = await call('POST', EDITS, { edits: [{ kind: 'disable' }] }, { 'if-match': '"1"' });
  expect(status).toBe(412);
});

test('edits of a segment leave what they do not name', async () => {
  const { call } = await start();
  const path = '/projects/default/environments/production/segments/s';
  await call('PUT', path, { name: 'Ours', when: germans });
  await call('POST', `${path}/keys`, { add: ['u1'], list: 'included' });
  const edits = [{ kind: 'setAttribute', attribute: 'org.id' }];
  const { status, body } = await call('POST', `${path}/edits`, { edits });
  expect([status, body.segment]).toEqual([200, expect.objectContaining({ name: 'Ours', by: 'org.id', when: germans })]);
  const none = await call('POST', `${path}-none/edits`, { edits });
  expect(none.status).toBe(404);
});

test('two people who add a tag and a variant at once both succeed', async () => {
  const { call } = await start();
  const edit = (...edits: unknown[]) => call('POST', `${FLAG}/edits`, { edits });
  const half = { name: 'half', value: true };
  const answers = await Promise.all([
    edit({ kind: 'addTag', tag: 'x' }),
    edit({ kind: 'addTag', tag: 'y' }, { kind: 'addVariant', variant: half }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  const { body } = await call('GET', FLAG);
  expect([[...body.tags].sort(), body.variants.at(-1), body.version]).toEqual([['x', 'y'], half, 3]);
  const taken = await edit({ kind: 'addVariant', variant: half });
  expect([taken.status, taken.body.code]).toEqual([409, 'edit_conflict']);
  expect((await edit({ kind: 'removeVariant', variant: 'off' })).body.code).toBe('variant_in_use');
  const many = Array.from({ length: 49 }, (_, at) => ({ kind: 'addTag', tag: `t${at}` }));
  expect((await edit(...many)).body.details[0]).toEqual({ path: 'tags', message: 'may be 50 at most; would be 51' });
});
