import { BUCKET_COUNT, type BucketRange, checkFlag, compile, type Prerequisite, type Serve } from '@bunting/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ApiError } from '../http/api-error.ts';
import type { EnvironmentRow, FlagRow } from '../store/tables/flags.ts';
import { firstTargeting, type Targeting, toServedFlag } from './flag.ts';
import { MigrationGuard } from './migration-guard.ts';
import { STAGE_VARIANTS, STAGES } from './migration-stages.ts';

const FLAG = {
  key: 'orders',
  kind: 'migration',
  type: 'string',
  variants: JSON.stringify(STAGE_VARIANTS),
  bucket_key: 'orders',
  client_visible: 0,
  schema: null,
} as FlagRow;
const ENVIRONMENT = { key: 'production' } as EnvironmentRow;
const SUBJECTS = Array.from({ length: 12 }, (_, i) => `user-${i}`);
const TIMES_MS = [0, 1_500, 3_000];

/** An SDK: what it answers by, and what the server heard that it does. Numbers of revisions. */
interface Sdk {
  runs: number;
  said: number;
  isLost: boolean;
}

/** Where a place moves to, seen from the stage that most are at: so that many changes are accepted. */
const offset = fc.integer({ min: -2, max: 2 });
const serve = fc.record({ to: offset, other: offset, splits: fc.boolean(), later: fc.option(offset) });
const change = fc.record(
  { enabled: fc.boolean(), off: offset, safe: fc.option(offset), depends: fc.boolean(), rule: serve, target: offset },
  { requiredKeys: [] },
);
const sdk = fc.nat({ max: 4 });
const action = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('change' as const), base: serve, change }) },
  // Everything to the next stage, as people do.
  { weight: 3, arbitrary: fc.record({ type: fc.constant('move' as const), by: fc.constantFrom(1, 1, 1, -1) }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constantFrom('deliver' as const, 'confirm' as const), sdk }) },
  { weight: 5, arbitrary: fc.record({ type: fc.constant('settle' as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('lose' as const, 'return' as const), sdk }) },
);

test('whatever is changed, delivered, confirmed, lost and killed: no two instances run stages two apart', async () => {
  let accepted = 0;
  let reached = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 60, size: 'max' }), async (actions) => {
      const revisions: Targeting[] = [firstTargeting(FLAG)];
      const sdks: Sdk[] = Array.from({ length: 3 }, () => ({ runs: 0, said: 0, isLost: false }));
      const newest = () => revisions.length - 1;
      const guard = new MigrationGuard({
        find: async () => {
          const lacking = sdks.filter(({ said, isLost }) => isLost || said < newest());
          return { instances: lacking.length, names: [], servers: [], returningMs: 0 };
        },
      });
      for (const step of actions) {
        if (step.type === 'settle') {
          for (const each of sdks) if (!each.isLost) Object.assign(each, { runs: newest(), said: newest() });
        } else if (step.type === 'change' || step.type === 'move') {
          const before = revisions.at(-1) ?? firstTargeting(FLAG);
          const after = step.type === 'move' ? moved(before, step.by) : changed(before, step.base, step.change);
          expect(checkFlag(toServedFlag(FLAG, after))).toEqual([]);
          try {
            await guard.check(
              { touches: () => false },
              { row: FLAG, environment: ENVIRONMENT, before: { version: 2 }, was: before, targeting: after },
            );
          } catch (error) {
            expect(error).toBeInstanceOf(ApiError);
            continue;
          }
          revisions.push(after);
          accepted += 1;
          // Who starts now gets what is newest.
          if (sdks.length < 5) sdks.push({ runs: newest(), said: -1, isLost: false });
        } else {
          const one = sdks[step.sdk];
          if (one === undefined) continue;
          if (step.type === 'deliver' && !one.isLost) one.runs = newest();
          if (step.type === 'confirm' && !one.isLost) one.said = one.runs;
          if (step.type === 'lose') one.isLost = true;
          if (step.type === 'return') Object.assign(one, { isLost: false, runs: newest(), said: -1 });
        }
        const running = sdks.flatMap(({ runs }) => stagesOf(revisions[runs] ?? firstTargeting(FLAG)));
        reached = Math.max(reached, ...running);
        expect(Math.max(...running) - Math.min(...running)).toBeLessThanOrEqual(1);
      }
    }),
    { numRuns: 300 },
  );
  // The rule does not keep the property by refusing everything.
  expect(accepted).toBeGreaterThan(300);
  expect(reached).toBeGreaterThanOrEqual(4);
});

/** What the evaluator answers by a targeting: for anyone, at any time, with the flag killed or not. */
function stagesOf(targeting: Targeting): number[] {
  const flags = [toServedFlag(FLAG, targeting)];
  const revision = { incarnation: 'a', number: 1, hash: '' };
  return [true, false].flatMap((engaged) => {
    const ruleset = compile({ revision, flags, kills: [{ flag: FLAG.key, epoch: 1, engaged }] });
    return SUBJECTS.flatMap((targetingKey) =>
      TIMES_MS.map((timeMs) => STAGES.indexOf(ruleset.evaluate(FLAG.key, { targetingKey }, timeMs).value as 'off')),
    );
  });
}

function stageOf({ defaultRule, offVariant }: Targeting): number {
  return STAGES.indexOf(('variant' in defaultRule ? defaultRule.variant : offVariant) as 'off');
}

function moved(before: Targeting, by: number): Targeting {
  const variant = STAGES[Math.min(5, Math.max(0, stageOf(before) + by))] ?? 'off';
  return { ...firstTargeting(FLAG), enabled: true, offVariant: variant, defaultRule: { variant } };
}

type Step = Extract<typeof action extends fc.Arbitrary<infer A> ? A : never, { type: 'change' }>;

function changed(before: Targeting, base: Step['base'], { rule, target, ...change }: Step['change']): Targeting {
  const at = stageOf(before);
  const stageAt = (offset: number) => STAGES[Math.min(5, Math.max(0, at + offset))] ?? 'off';
  const parent: Prerequisite = { flag: 'parent', state: 'on' };
  return {
    enabled: change.enabled ?? true,
    offVariant: change.off === undefined ? before.offVariant : stageAt(change.off),
    safeVariant: change.safe === undefined || change.safe === null ? before.safeVariant : stageAt(change.safe),
    slices: false,
    prerequisites: change.depends === true ? [parent] : [],
    targets: target === undefined ? [] : [{ values: SUBJECTS.slice(0, 2), variant: stageAt(target) }],
    rules:
      rule === undefined
        ? []
        : [
            {
              id: 'r',
              when: { attribute: 'targetingKey', operator: 'endsWith', values: ['3', '4', '5'] },
              serve: toServe(rule, stageAt),
            },
          ],
    defaultRule: toServe(base, stageAt),
  };
}

function toServe({ to, other, splits, later }: Step['base'], stageAt: (offset: number) => string): Serve {
  if (!splits) return { variant: stageAt(to) };
  const half = BUCKET_COUNT / 2;
  const first: BucketRange = { variant: stageAt(to), from: 0, to: half };
  const all = (variant: string): BucketRange[] => [{ variant, from: 0, to: BUCKET_COUNT }];
  const ranges =
    stageAt(to) === stageAt(other)
      ? all(stageAt(to))
      : [first, { variant: stageAt(other), from: half, to: BUCKET_COUNT }];
  if (later === null) return { split: { ranges } };
  // From the first second on half of the subjects are served nothing by the split.
  return {
    split: {
      ranges,
      schedule: [
        { atMs: 1_000, ranges: [first] },
        { atMs: 2_000, ranges: all(stageAt(later)) },
      ],
    },
  };
}
