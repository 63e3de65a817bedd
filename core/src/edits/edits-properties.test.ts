import fc from 'fast-check';
import { expect, test } from 'vitest';
import { weightsOf } from '../bucketing/reweigh.ts';
import { rangesAt } from '../compile/schedule.ts';
import { BUCKET_COUNT, type Flag, type Rule } from '../model.ts';
import { runs } from '../proof.test.fixture.ts';
import { moment, ruleset } from '../random-ruleset.test.fixture.ts';
import { checkFlag } from '../validate/check-flag.ts';
import { applyEdits } from './apply.ts';
import { editsBetween } from './difference.ts';
import type { RuleInput } from './edit.ts';

/** A flag whose rules are some of the same few, in any order. */
const flag: fc.Arbitrary<Flag> = fc
  .tuple(ruleset, fc.shuffledSubarray(['r0', 'r1', 'r2', 'r3', 'r4', 'r5']))
  .map(([{ flags }, ids]) => {
    const rules = flags.flatMap((each) => each.rules ?? []);
    const named = ids.flatMap((id, at): Rule[] => {
      const rule = rules[at];
      return rule === undefined ? [] : [{ ...rule, id, ...(at % 2 === 0 ? { name: id } : {}) }];
    });
    return { ...(flags[0] as Flag), rules: named };
  });

/** Lists that are left out are empty. */
function whole({ enabled, offVariant, safeVariant, prerequisites, targets, rules, defaultRule }: Flag) {
  const lists = { prerequisites: prerequisites ?? [], targets: targets ?? [], rules: rules ?? [] };
  return { enabled, offVariant, safeVariant, defaultRule, ...lists };
}

test('the edits between two flags make one of the other, and those back undo them', () => {
  fc.assert(
    fc.property(flag, flag, moment, (before, after, nowMs) => {
      const there = applyEdits(before, editsBetween(before, after), nowMs);
      expect(whole(there)).toEqual(whole(after));
      expect(whole(applyEdits(there, editsBetween(there, before), nowMs))).toEqual(whole(before));
    }),
    { numRuns: runs(300, 10_000) },
  );
});

test('a flag that is as wanted needs no edits', () => {
  fc.assert(
    fc.property(flag, (same) => {
      expect(editsBetween(same, JSON.parse(JSON.stringify(same)) as Flag)).toEqual([]);
    }),
    { numRuns: runs(100, 1_000) },
  );
});

test('new weights are met, and nobody leaves a variant that grows, at whatever point of a schedule', () => {
  const weights = fc.integer({ min: 0, max: BUCKET_COUNT }).map((a) => [
    { variant: 'a', weightPer100k: a },
    { variant: 'off', weightPer100k: BUCKET_COUNT - a },
  ]);
  fc.assert(
    fc.property(flag, weights, moment, (before, wanted, nowMs) => {
      const after = applyEdits(before, [{ kind: 'setRollout', weights: wanted }], nowMs);
      expect(checkFlag(after)).toEqual(checkFlag(before));
      if (!('split' in after.defaultRule)) throw new Error('a rollout is a split');
      const { ranges } = after.defaultRule.split;
      const met = new Map(weightsOf(ranges).map((weight) => [weight.variant, weight.weightPer100k]));
      for (const { variant, weightPer100k } of wanted) expect(met.get(variant) ?? 0).toBe(weightPer100k);
      if (!('split' in before.defaultRule)) return;
      const was = rangesAt(before.defaultRule.split, nowMs);
      for (const { variant, weightPer100k } of weightsOf(was)) {
        if ((met.get(variant) ?? 0) < weightPer100k) continue;
        for (const { from, to } of was.filter((range) => range.variant === variant && range.from < range.to)) {
          expect(ranges.some((range) => range.variant === variant && range.from <= from && range.to >= to)).toBe(true);
        }
      }
    }),
    { numRuns: runs(300, 10_000) },
  );
});

test('rules that two people add both stay, whoever comes first', () => {
  const added = (id: string): RuleInput => ({ id, when: { all: [] }, serve: { variant: 'a' } });
  const place = fc.oneof(
    fc.constantFrom('first' as const, 'last' as const),
    fc.constantFrom('r0', 'r1').map((before) => ({ before })),
    fc.constantFrom('r0', 'r1').map((after) => ({ after })),
  );
  fc.assert(
    fc.property(flag, place, place, moment, (base, mine, yours, nowMs) => {
      const present = (base.rules ?? []).map(({ id }) => id);
      fc.pre(present.includes('r0') && present.includes('r1'));
      const one = { kind: 'addRule', rule: added('mine'), place: mine } as const;
      const two = { kind: 'addRule', rule: added('yours'), place: yours } as const;
      for (const order of [
        [one, two],
        [two, one],
      ]) {
        const after = applyEdits(applyEdits(base, order.slice(0, 1), nowMs), order.slice(1), nowMs);
        const ids = (after.rules ?? []).map(({ id }) => id);
        expect(ids.filter((id) => present.includes(id))).toEqual(present);
        expect([...ids].sort()).toEqual([...present, 'mine', 'yours'].sort());
      }
    }),
    { numRuns: runs(100, 1_000) },
  );
});
