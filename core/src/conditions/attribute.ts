import type { EvaluationContext } from '../model.ts';

/** Reads one attribute; `undefined` when the context has none. */
export type Read = (context: EvaluationContext) => unknown;

/** Thrown by `plainContext`; answered as INVALID_CONTEXT at the evaluator's boundary. */
export const INVALID_CONTEXT = new Error('The context must be an object');

/**
 * A reader of an attribute path: `country`, or `org.plan` for a nested object. Only own properties count: names such
 * as `constructor` read as missing. The caller passes the context through `plainContext` first, which lets the common
 * case be a plain property read.
 */
export function compilePath(path: string): Read {
  const steps = path.split('.');
  const first = steps[0] ?? '';
  if (steps.length > 1) return (context) => steps.reduce(own, context as unknown);
  if (first in Object.prototype) return (context) => own(context, first);
  return (context) => context[first];
}

function own(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

/**
 * The context if it inherits from nothing but Object.prototype, else a copy of its own properties. So an attribute can
 * never come from a prototype, at the price of one check an evaluation instead of one for each read.
 * @throws INVALID_CONTEXT when it is not an object.
 */
export function plainContext(context: EvaluationContext): EvaluationContext {
  if (typeof context !== 'object' || context === null) throw INVALID_CONTEXT;
  const prototype = Object.getPrototypeOf(context);
  return prototype === Object.prototype || prototype === null ? context : Object.assign(Object.create(null), context);
}
