import { describe, expect, test } from 'vitest';
import type { Flag } from '../../api/types.ts';
import {
  checkDraft,
  draftFlag,
  newStage,
  obstacleOf,
  type ReleaseDraft,
  stagesOf,
  templates,
} from './release-draft.ts';

const state = { enabled: true, offVariant: 'off', rules: [], defaultRule: { variant: 'off' }, version: 1 };
const flag = {
  ...{ key: 'checkout', name: 'Checkout', type: 'boolean', archivedAt: null },
  variants: [
    { name: 'on', value: true },
    { name: 'off', value: false },
  ],
  environments: {
    production: state,
    development: { ...state, enabled: false },
    staging: { ...state, defaultRule: { variant: 'on' } },
  },
} as unknown as Flag;

const draft: ReleaseDraft = {
  ...{ title: ' New checkout ', environment: 'production', flags: [draftFlag(flag, 'production')] },
  ...{ stages: stagesOf(templates[0]), bakeMinutes: 1.5, rollbackHours: 2 },
};

describe('a draft of a release', () => {
  test('begins with what is served, and leads to the other variant', () => {
    expect(draftFlag(flag, 'production')).toMatchObject({ baseline: 'off', candidate: 'on' });
    expect(draftFlag(flag, 'staging')).toMatchObject({ baseline: 'on', candidate: 'off' });
  });

  test('is sent in seconds and in parts of 100 000', () => {
    const checked = checkDraft({
      ...draft,
      stages: [newStage({ percent: 12.5, soakMinutes: 1 }), ...draft.stages.slice(3)],
    });
    expect(checked).toMatchObject({
      ok: true,
      ready: {
        title: 'New checkout',
        flags: [{ flag: 'checkout', candidate: 'on', baseline: 'off' }],
        stages: [
          { flagsPer100k: 12_500, soakSeconds: 60 },
          { flagsPer100k: 100_000, soakSeconds: 600 },
        ],
        ...{ bakeSeconds: 90, rollbackWindowSeconds: 7_200 },
      },
    });
  });

  test('every template is one that can be sent', () => {
    for (const template of templates) expect(checkDraft({ ...draft, stages: stagesOf(template) }).ok).toBe(true);
  });

  test('says what is wrong with each part, by its place', () => {
    const stages = [
      newStage({ percent: 50, soakMinutes: 10, maxMinutes: 5 }),
      newStage({ percent: 20, soakMinutes: 1 }),
    ];
    const same = draft.flags.map((one) => ({ ...one, candidate: one.baseline }));
    const checked = checkDraft({ ...draft, title: '  ', stages, flags: same });
    expect(checked.ok ? [] : Object.keys(checked.errors).sort()).toEqual(
      ['flags[0]', 'stages', 'stages[0]', 'stages[1]', 'title'].sort(),
    );
  });

  test('says what stands against a start, with what helps', () => {
    expect(obstacleOf(draftFlag(flag, 'production'), 'production')).toBeUndefined();
    expect(obstacleOf(draftFlag(flag, 'development'), 'development')).toMatch(/turn it on/);
    expect(obstacleOf({ ...draftFlag(flag, 'staging'), baseline: 'off' }, 'staging')).toMatch(/does not serve off/);
  });
});
