import type { EvaluationContext } from '../model.ts';

/** Reads one attribute; `undefined` when the context has none. */
export type Read = (context: EvaluationContext) => unknown;

/** Thrown by `plainContext`; answered as INVALID_CONTEXT at the evaluator's boundary. */
export const INVALID_CONTEXT = new Error('The context must be an object');

/**
 * A reader of an attribute path: `country`, or `org.plan` for a nested object. Only own properties count: names such
 * as `constructor` read as missing. The caller passes the context through `plainContext` first, which lets the common
 * case be a plain property read. `ambient` stands in for a context that lacks the path's first attribute.
 */
export function compilePath(path: string, ambient?: EvaluationContext): Read {
  if (isPlainName(path, ambient)) return (context) => context[path];
  const steps = path.split('.');
  const first = steps[0] ?? '';
  const read: Read = (context) => steps.reduce(own, context as unknown);
  return ambient !== undefined && Object.hasOwn(ambient, first)
    ? orAmbient(read, first, steps.reduce(own, ambient as unknown))
    : read;
}

/** Whether `context[path]` is all there is to read. */
export function isPlainName(path: string, ambient?: EvaluationContext): boolean {
  return !path.includes('.') && !(path in Object.prototype) && (ambient === undefined || !Object.hasOwn(ambient, path));
}

function orAmbient(read: Read, first: string, ambient: unknown): Read {
  return (context) => (own(context, first) === undefined ? ambient : read(context));
}

/** The plain context with what `ambient` has and it lacks. */
export function withAmbient(context: EvaluationContext, ambient: EvaluationContext | undefined): EvaluationContext {
  if (ambient === undefined) return context;
  const properties = Object.getOwnPropertyDescriptors(context);
  for (const [name, value] of Object.entries(ambient)) {
    if (own(context, name) === undefined) properties[name] = { value };
  }
  return Object.create(null, properties);
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
