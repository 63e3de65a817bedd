import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rangesAt } from '../compile/schedule.ts';
import { applyEdits } from '../edits/apply.ts';
import { EditConflict, type TargetingEdit } from '../edits/edit.ts';
import { BUCKET_COUNT, type BucketRange, type Flag, type ScheduleStep, type Split } from '../model.ts';
import { runs } from '../proof.test.fixture.ts';
import { compile } from '../ruleset.ts';
import { explain } from '../trace/explain.ts';
import { checkFlag } from '../validate/check-flag.ts';
import { exposedIn, isSameOwners } from './exposure.ts';
import { comingSteps, growsByTime } from './hold.ts';
import { rampsOf } from './ramps-of.ts';

const cause = { id: 'signal:1', by: 'Alerts', reason: 'errors' };
const HOLD: TargetingEdit = { kind: 'holdRamp', cause };
const RESUME: TargetingEdit = { kind: 'resumeRamp' };

const on = (percent: number): BucketRange[] => [
  { variant: 'a', from: 0, to: percent * 1000 },
  { variant: 'off', from: percent * 1000, to: BUCKET_COUNT },
];

function flagOf(split: Split): Flag {
  return {
    key: 'f',
    type: 'number',
    variants: ['a', 'b', 'off', 'safe'].map((name, value) => ({ name, value })),
    enabled: true,
    offVariant: 'off',
    safeVariant: 'safe',
    defaultRule: { split },
  };
}

function splitOf({ defaultRule }: Flag): Split {
  if (!('split' in defaultRule)) throw new Error('the flag has lost its split');
  return defaultRule.split;
}

function edited(split: Split, edit: TargetingEdit, nowMs: number): Split {
  const after = applyEdits(flagOf(split), [edit], nowMs);
  expect(checkFlag(after)).toEqual([]);
  return splitOf(after);
}

describe('a ramp that is held', () => {
  const LINE: Split = {
    ranges: on(0),
    schedule: [
      { atMs: 1_000, ranges: on(0) },
      { atMs: 11_000, ranges: on(50), linear: true },
      { atMs: 20_000, ranges: on(100) },
    ],
  };

  test('stays where it is, and goes on from there, later by how long it was held', () => {
    const held = edited(LINE, HOLD, 5_000);
    expect([held.ranges, held.schedule, held.held?.causes]).toEqual([on(20), undefined, [{ ...cause, atMs: 5_000 }]]);
    expect(rangesAt(held, 30_000)).toEqual(on(20));
    const resumed = edited(held, RESUME, 105_000);
    expect(resumed.held).toBeUndefined();
    expect([105_000, 108_000, 111_000, 119_999, 120_000].map((at) => rangesAt(resumed, at))).toEqual([
      on(20),
      on(35),
      on(50),
      on(50),
      on(100),
    ]);
  });

  test('goes on when its last cause is gone, and lists them until then', () => {
    const other = { id: 'line', by: 'Ada', reason: 'stop' };
    const twice = edited(edited(LINE, HOLD, 5_000), { kind: 'holdRamp', cause: other }, 6_000);
    expect(twice.held).toMatchObject({ atMs: 5_000, causes: [{ id: 'signal:1' }, { ...other, atMs: 6_000 }] });
    const again = edited(twice, HOLD, 7_000);
    expect(again).toEqual(twice);
    const once = edited(twice, { kind: 'resumeRamp', cause: 'signal:1' }, 7_000);
    expect(once.held?.causes?.map(({ id }) => id)).toEqual(['line']);
    expect(edited(once, { kind: 'resumeRamp', cause: 'line' }, 15_000).schedule).toHaveLength(3);
    expect(() => edited(once, { kind: 'resumeRamp', cause: 'signal:1' }, 8_000)).toThrow('is not held for "signal:1"');
  });

  test('by more causes than are counted waits for who takes all of them away', () => {
    let held = edited(LINE, HOLD, 5_000);
    for (let i = 2; i <= 150; i++) {
      held = edited(held, { kind: 'holdRamp', cause: { ...cause, id: `signal:${i}` } }, 5_000);
    }
    expect(held.held?.causes).toHaveLength(100);
    for (let i = 1; i <= 99; i++) held = edited(held, { kind: 'resumeRamp', cause: `signal:${i}` }, 6_000);
    expect(held.held?.causes?.map(({ id }) => id)).toEqual(['more']);
    expect(edited(held, RESUME, 6_000).held).toBeUndefined();
  });

  test('still takes away at its time what it was to take away', () => {
    const sale: Split = {
      ranges: on(10),
      schedule: [
        { atMs: 100, ranges: on(100) },
        { atMs: 200, ranges: on(0) },
        { atMs: 300, ranges: on(50) },
      ],
    };
    const share = (split: Split, atMs: number) => rangesAt(split, atMs).find(({ variant }) => variant === 'a')?.to ?? 0;
    const during = edited(sale, HOLD, 150);
    expect([150, 199, 200, 300].map((at) => share(during, at))).toEqual([100_000, 100_000, 0, 0]);
    const resumed = edited(during, RESUME, 250);
    expect([250, 300, 399, 400].map((at) => share(resumed, at))).toEqual([0, 0, 0, 50_000]);
    const before = edited(sale, HOLD, 50);
    expect([50, 100, 200, 300].map((at) => share(before, at))).toEqual([10_000, 10_000, 0, 0]);
  });

  test('takes at the beginning of a line what it would take by its end', () => {
    const peak: Split = {
      ranges: on(10),
      schedule: [
        { atMs: 100, ranges: on(50) },
        { atMs: 200, ranges: on(2), linear: true },
      ],
    };
    const held = edited(peak, HOLD, 50);
    expect([99, 100, 199, 200].map((at) => rangesAt(held, at))).toEqual([on(10), on(2), on(2), on(2)]);
  });

  test('starts from where someone has moved it meanwhile', () => {
    const held = edited(LINE, HOLD, 5_000);
    const moved = edited({ ...held, ranges: on(5) }, RESUME, 6_000);
    expect([6_000, 12_000].map((at) => rangesAt(moved, at))).toEqual([on(5), on(50)]);
    const others = { ...held, ranges: [{ variant: 'b', from: 0, to: BUCKET_COUNT }] };
    expect(() => edited(others, RESUME, 6_000)).toThrow('give it new steps');
  });

  test('is a ramp no more once it gets new weights or steps', () => {
    const held = edited(LINE, HOLD, 5_000);
    const weights = [
      { variant: 'a', weightPer100k: 30_000 },
      { variant: 'off', weightPer100k: 70_000 },
    ];
    expect(edited(held, { kind: 'setRollout', weights }, 6_000).held).toBeUndefined();
    expect(edited(held, { kind: 'setSchedule', steps: [{ atMs: 9_000, weights }] }, 6_000).held).toBeUndefined();
  });
});

test('a trace says that a ramp is held', () => {
  const held = applyEdits(flagOf({ ranges: on(0), schedule: [{ atMs: 10, ranges: on(100) }] }), [HOLD], 5);
  const ruleset = compile({ revision: { incarnation: 'i', number: 1, hash: '' }, flags: [held] });
  const { steps } = explain(ruleset, 'f', { targetingKey: 'u' }, 20);
  expect(steps.at(-1)).toMatchObject({ step: 'default-rule', serve: { variant: 'off', split: { held: { atMs: 5 } } } });
});

test('nothing is held that only takes away, has ended, or is no ramp', () => {
  const down: Split = { ranges: on(50), schedule: [{ atMs: 100, ranges: on(10) }] };
  const away: Split = {
    ranges: on(50),
    schedule: [{ atMs: 100, ranges: [{ variant: 'safe', from: 0, to: BUCKET_COUNT }] }],
  };
  const slow: Split = {
    ranges: on(50),
    schedule: [
      { atMs: 0, ranges: on(50) },
      { atMs: 100, ranges: on(1), linear: true },
    ],
  };
  const ended: Split = { ranges: on(0), schedule: [{ atMs: 10, ranges: on(50) }] };
  for (const split of [down, away, slow, ended, { ranges: on(50) }]) {
    expect(() => edited(split, HOLD, 50)).toThrow(EditConflict);
  }
  const plain = { ...flagOf(down), defaultRule: { variant: 'a' } };
  expect(() => applyEdits(plain, [HOLD], 50)).toThrow('there is no split');
});

test('ramps of a flag are listed with what becomes of them', () => {
  const growing: Split = { ranges: on(1), schedule: [{ atMs: 100, ranges: on(10) }] };
  const rule = (id: string, split: Split) => ({ id, when: { all: [] }, serve: { split } });
  const flag: Flag = {
    ...flagOf({ ranges: on(3) }),
    rules: [
      rule('up', growing),
      rule('down', { ranges: on(9), schedule: [{ atMs: 70, ranges: on(1) }] }),
      rule('over', growing),
    ],
  };
  const held = applyEdits(flag, [{ ...HOLD, rule: 'up' }], 50);
  expect(rampsOf(held, 60)).toMatchObject([
    { rule: 'up', ranges: on(1), nextMs: undefined, grows: false, held: { atMs: 50 } },
    { rule: 'down', ranges: on(9), nextMs: 70, grows: false, held: undefined },
    { rule: 'over', nextMs: 100, grows: true },
  ]);
});

/** Steps of three variants in every order of growing and shrinking, some in straight lines. */
const ranges: fc.Arbitrary<BucketRange[]> = fc
  .uniqueArray(fc.integer({ min: 0, max: 20 }), { minLength: 4, maxLength: 4 })
  .map((cuts) => {
    const [w = 0, x = 0, y = 0, z = 0] = cuts.map((cut) => cut * 5_000).sort((p, q) => p - q);
    return [
      { variant: 'a', from: w, to: x },
      { variant: 'safe', from: x, to: y },
      { variant: 'b', from: y, to: z },
    ];
  });
const ramp: fc.Arbitrary<Split> = fc
  .tuple(
    ranges,
    fc.array(fc.tuple(ranges, fc.integer({ min: 1, max: 40 }), fc.boolean()), { minLength: 1, maxLength: 5 }),
  )
  .map(([first, steps]) => {
    let atMs = 0;
    const schedule = steps.map(([to, afterMs, linear], i): ScheduleStep => {
      atMs += afterMs;
      return { atMs, ranges: to, ...(linear && i > 0 ? { linear } : {}) };
    });
    return { ranges: first, schedule };
  });
const moment = fc.integer({ min: -5, max: 150 });
const exposes = exposedIn({ offVariant: 'off', safeVariant: 'safe' });

/** Buckets at which owners can differ: bounds of ranges are where they change, and lines move them by whole buckets. */
const bucket = fc.integer({ min: 0, max: BUCKET_COUNT - 1 });
const ownerAt = (split: Split, at: number, atMs: number) =>
  rangesAt(split, atMs).find(({ from, to }) => from <= at && at < to)?.variant;

describe('whatever the ramp and the moment', () => {
  test('a hold moves nobody, and from then on time exposes nobody', () => {
    const check = (split: Split, nowMs: number, laterMs: number, at: number) => {
      fc.pre(growsByTime(split, exposes, nowMs));
      const held = edited(split, HOLD, nowMs);
      expect(isSameOwners(rangesAt(held, nowMs), rangesAt(split, nowMs))).toBe(true);
      expect(growsByTime(held, exposes, nowMs)).toBe(false);
      const later = ownerAt(held, at, nowMs + laterMs);
      if (exposes(later)) expect(ownerAt(split, at, nowMs)).toBe(later);
    };
    fc.assert(fc.property(ramp, moment, fc.nat(200), bucket, check), { numRuns: runs(1_000, 50_000) });
  });

  test('whom a step leaves without exposure has none when it is held either', () => {
    const check = (split: Split, nowMs: number, at: number) => {
      fc.pre(growsByTime(split, exposes, nowMs));
      const held = edited(split, HOLD, nowMs);
      for (const { atMs } of comingSteps(split, nowMs).filter((step) => step.atMs > nowMs)) {
        if (!exposes(ownerAt(split, at, atMs))) expect(exposes(ownerAt(held, at, atMs))).toBe(false);
      }
    };
    fc.assert(fc.property(ramp, moment, bucket, check), { numRuns: runs(1_000, 50_000) });
  });

  test('to resume moves nobody at that moment, and at once it is the same ramp', () => {
    const check = (split: Split, nowMs: number, laterMs: number, at: number) => {
      fc.pre(growsByTime(split, exposes, nowMs));
      const held = edited(split, HOLD, nowMs);
      const atOnce = edited(held, RESUME, nowMs);
      expect(ownerAt(atOnce, at, nowMs + laterMs)).toBe(ownerAt(split, at, nowMs + laterMs));
      const resumeMs = nowMs + laterMs;
      const later = applyEdits(flagOf(held), [RESUME], resumeMs);
      expect(checkFlag(later)).toEqual([]);
      expect(isSameOwners(rangesAt(splitOf(later), resumeMs), rangesAt(held, resumeMs))).toBe(true);
      const steps = comingSteps(splitOf(later), resumeMs).filter(({ atMs }) => atMs > resumeMs);
      expect(steps.map(({ atMs }) => atMs - laterMs)).toEqual(
        comingSteps(split, nowMs).flatMap(({ atMs }) => (atMs > nowMs ? atMs : [])),
      );
    };
    const isLine = (error: unknown) => error instanceof EditConflict && error.message.includes('give it new steps');
    const checkUnlessLine = (...values: Parameters<typeof check>) => {
      try {
        check(...values);
      } catch (error) {
        if (!isLine(error)) throw error;
      }
    };
    fc.assert(fc.property(ramp, moment, fc.nat(200), bucket, checkUnlessLine), { numRuns: runs(1_000, 50_000) });
  });
});
