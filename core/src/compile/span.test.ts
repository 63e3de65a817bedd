import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Condition, Flag, ScheduleStep, Segment } from '../model.ts';
import { compile } from '../ruleset.ts';
import { applyChanges, applyKill } from '../sync/apply.ts';
import { toItem } from '../sync/messages.ts';

const revision = { incarnation: 'i', number: 1, hash: 'h' };
const variants = [
  { name: 'on', value: true },
  { name: 'off', value: false },
];
const NEVER = Number.POSITIVE_INFINITY;

function flag(key: string, over: Partial<Flag> = {}): Flag {
  return { key, type: 'boolean', variants, enabled: true, offVariant: 'off', defaultRule: { variant: 'on' }, ...over };
}
const when = (condition: Condition) => ({ rules: [{ id: 'r', when: condition, serve: { variant: 'off' } }] });
const ramp = (schedule: ScheduleStep[]) => ({
  defaultRule: { split: { ranges: [{ variant: 'on', from: 0, to: 0 }], schedule } },
});
const step = (atMs: number, to: number, linear = false): ScheduleStep => ({
  atMs,
  ranges: [{ variant: 'on', from: 0, to }],
  ...(linear ? { linear } : {}),
});
const iso = (ms: number) => new Date(ms).toISOString();

test('a step of a schedule is the next change, until the last has come', () => {
  const ruleset = compile({ revision, flags: [flag('f', ramp([step(1000, 10), step(2000, 20)]))] });
  expect([0, 999, 1000, 2000].map((ms) => ruleset.nextChangeMs('f', ms, 5))).toEqual([1000, 1000, 2000, NEVER]);
});

test('on the way to a linear step every moment may be a change', () => {
  const ruleset = compile({ revision, flags: [flag('f', ramp([step(1000, 0), step(2000, 100_000, true)]))] });
  expect([0, 1000, 1500, 1999, 2000].map((ms) => ruleset.nextChangeMs('f', ms, 5))).toEqual([
    1000,
    1005,
    1505,
    2000,
    NEVER,
  ]);
});

test('windows, moments relative to now, segments and prerequisites change with time, however deep they are', () => {
  const window = { during: { from: iso(1000), until: iso(5000) } };
  const ruleset = compile({
    revision,
    segments: [
      { key: 's', when: { any: [{ not: window }] } },
      { key: 'outer', when: { segment: 's' } },
    ],
    flags: [
      flag('window', when(window)),
      flag('lately', when({ attribute: 'since', operator: 'after', values: ['now-7d'] })),
      flag('fixed', when({ attribute: 'since', operator: 'after', values: [iso(1000)] })),
      flag('segment', when({ segment: 'outer' })),
      flag('child', { prerequisites: [{ flag: 'segment', variants: ['on'] }] }),
      flag('circular', { prerequisites: [{ flag: 'circular', state: 'on' }] }),
    ],
  });
  const next = (key: string, ms: number) => ruleset.nextChangeMs(key, ms, 5);
  for (const key of ['window', 'segment', 'child']) {
    expect([next(key, 0), next(key, 1000), next(key, 5000)]).toEqual([1000, 5000, NEVER]);
  }
  expect(next('lately', 123)).toBe(128);
  for (const key of ['fixed', 'circular', 'unknown']) expect(next(key, 0)).toBe(NEVER);
});

test('a killed flag does not change with time, and a changed segment counts from its revision on', () => {
  const window = { during: { from: iso(1000) } };
  const ruleset = compile({ revision, flags: [flag('f', when({ segment: 's' }))], segments: [{ key: 's' }] });
  expect(ruleset.nextChangeMs('f', 0, 5)).toBe(NEVER);
  const header = {
    type: 'changes',
    from: 1,
    revision: { ...revision, number: 2 },
    committedAtMs: 0,
    timeMs: 0,
  } as const;
  const items = [toItem('segment', { key: 's', when: window } as Segment)];
  const changed = applyChanges(ruleset, { ...header, items, delete: [] });
  expect(changed?.nextChangeMs('f', 0, 5)).toBe(1000);
  expect(changed && applyKill(changed, { flag: 'f', epoch: 1, engaged: true }).nextChangeMs('f', 0, 5)).toBe(NEVER);
});

const anyMs = fc.integer({ min: 0, max: 40 });
const anyCondition: fc.Arbitrary<Condition> = fc.oneof(
  fc.tuple(anyMs, anyMs).map(([from, until]): Condition => ({ during: { from: iso(from), until: iso(until) } })),
  fc.constant<Condition>({ attribute: 'since', operator: 'before', values: ['now'] }),
  fc.constant<Condition>({ not: { segment: 's' } }),
  fc.constant<Condition>({ all: [] }),
);
const anySchedule = fc
  .uniqueArray(anyMs, { minLength: 1, maxLength: 4 })
  .chain((times) =>
    fc.tuple(
      ...times
        .sort((a, b) => a - b)
        .map((atMs, i) =>
          fc
            .tuple(fc.integer({ min: 0, max: 100_000 }), fc.boolean())
            .map(([to, linear]) => step(atMs, to, i > 0 && linear)),
        ),
    ),
  );

test('between two changes no answer moves, whatever a flag depends on', () => {
  fc.assert(
    fc.property(
      fc.array(anyCondition, { maxLength: 2 }),
      anyCondition,
      anySchedule,
      fc.boolean(),
      anyMs,
      (conditions, inSegment, schedule, hasParent, atMs) => {
        const parent = flag('parent', { ...when(inSegment) });
        const rules = conditions.map((condition, i) => ({ id: `r${i}`, when: condition, serve: { variant: 'off' } }));
        const prerequisites = hasParent ? [{ flag: 'parent', variants: ['on'] }] : [];
        const child = flag('child', { ...ramp(schedule), rules, prerequisites });
        const segments = [{ key: 's', when: { during: { from: iso(atMs) } } }];
        const ruleset = compile({ revision, flags: [parent, child], segments });
        for (let nowMs = 0; nowMs < 45; nowMs++) {
          const nextMs = ruleset.nextChangeMs('child', nowMs, 1);
          for (let laterMs = nowMs; laterMs < Math.min(nextMs, 45); laterMs++) {
            for (const targetingKey of ['a', 'b', 'c']) {
              const context = { targetingKey, since: iso(20) };
              expect(ruleset.evaluate('child', context, laterMs)).toBe(ruleset.evaluate('child', context, nowMs));
            }
          }
        }
      },
    ),
    { numRuns: 200 },
  );
});
