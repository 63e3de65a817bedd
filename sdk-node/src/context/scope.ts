import { AsyncLocalStorage } from 'node:async_hooks';
import type { EvaluationContext } from '@bunting/core';
import { BoundFlags, mergeContexts } from '../bound-flags.ts';
import type { Evaluations } from '../flags.ts';

const scope = new AsyncLocalStorage<EvaluationContext | undefined>();

/**
 * Calls `fn`; in it and in all that it starts, `currentContext()` is this context, laid over the one around it. Returns
 * what `fn` returns.
 */
export function runWithContext<T>(context: EvaluationContext, fn: () => T): T {
  return scope.run(mergeContexts(scope.getStore(), context), fn);
}

/** The context of the innermost `runWithContext` that led here; undefined outside of any. */
export function currentContext(): EvaluationContext | undefined {
  return scope.getStore();
}

/**
 * The same flags, answering for the current context, which each call's is laid over. Make them once: they are for code
 * that is far from any request. The flags given go on ignoring the current context, and pay nothing for it.
 */
export function flagsInContext(flags: Evaluations): Evaluations {
  return new BoundFlags(flags, currentContext);
}
