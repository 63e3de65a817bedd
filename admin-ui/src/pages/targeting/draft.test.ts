import type { Rule, Targeting } from '@bunting/core';
import { expect, test } from 'vitest';
import type { FlagEnvironment } from '../../api/types.ts';
import { beginDraft, type Draft, editsOf, mergeDraft, overrule } from './draft.ts';

const rule = (id: string): Rule => ({ id, when: { segment: id }, serve: { variant: 'on' } });

const state = {
  ...{ enabled: true, offVariant: 'off', version: 3, updatedAt: '2030-01-01T00:00:00.000Z' },
  ...{ rules: [rule('a'), rule('b')], defaultRule: { variant: 'off' } },
} as FlagEnvironment;

const edited = (change: Partial<Targeting>): Draft => {
  const draft = beginDraft(state);
  return { ...draft, mine: { ...draft.mine, ...change } };
};
const saved = (change: Partial<FlagEnvironment>): FlagEnvironment => ({ ...state, version: 4, ...change });

test('a draft that nobody touched changes nothing', () => {
  expect(editsOf(beginDraft(state))).toEqual([]);
});

test('what two people changed in different places goes together', () => {
  const merge = mergeDraft(edited({ defaultRule: { variant: 'on' } }), saved({ rules: [rule('a')] as never }), 0);
  expect(merge.clashes).toEqual([]);
  expect(merge.both).toMatchObject({
    version: 4,
    mine: { rules: [{ id: 'a' }], defaultRule: { variant: 'on' } },
  });
  expect(merge.theirs).toEqual([{ kind: 'removeRule', rule: 'b' }]);
});

test('what both changed is named, and mine would stay', () => {
  const merge = mergeDraft(edited({ offVariant: 'on' }), saved({ offVariant: 'other' }), 0);
  expect(merge.clashes).toEqual(['the off variant']);
  expect(merge.both?.mine.offVariant).toBe('on');
});

test('JSON that cannot be served yet does not go with what others saved, and is kept when mine overrules it', () => {
  const draft = { ...beginDraft(state), text: '{ half' };
  const merge = mergeDraft(draft, saved({ offVariant: 'on' }), 0);
  expect([merge.both, merge.conflict]).toEqual([undefined, 'your JSON cannot be served yet']);
  expect(overrule(draft, saved({ offVariant: 'on' }))).toMatchObject({ version: 4, text: '{ half' });
});

test('an edit of a rule that is gone cannot be put upon theirs, but mine can overrule it', () => {
  const draft = edited({ rules: [rule('a'), { ...rule('b'), serve: { variant: 'off' } }] });
  const gone = saved({ rules: [rule('a')] as never });
  const merge = mergeDraft(draft, gone, 0);
  expect([merge.both, merge.conflict]).toEqual([undefined, 'the rule "b" is gone']);
  expect(editsOf(overrule(draft, gone)).map(({ kind }) => kind)).toEqual(['addRule']);
});
