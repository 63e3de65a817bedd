import { detectable } from '../evidence/detectable.ts';
import type { TestSpec } from '../evidence/test-spec.ts';
import { sumOf } from './describe.ts';
import type { Step } from './step.ts';

/** How long one would wait at most, in minutes. */
const WITHIN_MINUTES = 10;
/** Less traffic says nothing of what is to come, in milliseconds. */
const LEAST_MS = 10_000;

/** The least harm that a test sees in the traffic that it has had; null when that is unknown, or it sees none in time. */
export function detectableBy({ spec, steps }: { readonly spec: TestSpec; readonly steps: readonly Step[] }) {
  const ms = (steps.at(-1)?.toMs ?? 0) - (steps[0]?.fromMs ?? 0);
  const { candidate, baseline } = sumOf(steps, spec);
  if (ms < LEAST_MS || candidate[0] === 0) return null;
  const [count, bad] = baseline ?? candidate;
  // With none bad yet: as if the next one were.
  const badRate = Math.min(0.5, Math.max(bad, 1) / Math.max(count, 1));
  const found = detectable(
    spec,
    {
      candidatePerSecond: (candidate[0] * 1000) / ms,
      baselinePerSecond: ((baseline?.[0] ?? 0) * 1000) / ms,
      badRate,
    },
    WITHIN_MINUTES * 60_000,
  );
  return found === undefined ? null : { rate: found.rate, ratio: found.ratio, withinMinutes: WITHIN_MINUTES };
}
