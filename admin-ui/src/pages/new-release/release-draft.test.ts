import { describe, expect, test } from 'vitest';
import type { Release, ReleaseTemplate } from '../../api/types.ts';
import { type ReleaseSpec, specOfRelease } from '../../releases/release-spec.ts';
import { readRelease } from './read-release.ts';
import {
  checkDraft,
  draftOfTemplate,
  inEnvironment,
  missingOf,
  templateOf,
  withAnotherStage,
  withFlag,
  withMigration,
  withoutFlag,
  withTraffic,
} from './release-draft.ts';

const checkout = { flag: 'checkout', candidate: 'on', baseline: 'off' };
const before: ReleaseSpec = {
  ...{ title: 'Shop 2', environment: 'production', strategy: 'flag_only', flags: [], stages: [] },
  ...{ bakeSeconds: 0, rollbackWindowSeconds: 0 },
};
const canary: ReleaseTemplate = {
  ...{ key: 'canary', isBuiltIn: true, name: 'Canary', description: 'A few requests first.', strategy: 'canary' },
  stages: [
    { trafficPer100k: 5_000, soakSeconds: 60 },
    { trafficPer100k: 100_000, soakSeconds: 60 },
  ],
  ...{ watch: [{ kind: 'sample_ratio', name: 'shares' }], bakeSeconds: 600, rollbackWindowSeconds: 60 },
};
const full: ReleaseTemplate = {
  ...{ ...canary, key: 'full', strategy: 'migration' },
  stages: [
    { name: 'Expand', migrationPhase: 'expand', soakSeconds: 60 },
    { trafficPer100k: 100_000, soakSeconds: 60 },
    { flagsPer100k: 100_000, soakSeconds: 60 },
  ],
};

describe('a draft that is begun from a template', () => {
  test('has what the template moves, to be named, and stages with all that they take over', () => {
    const draft = draftOfTemplate(full, before);
    expect(draft).toMatchObject({ title: 'Shop 2', traffic: { target: '' }, migration: { plan: '' }, flags: [] });
    expect(draft.stages).toEqual([
      { name: 'Expand', flagsPer100k: 0, trafficPer100k: 0, migrationPhase: 'expand', soakSeconds: 60 },
      { flagsPer100k: 0, trafficPer100k: 100_000, migrationPhase: 'expand', soakSeconds: 60 },
      { flagsPer100k: 100_000, trafficPer100k: 100_000, migrationPhase: 'expand', soakSeconds: 60 },
    ]);
    expect(draft).not.toHaveProperty('name');
  });

  test('keeps what was named for another one, where it moves that too', () => {
    const traffic = { target: 'shop', candidate: 'v2', baseline: 'v1' };
    const named = { ...before, traffic, migration: { plan: 'orders' }, flags: [checkout] };
    expect(draftOfTemplate(canary, named)).toMatchObject({ traffic, flags: [checkout] });
    expect(draftOfTemplate(canary, named)).not.toHaveProperty('migration');
  });

  test('is kept as a template without what it is done to', () => {
    const kept = templateOf(draftOfTemplate(canary, { ...before, flags: [checkout] }), 'Ours', '');
    expect(Object.keys(kept).sort()).toEqual(
      ['bakeSeconds', 'description', 'name', 'rollbackWindowSeconds', 'stages', 'strategy', 'watch'].sort(),
    );
    expect(kept.stages).toMatchObject([{ flagsPer100k: 5_000 }, { flagsPer100k: 100_000 }]);
    expect(templateOf(draftOfTemplate(canary, before), 'Ours', '').stages).toEqual(canary.stages);
  });
});

describe('what a draft moves', () => {
  const draft = draftOfTemplate(canary, before);
  const sharesOf = ({ stages }: ReleaseSpec) => stages.map(({ flagsPer100k }) => flagsPer100k);

  test('a flag goes with the traffic that it is added to, and comes off every stage when it is the last', () => {
    const added = withFlag(draft, checkout);
    expect(sharesOf(added)).toEqual([5_000, 100_000]);
    expect(sharesOf(withFlag(added, { ...checkout, flag: 'orders' }))).toEqual([5_000, 100_000]);
    expect(sharesOf(withoutFlag(added, 0))).toEqual([0, 0]);
  });

  test('a release that lives from flags keeps its shares for the next one', () => {
    const ofFlags: ReleaseSpec = {
      ...{ ...before, strategy: 'flag_only', flags: [checkout] },
      stages: [{ flagsPer100k: 100_000, soakSeconds: 0 }],
    };
    expect(sharesOf(withoutFlag(ofFlags, 0))).toEqual([100_000]);
  });

  test('traffic and a migration are taken up, and left out without a trace', () => {
    const without = withTraffic(draft, false);
    expect(JSON.stringify(without)).not.toContain('traffic');
    expect(withTraffic(withFlag(without, checkout), true).stages.map((stage) => stage.trafficPer100k)).toEqual([
      0, 100_000,
    ]);
    const migrated = withMigration(draft, true);
    expect(migrated.stages.every(({ migrationPhase }) => migrationPhase === 'baseline')).toBe(true);
    expect(JSON.stringify(withMigration(migrated, false))).not.toContain('migration');
  });

  test('in another environment, what has a key there is chosen anew', () => {
    const named = {
      ...withFlag(draft, { ...checkout, rule: 'staff' }),
      traffic: { target: 'shop', candidate: 'v2', baseline: 'v1' },
    };
    expect(inEnvironment(named, 'staging')).toMatchObject({
      ...{ environment: 'staging', flags: [checkout], traffic: { target: '', candidate: 'v2' } },
    });
    expect(inEnvironment(named, 'staging').flags[0]).not.toHaveProperty('rule');
  });

  test('one stage more comes half way before the last, without its gates', () => {
    const gated = {
      ...draft,
      stages: draft.stages.map((stage) => ({ ...stage, gates: [{ kind: 'calendar', name: 'x' } as const] })),
    };
    expect(withAnotherStage(gated).stages[1]).toEqual({ flagsPer100k: 0, trafficPer100k: 52_500, soakSeconds: 60 });
  });

  test('a stage that is put in before another is half way between its neighbours', () => {
    const shares = (...stages: number[]): ReleaseSpec => ({
      ...before,
      flags: [checkout],
      stages: stages.map((flagsPer100k) => ({ flagsPer100k, soakSeconds: 60 })),
    });
    const sharesOf = ({ stages }: ReleaseSpec) => stages.map(({ flagsPer100k }) => flagsPer100k);
    expect(sharesOf(withAnotherStage(shares(10_000, 50_000, 100_000), 1))).toEqual([10_000, 30_000, 50_000, 100_000]);
    expect(sharesOf(withAnotherStage(shares(10_000, 100_000), 0))).toEqual([5_000, 10_000, 100_000]);
  });
});

describe('what is sent', () => {
  test('nothing before all is named, each with its place', () => {
    const draft = draftOfTemplate(full, { ...before, title: ' ' });
    const checked = checkDraft(draft);
    expect(checked.ok ? [] : Object.keys(checked.errors)).toEqual([
      ...['title', 'traffic.target', 'traffic.candidate', 'traffic.baseline', 'migration.plan'],
    ]);
    expect(missingOf({ ...before, strategy: 'ab_test' })).toHaveProperty('flags');
  });

  test('a release that was made once can be made again, and is what the form can show', () => {
    const at = '2026-01-01T00:00:00Z';
    const release: Release = {
      ...{ id: 'r', phase: 'succeeded', attempt: 2, stage: 1, set: null, trafficPer100k: null, migrationPhase: null },
      ...{ pointsOfNoReturn: [], enteredAt: at, pauses: [], approvedBy: [], waiting: [], startsAt: null, endedAt: at },
      ...{ createdBy: { kind: 'user', id: 'u', name: 'Ada' }, version: 9, createdAt: at, updatedAt: at },
      ...{ ...draftOfTemplate(canary, before), traffic: { target: 'shop', candidate: 'v2', baseline: 'v1' } },
      flags: [{ ...checkout, weightPer100k: 100_000 }],
    };
    const spec = specOfRelease(release);
    expect(spec).toMatchObject({ title: 'Shop 2', flags: [checkout], watch: canary.watch });
    expect(checkDraft(spec).ok).toBe(true);
    expect(readRelease(spec)).toEqual({ spec });
  });
});

describe('a release as JSON', () => {
  test.each([
    ['stages[0].soakSeconds', { stages: [{ flagsPer100k: 0, soakSeconds: 'long' }] }],
    ['stages', { stages: [] }],
    ['watch[0].urls', { watch: [{ kind: 'http', name: 'ready', urls: 5 }] }],
    ['watch[0].of.kind', { watch: [{ kind: 'burn_rate', name: 'budget', objective: 0.9, of: { kind: 'none' } }] }],
    ['strategy', { strategy: 'hope' }],
  ])('is refused at %s where the form could not show it', (place, part) => {
    const read = readRelease({ ...draftOfTemplate(canary, before), ...part });
    expect('problems' in read ? read.problems : []).toEqual([
      expect.stringMatching(new RegExp(`^${place.replaceAll(/[[\].]/g, '\\$&')} `)),
    ]);
  });
});
