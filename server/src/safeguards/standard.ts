import type { Static } from '@sinclair/typebox';
import type { SafeguardInput } from './definition-schemas.ts';

type Input = Static<typeof SafeguardInput>;

const DAY_MS = 24 * 60 * 60_000;

/**
 * What watches over errors unless someone knows better. Each stands for good: with alpha for each day, the mean time between
 * false alarms, of one flag with two variants, is 27 years of the crash test, 100 days of relative risk (which pauses), and
 * 2.7 years of placebo rank.
 */
export function standardSafeguards(watch: Input['watch'], mode: NonNullable<Input['mode']>): Input[] {
  const metric = { kind: 'errors' } as const;
  return [
    {
      ...{ name: 'Crash', watch, metric, action: 'kill', mode },
      test: { kind: 'crash', alpha: 1e-4, atMost: 0.05, periodMs: DAY_MS },
    },
    {
      ...{ name: 'Worse than before', watch, metric, action: 'pause', mode },
      test: { kind: 'relative_risk', alpha: 0.01, tolerance: 1, periodMs: DAY_MS },
    },
    {
      ...{ name: 'Worse for whom it is served', watch, metric, action: 'kill', mode },
      test: { kind: 'placebo_rank', alpha: 1e-3, periodMs: DAY_MS },
    },
  ];
}
