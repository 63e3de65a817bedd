import type { ScheduleStep } from '../model.ts';

/**
 * When time alone may change an answer: at `fromMs`, and at any time from then on until `untilMs`. A jump is a span of no
 * length. Milliseconds since 1970, UTC.
 */
export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What compares with the clock itself: some context's answer changes at every moment. */
export const ALWAYS: readonly Span[] = [{ fromMs: Number.NEGATIVE_INFINITY, untilMs: Number.POSITIVE_INFINITY }];

export const NEVER: readonly Span[] = [];

export function jumpAt(atMs: number): Span {
  return { fromMs: atMs, untilMs: atMs };
}

/** A schedule jumps at each step, and flows on the way to a linear one. */
export function spansOfSchedule(steps: readonly ScheduleStep[]): Span[] {
  return steps.flatMap(({ atMs }, i) => {
    const next = steps[i + 1];
    return next?.linear === true ? [{ fromMs: atMs, untilMs: next.atMs }] : [jumpAt(atMs)];
  });
}

/**
 * The first moment after `afterMs` at which the span changes something; Infinity when there is none. While answers flow,
 * `flowMs` later is soon enough.
 */
export function nextIn({ fromMs, untilMs }: Span, afterMs: number, flowMs: number): number {
  if (fromMs > afterMs) return fromMs;
  return afterMs < untilMs ? Math.min(untilMs, afterMs + flowMs) : Number.POSITIVE_INFINITY;
}
