import {
  type CompiledRuleset,
  type EvaluatedValue,
  type Evaluation,
  type EvaluationContext,
  leaseOf,
} from '@bunting/core';
import { servedKeys, timedPlaces } from '../evaluate/served-keys.ts';

/**
 * The client-visible flags as one context sees them. Pages that see the same share all of it but a list of references:
 * keys belong to the ruleset, outcomes to its flags.
 */
export interface ContextValues {
  readonly keys: readonly string[];
  /** One for each key. Undefined where evaluating failed: the page serves its own default. */
  readonly outcomes: readonly (Evaluation | undefined)[];
}

export function evaluateFor(context: EvaluationContext, compiled: CompiledRuleset, nowMs: number): ContextValues {
  const keys = servedKeys(compiled, 'visible');
  return { keys, outcomes: keys.map((key) => evaluateOne(key, context, compiled, nowMs)) };
}

/** The same as `evaluateFor`, from what was evaluated before: by the same ruleset only what time may have moved is anew. */
export function reevaluateFor(
  before: ContextValues,
  context: EvaluationContext,
  compiled: CompiledRuleset,
  nowMs: number,
): ContextValues {
  const { keys } = before;
  if (keys !== servedKeys(compiled, 'visible')) return evaluateFor(context, compiled, nowMs);
  let outcomes: (Evaluation | undefined)[] | undefined;
  for (const at of timedPlaces(compiled, 'visible')) {
    const outcome = evaluateOne(keys[at] ?? '', context, compiled, nowMs);
    if (outcome === before.outcomes[at]) continue;
    outcomes ??= [...before.outcomes];
    outcomes[at] = outcome;
  }
  return outcomes === undefined ? before : { keys, outcomes };
}

function evaluateOne(key: string, context: EvaluationContext, compiled: CompiledRuleset, nowMs: number) {
  const outcome = compiled.evaluate(key, context, nowMs);
  return outcome.errorCode === undefined ? outcome : undefined;
}

export interface ValuesDifference {
  readonly changed: [string, EvaluatedValue][];
  readonly gone: string[];
}

/** What a page that was told `before` must be told to have `after`. */
export function differ(before: ContextValues, after: ContextValues): ValuesDifference {
  const isSameKeys = before.keys === after.keys;
  const old = new Map(isSameKeys ? [] : before.keys.map((key, at) => [key, before.outcomes[at]]));
  const changed: [string, EvaluatedValue][] = [];
  const gone: string[] = [];
  for (const [at, key] of after.keys.entries()) {
    const was = isSameKeys ? before.outcomes[at] : old.get(key);
    const is = after.outcomes[at];
    old.delete(key);
    if (was === is) continue;
    const value = evaluatedValue(is);
    if (value === undefined) gone.push(key);
    else if (textOf(was) !== textOf(is)) changed.push([key, value]);
  }
  for (const [key, was] of old) if (was !== undefined) gone.push(key);
  return { changed, gone };
}

function evaluatedValue(outcome: Evaluation | undefined): EvaluatedValue | undefined {
  if (outcome?.value === undefined || outcome.variant === undefined) return undefined;
  const { value, variant, reason } = outcome;
  const lease = leaseOf(outcome);
  return lease === undefined ? { value, variant, reason } : { value, variant, reason, lease };
}

const TEXTS = new WeakMap<Evaluation, string>();

/** What a page would read. A flag that was changed has new outcomes, which may say the same. */
function textOf(outcome: Evaluation | undefined): string | undefined {
  if (outcome === undefined) return undefined;
  let text = TEXTS.get(outcome);
  if (text === undefined) {
    text = JSON.stringify(evaluatedValue(outcome)) ?? '';
    TEXTS.set(outcome, text);
  }
  return text;
}
