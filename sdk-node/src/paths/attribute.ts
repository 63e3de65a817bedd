import type { EvaluationContext } from '@bunting/core';
import type { Answers } from '../all-values.ts';
import type { PathSink } from './path-window.ts';

/** Of one event; more are not looked at. */
const MAX_FLAGS = 10;

/** With `event:` in front a name is a path; servers take none that is longer than 50 characters. */
const MAX_NAME_LENGTH = 44;

/** What was tracked, and of which flags the host says that it is about. */
export interface AttributedEvent {
  readonly name: unknown;
  readonly value: unknown;
  /** Keys, as the caller gave them. */
  readonly flags: unknown;
  readonly context: EvaluationContext;
}

/**
 * Counts an event for the variants that flags serve to whom it is about: what safeguards compare. Is no exposure, asks no
 * hooks, and never throws.
 */
export function attribute(
  { name, value, flags, context }: AttributedEvent,
  answers: Answers | undefined,
  sink: PathSink,
) {
  if (answers === undefined || !Array.isArray(flags) || typeof name !== 'string') return;
  if (name === '' || name.length > MAX_NAME_LENGTH) return;
  // Kept where durations are, in thousandths, too.
  const amount = typeof value === 'number' && value > 0 ? value : 0;
  for (const key of new Set(flags.slice(0, MAX_FLAGS))) {
    const evaluation = typeof key === 'string' ? answers.evaluate(key, context) : undefined;
    if (evaluation?.variant === undefined || evaluation.errorCode !== undefined) continue;
    const choice = { key, value: evaluation.value ?? null, isServed: true, evaluation, context, answers };
    sink.record(`event:${name}`, choice, 'done', amount);
  }
}
