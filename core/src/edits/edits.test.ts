import { describe, expect, test } from 'vitest';
import { weightsOf } from '../bucketing/reweigh.ts';
import type { Flag, Rule, Segment, Split } from '../model.ts';
import { applyEdits, applySegmentEdits } from './apply.ts';
import { describeEdit } from './describe.ts';
import { editsBetween } from './difference.ts';
import { EditConflict, type TargetingEdit } from './edit.ts';
import { applyFlagEdits, type FlagEdit, type FlagFacts } from './flag-edits.ts';

const NOW_MS = Date.UTC(2026, 0, 1);
const everyone = { attribute: 'country', operator: 'in', values: ['DE'] } as const;

function rule(id: string, variant = 'on'): Rule {
  return { id, when: everyone, serve: { variant } };
}

const flag: Flag = {
  key: 'f',
  type: 'boolean',
  variants: [
    { name: 'on', value: true },
    { name: 'off', value: false },
  ],
  enabled: false,
  offVariant: 'off',
  rules: [rule('a'), rule('b'), rule('c')],
  defaultRule: { variant: 'off' },
};

function after(...edits: TargetingEdit[]): Flag {
  return applyEdits(flag, edits, NOW_MS);
}
function ids(...edits: TargetingEdit[]): string[] {
  return (after(...edits).rules ?? []).map(({ id }) => id);
}
function conflictOf(...edits: TargetingEdit[]): [number, string] {
  try {
    after(...edits);
  } catch (error) {
    if (error instanceof EditConflict) return [error.at, error.message];
    throw error;
  }
  throw new Error('the edits went through');
}
function weights(on: number) {
  return [
    { variant: 'on', weightPer100k: on },
    { variant: 'off', weightPer100k: 100_000 - on },
  ];
}

describe('rules', () => {
  test('are added where the edit says, in front of and behind others', () => {
    expect(ids({ kind: 'addRule', rule: rule('n') })).toEqual(['a', 'b', 'c', 'n']);
    expect(ids({ kind: 'addRule', rule: rule('n'), place: 'first' })).toEqual(['n', 'a', 'b', 'c']);
    expect(ids({ kind: 'addRule', rule: rule('n'), place: { before: 'b' } })).toEqual(['a', 'n', 'b', 'c']);
    expect(ids({ kind: 'addRule', rule: rule('n'), place: { after: 'b' } })).toEqual(['a', 'b', 'n', 'c']);
  });

  test('are moved and removed by their ids, whatever happened to the others', () => {
    expect(ids({ kind: 'moveRule', rule: 'a', place: 'last' })).toEqual(['b', 'c', 'a']);
    expect(ids({ kind: 'moveRule', rule: 'c', place: { before: 'b' } })).toEqual(['a', 'c', 'b']);
    expect(ids({ kind: 'removeRule', rule: 'b' }, { kind: 'moveRule', rule: 'c', place: 'first' })).toEqual(['c', 'a']);
  });

  test('change their name, condition and serve, each alone', () => {
    const when = { segment: 's' };
    const changed = after(
      { kind: 'updateRule', rule: 'b', name: 'Beta' },
      { kind: 'updateRule', rule: 'b', when },
      { kind: 'setRuleServe', rule: 'b', serve: { variant: 'off' } },
    );
    expect(changed.rules?.[1]).toEqual({ id: 'b', name: 'Beta', when, serve: { variant: 'off' } });
    const unnamed = applyEdits(changed, [{ kind: 'updateRule', rule: 'b', name: null }], NOW_MS);
    expect(unnamed.rules?.[1]).toEqual({ id: 'b', when, serve: { variant: 'off' } });
  });

  test('that are gone are a conflict that names the rule and the edit', () => {
    const enable = { kind: 'enable' } as const;
    expect(conflictOf(enable, { kind: 'removeRule', rule: 'x' })).toEqual([1, 'the rule "x" is gone']);
    expect(conflictOf({ kind: 'moveRule', rule: 'a', place: { after: 'x' } })).toEqual([0, 'the rule "x" is gone']);
    expect(conflictOf({ kind: 'setRollout', rule: 'x', weights: weights(1) })).toEqual([0, 'the rule "x" is gone']);
    expect(conflictOf({ kind: 'addRule', rule: rule('a') })).toEqual([0, 'there is a rule "a" already']);
    expect(conflictOf({ kind: 'moveRule', rule: 'a', place: { before: 'a' } })[1]).toContain('beside itself');
  });
});

describe('a rollout', () => {
  const splitOf = ({ defaultRule }: Flag) => (defaultRule as { split: Split }).split;

  test('grows by what the others give up, and keeps what it hashes', () => {
    const split = { by: 'org.id', seed: 's', weights: weights(10_000) };
    const ten = after({ kind: 'setDefaultServe', serve: { split } });
    const half = applyEdits(ten, [{ kind: 'setRollout', weights: weights(50_000) }], NOW_MS);
    expect(splitOf(half)).toMatchObject({ by: 'org.id', seed: 's' });
    const [was] = splitOf(ten).ranges.filter(({ variant }) => variant === 'on');
    const [is] = splitOf(half).ranges.filter(({ variant }) => variant === 'on');
    expect(is?.from).toBeLessThanOrEqual(was?.from ?? -1);
    expect(is?.to).toBeGreaterThanOrEqual(was?.to ?? Number.POSITIVE_INFINITY);
  });

  test('that a schedule has moved on starts from where it is, and ends the schedule', () => {
    const scheduled = after(
      { kind: 'setRollout', weights: weights(10_000) },
      { kind: 'setSchedule', steps: [{ atMs: NOW_MS + 1, weights: weights(60_000) }] },
    );
    const grown = applyEdits(scheduled, [{ kind: 'setRollout', weights: weights(70_000) }], NOW_MS + 2);
    expect(splitOf(grown).schedule).toBeUndefined();
    const reached = splitOf(scheduled).schedule?.[0]?.ranges.find(({ variant }) => variant === 'on');
    const now = splitOf(grown).ranges.find(({ variant }) => variant === 'on');
    expect(now?.from).toBeLessThanOrEqual(reached?.from ?? -1);
    expect(now?.to).toBeGreaterThanOrEqual(reached?.to ?? Number.POSITIVE_INFINITY);
  });

  test('whose schedule is ended stays where the schedule has brought it', () => {
    const scheduled = after({ kind: 'setSchedule', steps: [{ atMs: NOW_MS, weights: weights(60_000) }] });
    const ended = applyEdits(scheduled, [{ kind: 'setSchedule', steps: [] }], NOW_MS + 1);
    expect(splitOf(ended).schedule).toBeUndefined();
    expect(Object.fromEntries(weightsOf(splitOf(ended).ranges).map((w) => [w.variant, w.weightPer100k]))).toEqual({
      on: 60_000,
      off: 40_000,
    });
  });

  test('whose weights do not add up is a conflict', () => {
    const [at, message] = conflictOf({ kind: 'setRollout', weights: [{ variant: 'on', weightPer100k: 5 }] });
    expect([at, message]).toEqual([0, 'the weights must add up to 100000; add up to 5']);
  });
});

describe('targets', () => {
  test('are named for one variant at a time: naming a subject for another takes it from the first', () => {
    const changed = after(
      { kind: 'addTargets', variant: 'on', values: ['u1', 'u2', 'u2'] },
      { kind: 'addTargets', variant: 'off', values: ['u2'] },
      { kind: 'addTargets', variant: 'on', values: ['u3'] },
      { kind: 'addTargets', variant: 'on', attribute: 'org', values: ['u2'] },
    );
    expect(changed.targets).toEqual([
      { variant: 'on', values: ['u1', 'u3'] },
      { variant: 'off', values: ['u2'] },
      { attribute: 'org', variant: 'on', values: ['u2'] },
    ]);
  });

  test('that are removed leave no empty list, and those that are not there are no conflict', () => {
    const changed = after(
      { kind: 'addTargets', variant: 'on', values: ['u1'] },
      { kind: 'addTargets', variant: 'off', values: ['u2'] },
      { kind: 'removeTargets', values: ['u1', 'x'] },
      { kind: 'removeTargets', variant: 'on', values: ['u2'] },
    );
    expect(changed.targets).toEqual([{ variant: 'off', values: ['u2'] }]);
  });
});

test('prerequisites are added once a flag, and removed by it', () => {
  const added: TargetingEdit = { kind: 'addPrerequisite', prerequisite: { flag: 'p', state: 'on' } };
  expect(after(added).prerequisites).toEqual([{ flag: 'p', state: 'on' }]);
  expect(after(added, { kind: 'removePrerequisite', flag: 'p' }).prerequisites).toEqual([]);
  expect(conflictOf(added, added)).toEqual([1, 'there is a prerequisite on "p" already']);
  expect(conflictOf({ kind: 'removePrerequisite', flag: 'p' })).toEqual([0, 'the prerequisite on "p" is gone']);
});

test('a segment gets another condition and attribute, and loses them', () => {
  const segment: Segment = { key: 's', included: ['u1'] };
  const changed = applySegmentEdits(segment, [
    { kind: 'setCondition', when: everyone },
    { kind: 'setAttribute', attribute: 'org.id' },
  ]);
  expect(changed).toEqual({ ...segment, by: 'org.id', when: everyone });
  const bare = applySegmentEdits(changed, [
    { kind: 'setCondition', when: null },
    { kind: 'setAttribute', attribute: null },
  ]);
  expect(bare).toEqual(segment);
});

test('a rule that moved past all others is one edit', () => {
  const moved = after({ kind: 'moveRule', rule: 'a', place: 'last' });
  expect(editsBetween(flag, moved)).toEqual([{ kind: 'moveRule', rule: 'a', place: { after: 'c' } }]);
});

test('edits read as sentences', () => {
  const named = after({ kind: 'updateRule', rule: 'b', name: 'Beta' });
  const sentence = (edit: TargetingEdit) => describeEdit(edit, named);
  expect(sentence({ kind: 'addRule', rule: { ...rule('n'), name: 'New' }, place: { before: 'b' } })).toBe(
    'Add rule "New" before "Beta", which serves "on"',
  );
  expect(sentence({ kind: 'setRollout', rule: 'b', weights: weights(12_500) })).toBe(
    'Let rule "Beta" serve "on" to 12.5 %, "off" to 87.5 %',
  );
  expect(sentence({ kind: 'setSchedule', steps: [{ atMs: NOW_MS, weights: weights(100_000) }] })).toBe(
    'Let the default rule serve "on" to 100 %, "off" to 0 % from 2026-01-01T00:00:00.000Z',
  );
  const cause = { id: 'user:1', by: 'Ada', reason: 'errors' };
  expect(sentence({ kind: 'holdRamp', rule: 'b', cause })).toBe('Hold the ramp of rule "Beta": errors');
  expect(sentence({ kind: 'resumeRamp' })).toBe('Let the ramp of the default rule go on');
  expect(sentence({ kind: 'resumeRamp', cause: 'line' })).toBe(
    'Hold the ramp of the default rule for "line" no longer',
  );
  expect(sentence({ kind: 'addTargets', variant: 'on', values: ['1', '2', '3', '4', '5', '6', '7'] })).toBe(
    'Serve "on" to 1, 2, 3, 4, 5 and 2 more',
  );
  expect(sentence({ kind: 'addPrerequisite', prerequisite: { flag: 'p', variants: ['x', 'y'] } })).toBe(
    'Depend on flag "p" serving x or y',
  );
});

describe('what a flag is everywhere', () => {
  const link = { title: 'Ticket', url: 'https://x.example/1' };
  const facts: FlagFacts = {
    name: 'A',
    description: '',
    owner: null,
    tags: ['ui'],
    links: [link],
    variants: flag.variants,
  };

  test('is changed by name, whatever else is there', () => {
    const changed = applyFlagEdits(facts, [
      { kind: 'setName', name: 'B' },
      { kind: 'setOwner', owner: 'Shop' },
      { kind: 'addTag', tag: 'ui' },
      { kind: 'addTag', tag: 'beta' },
      { kind: 'removeTag', tag: 'none' },
      { kind: 'addLink', link: { ...link, title: 'Bug' } },
      { kind: 'addVariant', variant: { name: 'half', value: true } },
      { kind: 'setVariantValue', variant: 'half', value: false },
      { kind: 'removeVariant', variant: 'on' },
    ]);
    expect(changed).toEqual({
      name: 'B',
      description: '',
      owner: 'Shop',
      tags: ['ui', 'beta'],
      links: [{ ...link, title: 'Bug' }],
      variants: [
        { name: 'off', value: false },
        { name: 'half', value: false },
      ],
    });
    expect(applyFlagEdits(changed, [{ kind: 'removeLink', url: link.url }]).links).toEqual([]);
  });

  test('keeps its variants apart: one that is there is not added, one that is gone not changed', () => {
    const apply = (edit: FlagEdit) => () => applyFlagEdits(facts, [{ kind: 'setName', name: 'B' }, edit]);
    const variant = { name: 'on', value: true };
    expect(apply({ kind: 'addVariant', variant })).toThrow('there is a variant "on" already');
    expect(apply({ kind: 'removeVariant', variant: 'x' })).toThrow('the variant "x" is gone');
    expect(apply({ kind: 'setVariantValue', variant: 'x', value: true })).toThrow(
      expect.objectContaining({ name: 'EditConflict', at: 1 }),
    );
  });
});
