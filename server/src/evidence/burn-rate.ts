import type { SequentialTest } from './sequential-test.ts';
import type { SpecOf } from './test-spec.ts';
import type { Burn } from './verdict.ts';

type Spec = SpecOf<'burn_rate'>;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

interface Rule {
  readonly longMs: number;
  /** 1 uses the budget of 30 days up in 30 days. */
  readonly limit: number;
}

/** Source of page and ticket: The Site Reliability Workbook (Google), chapter 5. */
const RULES: Readonly<Record<Spec['profile'], readonly Rule[]>> = {
  release: [{ longMs: 5 * MINUTE_MS, limit: 43.2 }],
  release_slow: [{ longMs: 5 * MINUTE_MS, limit: 8.6 }],
  page: [
    { longMs: HOUR_MS, limit: 14.4 },
    { longMs: 6 * HOUR_MS, limit: 6 },
  ],
  ticket: [
    { longMs: 24 * HOUR_MS, limit: 3 },
    { longMs: 72 * HOUR_MS, limit: 1 },
  ],
};

/** The long window is kept in so many steps, and the short one, which lets go soon after an end, is the last of them. */
const STEPS = 60;
const SHORT_STEPS = 5;

/** Fewer bad ones burn nothing: where hardly anyone comes, a share says little. */
const MIN_BAD = 5;

/** Number of the step since the beginning, ascending, then what was counted in it. */
type Step = readonly [step: number, count: number, bad: number];

/** By the time that was watched, not by clocks. One list of steps for each rule. */
export type BurnMemory = { readonly watchedMs: number; readonly steps: readonly (readonly Step[])[] };

/** Is the error budget used up too fast, for long and still? */
export const burnRate: SequentialTest<Spec, BurnMemory> = {
  begin: ({ profile }) => ({ watchedMs: 0, steps: RULES[profile].map(() => []) }),
  take({ profile }, memory, { startMs, endMs, candidate }) {
    const watchedMs = memory.watchedMs + endMs - startMs;
    const steps = RULES[profile].map(({ longMs }, at) => {
      return addToSteps(memory.steps[at] ?? [], stepAt(watchedMs, longMs), candidate.count, candidate.bad);
    });
    return { memory: { watchedMs, steps }, silence: candidate.count === 0 ? 'no_traffic' : undefined };
  },
  find({ profile, objective }, { watchedMs, steps }) {
    const burns = RULES[profile].map(({ longMs, limit }, at): Burn => {
      const kept = steps[at] ?? [];
      const last = stepAt(watchedMs, longMs);
      const long = badShare(kept, last - STEPS, watchedMs, longMs) / (1 - objective);
      const short = badShare(kept, last - SHORT_STEPS, watchedMs, (longMs * SHORT_STEPS) / STEPS) / (1 - objective);
      return { longMs, long, short, limit };
    });
    return { isFailed: burns.some(({ long, short, limit }) => long > limit && short > limit), burns };
  },
};

/** How long a share of bad ones takes to fail it from a standstill; Infinity: it is within the budget. */
export function expectedBurnMs({ profile, objective }: Spec, rate: number): number {
  const times = RULES[profile].map(({ longMs, limit }) => {
    const line = limit * (1 - objective);
    return rate > line ? (longMs * line) / rate : Number.POSITIVE_INFINITY;
  });
  return Math.min(...times);
}

function stepAt(watchedMs: number, longMs: number): number {
  return Math.floor((watchedMs * STEPS) / longMs);
}

function addToSteps(steps: readonly Step[], step: number, count: number, bad: number): readonly Step[] {
  const kept = steps.filter(([each]) => each > step - STEPS);
  const last = kept.at(-1);
  if (count === 0) return kept;
  if (last?.[0] !== step) return [...kept, [step, count, bad]];
  return [...kept.slice(0, -1), [step, last[1] + count, last[2] + bad]];
}

/**
 * The share of bad ones after a step. Of a window that is longer than what was watched so far, the rest counts as good and
 * as much used: a first error is no burnt budget.
 */
function badShare(steps: readonly Step[], after: number, watchedMs: number, windowMs: number): number {
  let [count, bad] = [0, 0];
  for (const [step, counted, badOnes] of steps) {
    if (step <= after) continue;
    count += counted;
    bad += badOnes;
  }
  return bad < MIN_BAD ? 0 : (bad / count) * Math.min(1, watchedMs / windowMs);
}
