import { compile, type EvaluationContext, type Flag } from '@bunting/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';

const FLAGS = '/projects/default/flags';
const PRODUCTION = '/projects/default/environments/production';
const PREVIEW = `${PRODUCTION}/contexts/preview`;

async function start(contexts: readonly EvaluationContext[]) {
  const server = await startApp();
  const { app, call } = server;
  await call('PUT', `${PRODUCTION}/context-sampling`, { mode: 'contexts' });
  const ruleset = app.bunting.rulesets.named('default', 'production');
  if (ruleset === undefined) throw new Error('there is no such environment');
  const samples = contexts.map((context) => ({
    context: context as Record<string, string>,
    seenAtMs: Date.now(),
    count: 1,
  }));
  app.bunting.contexts.record(ruleset, 'server', { attributes: [], samples });
  await app.bunting.contexts.flush();
  const addFlag = async (key: string, targeting: object = {}) => {
    await call('POST', FLAGS, { key, type: 'boolean' });
    const { status } = await call('PATCH', `${FLAGS}/${key}/environments/production`, { enabled: true, ...targeting });
    expect(status).toBe(200);
  };
  /** What the environment serves now, as documents. */
  const served = (): Flag[] => ruleset.items().map(({ json }) => JSON.parse(json));
  return { ...server, ruleset, addFlag, served };
}

const plan = (value: string) => ({ attribute: 'plan', operator: 'in', values: [value] });
const rule = (value: string, variant: string) => ({ id: value, when: plan(value), serve: { variant } });
const people = (...plans: string[]) => plans.map((value, at) => ({ targetingKey: `user-${at}`, plan: value }));

test('who moves is counted, from what to what, and why, with examples; nothing is changed', async () => {
  const { call, addFlag, ruleset } = await start(people('pro', 'pro', 'free', 'team'));
  await addFlag('a', { defaultRule: { variant: 'off' } });
  const { number } = ruleset.revision;
  const { status, body } = await call('POST', PREVIEW, {
    changes: [{ flag: 'a', targeting: { rules: [rule('pro', 'on')] } }],
  });
  expect(status).toBe(200);
  expect(body).toEqual({
    mode: 'contexts',
    sampled: 4,
    cut: 0,
    retentionHours: 24,
    moved: 2,
    flagsLeftOut: 0,
    flags: [
      {
        flag: 'a',
        moved: 2,
        moves: [
          {
            before: { variant: 'off', value: false, reason: 'STATIC' },
            after: { variant: 'on', value: true, reason: 'TARGETING_MATCH', ruleId: 'pro' },
            contexts: 2,
            examples: expect.arrayContaining([
              { subject: expect.any(String), context: { targetingKey: 'user-0', plan: 'pro' } },
              { subject: expect.any(String), context: { targetingKey: 'user-1', plan: 'pro' } },
            ]),
          },
        ],
      },
    ],
  });
  expect(ruleset.revision.number).toBe(number);
});

test('edits say the same as the whole targeting', async () => {
  const { call, addFlag } = await start(people('pro', 'free'));
  await addFlag('a', { defaultRule: { variant: 'off' } });
  const whole = await call('POST', PREVIEW, { changes: [{ flag: 'a', targeting: { rules: [rule('pro', 'on')] } }] });
  const edits = [{ kind: 'addRule', rule: rule('pro', 'on') }];
  expect((await call('POST', PREVIEW, { changes: [{ flag: 'a', edits }] })).body).toEqual(whole.body);
});

test('flags that depend on a changed one are compared as well, however far', async () => {
  const { call, addFlag } = await start(people('pro', 'free'));
  await addFlag('base', { defaultRule: { variant: 'on' } });
  await addFlag('middle', { defaultRule: { variant: 'on' }, prerequisites: [{ flag: 'base', variants: ['on'] }] });
  await addFlag('top', { defaultRule: { variant: 'on' }, prerequisites: [{ flag: 'middle', state: 'on' }] });
  await addFlag('other');
  const { body } = await call('POST', PREVIEW, {
    changes: [{ flag: 'base', targeting: { rules: [rule('pro', 'off')] } }],
  });
  expect(body).toMatchObject({ sampled: 2, moved: 1 });
  expect(body.flags.map(({ flag, moved }: { flag: string; moved: number }) => [flag, moved])).toEqual([
    ['base', 1],
    ['middle', 1],
    ['top', 1],
  ]);
});

test('where no contexts are sampled, none are evaluated', async () => {
  const { call, addFlag } = await start([]);
  await call('PUT', `${PRODUCTION}/context-sampling`, { mode: 'attributes' });
  await addFlag('a');
  const { body } = await call('POST', PREVIEW, { changes: [{ flag: 'a', targeting: { enabled: false } }] });
  expect(body).toMatchObject({ mode: 'attributes', sampled: 0, moved: 0, flags: [{ flag: 'a', moved: 0, moves: [] }] });
});

test('what is served goes on as it was while a preview is made, and after', async () => {
  const { app, call, addFlag, ruleset } = await start(people('pro', 'free'));
  await addFlag('a', { defaultRule: { variant: 'off' } });
  const { compiled } = app.bunting.polling;
  const before = compiled.get(ruleset);
  await call('POST', PREVIEW, { changes: [{ flag: 'a', targeting: { defaultRule: { variant: 'on' } } }] });
  expect(compiled.get(ruleset)).toBe(before);
  expect(before.evaluate('a', {}).variant).toBe('off');
  await call('PATCH', `${FLAGS}/a/environments/production`, { defaultRule: { variant: 'on' } });
  expect(compiled.get(ruleset).evaluate('a', {}).variant).toBe('on');
});

test.each([
  [[{ flag: 'a' }], 400, 'changes[0]'],
  [[{ flag: 'a', targeting: {}, edits: [{ kind: 'enable' }] }], 400, 'changes[0]'],
  [
    [
      { flag: 'a', targeting: {} },
      { flag: 'a', targeting: {} },
    ],
    400,
    'changes[1].flag',
  ],
  [[{ flag: 'a', targeting: { defaultRule: { variant: 'none' } } }], 400, 'changes[0].defaultRule.variant'],
  [
    [{ flag: 'a', targeting: { rules: [{ ...rule('x', 'on'), when: { segment: 'none' } }] } }],
    400,
    'changes[0].rules[0].when.segment',
  ],
  [[], 400, 'changes'],
  [[{ flag: 'none', targeting: {} }], 404, undefined],
  [[{ flag: 'a', edits: [{ kind: 'removeRule', rule: 'none' }] }], 409, undefined],
])('what could not be saved cannot be previewed: %j', async (changes, status, path) => {
  const { call, addFlag } = await start([]);
  await addFlag('a');
  const answer = await call('POST', PREVIEW, { changes });
  expect(answer.status).toBe(status);
  if (path !== undefined) expect(answer.body.details[0].path).toBe(path);
});

test('it is what evaluating each context by hand says', async () => {
  const plans = ['free', 'pro', 'team'];
  const variant = fc.constantFrom('on', 'off');
  const split = fc.integer({ min: 1, max: 99_999 }).map((weight) => ({
    split: {
      weights: [
        { variant: 'on', weightPer100k: weight },
        { variant: 'off', weightPer100k: 100_000 - weight },
      ],
    },
  }));
  const serve = fc.oneof(
    variant.map((name) => ({ variant: name })),
    split,
  );
  const targeting = fc.record({
    enabled: fc.boolean(),
    rules: fc.uniqueArray(
      fc.record({ id: fc.constantFrom('r1', 'r2', 'r3'), when: fc.constantFrom(...plans).map(plan), serve }),
      { maxLength: 3, selector: ({ id }) => id },
    ),
    defaultRule: serve,
  });
  const everyone = Array.from({ length: 450 }, (_, at) => ({
    targetingKey: `user-${at}`,
    plan: plans[at % 4] ?? 'none',
  }));
  const { call, addFlag, served } = await start(everyone);
  await addFlag('a');
  await addFlag('b', { prerequisites: [{ flag: 'a', variants: ['on'] }], defaultRule: { variant: 'on' } });
  const rulesetOf = (flags: readonly Flag[]) => compile({ revision: { incarnation: 'i', number: 1, hash: '' }, flags });
  await fc.assert(
    fc.asyncProperty(targeting, targeting, async (first, second) => {
      expect((await call('PATCH', `${FLAGS}/a/environments/production`, first)).status).toBe(200);
      const before = rulesetOf(served());
      const { body } = await call('POST', PREVIEW, { changes: [{ flag: 'a', targeting: second }] });
      await call('PATCH', `${FLAGS}/a/environments/production`, second);
      const after = rulesetOf(served());
      const variantOf = (ruleset: typeof before, flag: string, context: EvaluationContext) =>
        ruleset.evaluate(flag, context).variant;
      for (const { flag, moved, moves } of body.flags) {
        const movers = everyone.filter((each) => variantOf(before, flag, each) !== variantOf(after, flag, each));
        expect(moved).toBe(movers.length);
        for (const from of ['on', 'off']) {
          const counted = moves.filter((move: { before: { variant: string } }) => move.before.variant === from);
          const wanted = movers.filter((each) => variantOf(before, flag, each) === from);
          expect(counted.reduce((sum: number, { contexts }: { contexts: number }) => sum + contexts, 0)).toBe(
            wanted.length,
          );
        }
      }
      expect(body.flags.map(({ flag }: { flag: string }) => flag)).toEqual(['a', 'b']);
      const movedAtAll = everyone.filter((each) =>
        ['a', 'b'].some((flag) => variantOf(before, flag, each) !== variantOf(after, flag, each)),
      );
      expect(body).toMatchObject({ sampled: 450, moved: movedAtAll.length });
    }),
    { numRuns: 25 },
  );
});
