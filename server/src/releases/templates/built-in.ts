import type { Gate } from '../../gates/gate.ts';
import type { Template } from './template.ts';

const MINUTE = 60;
const DAY = 86_400;
/** Of what is watched all along: else hours in which all went well would speak for what comes after. */
const HOUR_MS = 3_600_000;
const times = { bakeSeconds: 10 * MINUTE, rollbackWindowSeconds: 7 * DAY };

/** Whether the candidate answers with errors more often than the baseline, by the load balancer's own counters. */
const noMoreErrors: Gate = {
  name: 'errors',
  kind: 'sequential',
  test: { kind: 'relative_risk', alpha: 0.01, tolerance: 1.5, periodMs: HOUR_MS },
  of: { kind: 'traffic' },
};

/** Whether the candidate fails as nothing that works does: this shows also when everyone has it, and while it bakes. */
const noCrash: Gate = {
  name: 'crash',
  kind: 'sequential',
  test: { kind: 'crash', alpha: 0.001, atMost: 0.05, periodMs: HOUR_MS },
  of: { kind: 'traffic' },
};

/** Ways that have proved themselves, to begin from: copied, edited and kept by whoever needs another. */
export const BUILT_IN: readonly Template[] = [
  {
    key: 'flag-only',
    name: 'Progressive rollout',
    description: 'Moves flags alone: the code is everywhere already. 5, 20, 50 and 100 %, ten minutes each.',
    strategy: 'flag_only',
    stages: [5_000, 20_000, 50_000, 100_000].map((flagsPer100k) => ({ flagsPer100k, soakSeconds: 10 * MINUTE })),
    ...times,
  },
  {
    key: 'canary',
    name: 'Canary',
    description:
      'Gives the new version 5, 20, 50 and 100 % of traffic, and goes back when it answers with more errors.',
    strategy: 'canary',
    stages: [5_000, 20_000, 50_000, 100_000].map((trafficPer100k) => ({ trafficPer100k, soakSeconds: 10 * MINUTE })),
    watch: [noMoreErrors, noCrash],
    ...times,
  },
  {
    key: 'canary-then-flags',
    name: 'Canary, then flags',
    description:
      'The new version first, with its flags off; then its flags, on all of it. What harms can be told: the deploy or a flag.',
    strategy: 'canary',
    stages: [
      ...[5_000, 20_000, 50_000, 100_000].map((trafficPer100k) => ({ trafficPer100k, soakSeconds: 10 * MINUTE })),
      ...[5_000, 20_000, 50_000, 100_000].map((flagsPer100k) => ({ flagsPer100k, soakSeconds: 10 * MINUTE })),
    ],
    ...times,
  },
  {
    key: 'blue-green',
    name: 'Blue/green',
    description:
      'The new version stands beside the old one without traffic until someone has tried it; then everyone is switched at ' +
      'once. The old one is kept while it bakes: a return is as quick.',
    strategy: 'blue_green',
    needs: ['atomic'],
    stages: [
      { name: 'Preview', trafficPer100k: 0, soakSeconds: 0, approvals: 1 },
      { name: 'Switch', trafficPer100k: 100_000, soakSeconds: 5 * MINUTE },
    ],
    bakeSeconds: 30 * MINUTE,
    rollbackWindowSeconds: DAY,
  },
  {
    key: 'rolling',
    name: 'Rolling',
    description: 'A quarter of traffic after the other, as instances are replaced. Requests end where they began.',
    strategy: 'rolling',
    needs: ['drain'],
    stages: [25_000, 50_000, 75_000, 100_000].map((trafficPer100k) => ({ trafficPer100k, soakSeconds: 2 * MINUTE })),
    ...times,
  },
  {
    key: 'dark-launch',
    name: 'Dark launch',
    description:
      'The new version gets copies of requests, whose answers nobody sees: 1, 10 and 100 % of load, then none. Its flags ' +
      'stay off. Copies of requests that write are written twice.',
    strategy: 'dark_launch',
    needs: ['shadow'],
    stages: [1_000, 10_000, 100_000, 0].map((shadowPer100k) => ({
      shadowPer100k,
      soakSeconds: shadowPer100k === 0 ? 0 : 10 * MINUTE,
    })),
    bakeSeconds: 0,
    rollbackWindowSeconds: 0,
  },
  {
    key: 'hot-patch',
    name: 'Hot patch',
    description:
      'The patched version beside the present one, compared for two minutes; then for everyone, and kept revertible.',
    strategy: 'hot_patch',
    stages: [
      { name: 'Compare', trafficPer100k: 20_000, soakSeconds: 2 * MINUTE },
      { name: 'Everyone', trafficPer100k: 100_000, soakSeconds: 2 * MINUTE },
    ],
    watch: [noMoreErrors, noCrash],
    bakeSeconds: 30 * MINUTE,
    rollbackWindowSeconds: 14 * DAY,
  },
  {
    key: 'ab-test',
    name: 'A/B test',
    description: 'Half of everyone for two weeks, as long as the split gives each side its share. It ends with half.',
    strategy: 'ab_test',
    stages: [{ flagsPer100k: 50_000, soakSeconds: 14 * DAY }],
    watch: [{ name: 'shares', kind: 'sample_ratio', onFailure: 'pause' }],
    bakeSeconds: 0,
    rollbackWindowSeconds: 7 * DAY,
  },
  {
    key: 'migration',
    name: 'Database migration',
    description:
      'What is new is added, written beside what is old, filled, compared, read, and then what is old is not written any ' +
      'more. What is old is removed by a release of its own.',
    strategy: 'migration',
    stages: [
      { name: 'Expand', migrationPhase: 'expand', soakSeconds: MINUTE },
      { name: 'Write both', migrationPhase: 'dual_write', soakSeconds: 10 * MINUTE },
      { name: 'Fill', migrationPhase: 'backfill', soakSeconds: MINUTE },
      { name: 'Compare', migrationPhase: 'shadow_read', soakSeconds: 30 * MINUTE },
      { name: 'Read new', migrationPhase: 'read_new', soakSeconds: 30 * MINUTE },
      { name: 'Read new alone', migrationPhase: 'read_only_new', soakSeconds: DAY, approvals: 1 },
      { name: 'Stop old writes', migrationPhase: 'stop_old_write', soakSeconds: 10 * MINUTE },
    ],
    bakeSeconds: DAY,
    rollbackWindowSeconds: 0,
  },
  {
    key: 'contract',
    name: 'Remove what is old',
    description:
      'The last step of a migration, for good. Begin it when everyone has lived without the old for a while.',
    strategy: 'migration',
    stages: [{ name: 'Contract', migrationPhase: 'contract', soakSeconds: 0 }],
    bakeSeconds: 0,
    rollbackWindowSeconds: 0,
  },
  {
    key: 'full',
    name: 'Migration, version and flags',
    description:
      'Expand and write both, then the new version with its flags off, fill and read new, then the flags, and last the end ' +
      'of old writes. Contract is a release of its own.',
    strategy: 'migration',
    stages: [
      { name: 'Expand', migrationPhase: 'expand', soakSeconds: MINUTE },
      ...[5_000, 20_000, 50_000, 100_000].map((trafficPer100k) => ({ trafficPer100k, soakSeconds: 10 * MINUTE })),
      { name: 'Write both', migrationPhase: 'dual_write', soakSeconds: 10 * MINUTE },
      { name: 'Fill', migrationPhase: 'backfill', soakSeconds: MINUTE },
      { name: 'Compare', migrationPhase: 'shadow_read', soakSeconds: 30 * MINUTE },
      { name: 'Read new', migrationPhase: 'read_new', soakSeconds: 30 * MINUTE },
      ...[5_000, 20_000, 50_000, 100_000].map((flagsPer100k) => ({ flagsPer100k, soakSeconds: 10 * MINUTE })),
      { name: 'Read new alone', migrationPhase: 'read_only_new', soakSeconds: DAY, approvals: 1 },
      { name: 'Stop old writes', migrationPhase: 'stop_old_write', soakSeconds: 10 * MINUTE },
    ],
    bakeSeconds: DAY,
    rollbackWindowSeconds: 0,
  },
];
