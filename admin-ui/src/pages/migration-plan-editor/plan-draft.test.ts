import { expect, test } from 'vitest';
import type { MigrationPlan } from '../../api/types.ts';
import { examples } from './examples.ts';
import { checkPlan, draftOf, emptyText, problemsIn, writtenOf } from './plan-draft.ts';

const plan: MigrationPlan = {
  ...{ key: 'orders', name: 'Orders', flag: 'orders', code: { app: 'shop', version: '2' }, settleSeconds: 9 },
  ...{ phases: { expand: { up: [{ sql: 'select 1' }], isReversible: true } } },
  ...{ database: null, newDatabase: null, phase: 'baseline', enteredAt: '', wanted: 'baseline', isMoving: false },
  ...{ floor: 'baseline', floorReason: null, pointsOfNoReturn: [], release: null, pause: null, problem: null },
  ...{ waiting: [], progress: null, version: 1, createdAt: '', updatedAt: '' },
};

test('a plan survives being edited without being changed, and its secrets are left where they are', () => {
  const { key, name, flag, code, settleSeconds, phases } = plan;
  expect(checkPlan(draftOf(plan), plan)).toEqual({ ok: true, ready: { key, name, flag, code, settleSeconds, phases } });
});

test('a new plan has what was typed, and no more', () => {
  const draft = { ...draftOf(undefined), key: 'orders', database: ' postgres://a@b/c ' };
  expect(checkPlan(draft, undefined)).toEqual({
    ok: true,
    ready: { key: 'orders', name: 'orders', phases: {}, database: 'postgres://a@b/c' },
  });
});

test('what cannot be taken away is not taken away silently', () => {
  const replicated = { ...plan, replication: { tables: ['a'], variants: { old: 'off', new: 'on' } } };
  const draft = { ...draftOf(replicated), flag: '', version: ' ', text: emptyText };
  expect(checkPlan(draft, replicated)).toMatchObject({
    errors: { flag: expect.any(String), 'code.version': expect.any(String), replication: expect.any(String) },
  });
  expect(checkPlan({ ...draftOf(plan), text: emptyText }, plan)).toMatchObject({ ready: { settleSeconds: 5 } });
});

test('JSON that is none, or says what has a field of its own, is refused with what to do', () => {
  const errorsOf = (text: string) => checkPlan({ ...draftOf(plan), text }, plan);
  expect(errorsOf('{')).toMatchObject({ errors: { '': expect.stringContaining('no JSON') } });
  expect(errorsOf('[]')).toMatchObject({ errors: { '': expect.stringContaining('object') } });
  expect(errorsOf('{"phases": {}, "name": "x"}')).toMatchObject({ errors: { '': expect.stringContaining('name') } });
});

test("the server's words about phases are told from those about fields", () => {
  const problems = problemsIn({
    'phases.expand.up[0]': 'a',
    phases: 'b',
    flag: 'c',
    '': 'd',
    'replication.tables': 'e',
  });
  expect(problems.map(({ path }) => path)).toEqual(['phases.expand.up[0]', 'phases', 'replication.tables']);
});

test('each example is one that can be begun from', () => {
  expect(examples).toHaveLength(4);
  for (const { plan: example } of examples) {
    const draft = { ...draftOf(undefined), key: 'mine', text: writtenOf(example) };
    expect(checkPlan(draft, undefined)).toMatchObject({ ok: true, ready: { phases: example.phases } });
  }
});
