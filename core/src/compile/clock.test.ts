import { expect, test } from 'vitest';
import type { Flag, Segment } from '../model.ts';
import { compile } from '../ruleset.ts';
import { applyChanges, applyKill, applySnapshot } from '../sync/apply.ts';
import { toItem } from '../sync/messages.ts';

const revision = { incarnation: 'i', number: 1, hash: 'h' };
const window = { during: { from: '2026-01-01T00:00:00Z' } } as const;

function flag(key: string, over: Partial<Flag>): Flag {
  const variants = [
    { name: 'on', value: true },
    { name: 'off', value: false },
  ];
  return { key, type: 'boolean', variants, enabled: true, offVariant: 'off', defaultRule: { variant: 'off' }, ...over };
}

const rule = (when: NonNullable<Flag['rules']>[number]['when']) => ({
  rules: [{ id: 'r', when, serve: { variant: 'on' } }],
});
const flags = [
  flag('timed', rule(window)),
  flag('by-segment', rule({ segment: 's' })),
  flag('plain', rule({ all: [] })),
  flag('child', { ...rule({ all: [] }), prerequisites: [{ flag: 'timed', variants: ['on'] }] }),
];
const segments = [{ key: 's', when: window }];
const AT_2026 = Date.UTC(2026, 0, 1);

test('only flags that depend on the time ask the clock, once an evaluation', () => {
  let asked = 0;
  const twice = flag('twice', rule({ all: [window, { segment: 's' }, window] }));
  const clock = () => {
    asked += 1;
    return AT_2026;
  };
  const ruleset = compile({ revision, flags: [...flags, twice], segments }, { clock });
  expect(ruleset.evaluate('plain', {}).value).toBe(true);
  expect(asked).toBe(0);
  for (const key of ['timed', 'by-segment', 'child', 'twice']) {
    asked = 0;
    expect(ruleset.evaluate(key, {}).value).toBe(true);
    expect(asked).toBe(1);
  }
});

test('a moment that is given goes before the clock', () => {
  const ruleset = compile({ revision, flags, segments }, { clock: () => expect.unreachable() });
  for (const key of ['timed', 'by-segment', 'child']) {
    expect(ruleset.evaluate(key, {}, AT_2026).value).toBe(true);
    expect(ruleset.evaluate(key, {}, AT_2026 - 1).value).toBe(false);
  }
});

test('without a clock and a moment a flag that depends on the time says so, and others answer', () => {
  const ruleset = compile({ revision, flags, segments });
  expect(ruleset.evaluate('plain', {}).value).toBe(true);
  for (const key of ['timed', 'by-segment', 'child']) {
    expect(ruleset.evaluate(key, {})).toMatchObject({
      errorCode: 'GENERAL',
      errorMessage: expect.stringContaining('clock'),
    });
  }
});

test('rulesets that are derived keep the clock', () => {
  const ruleset = compile({ revision, flags, segments }, { clock: () => AT_2026 });
  expect(applyKill(ruleset, { flag: 'plain', epoch: 1, engaged: true }).evaluate('timed', {}).value).toBe(true);
});

test('a flag stops asking for the time when its segment no longer depends on it', () => {
  const timed = compile({ revision, flags, segments }, { clock: () => AT_2026 });
  expect(timed.evaluate('by-segment', {}).value).toBe(true);
  const items = [toItem('segment', { key: 's', when: { all: [] } } as Segment)];
  const header = { committedAtMs: 0, timeMs: 0, from: 1, delete: [], revision: { ...revision, number: 2 } };
  const untimed = applyChanges(timed, { ...header, type: 'changes', items });
  let asked = 0;
  const again = applySnapshot(
    { ...header, type: 'snapshot', kills: [], items: [...(untimed?.items() ?? [])] },
    { previous: untimed, clock: () => ++asked },
  );
  expect(again.evaluate('by-segment', {}).value).toBe(true);
  expect(asked).toBe(0);
});
