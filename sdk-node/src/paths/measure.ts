import type { PathName } from '@bunting/core';
import type { Choice } from './choice.ts';
import type { PathSink } from './path-window.ts';

/**
 * Calls a side of the host's and hands on exactly what it returns or throws; how it ended and how long it took is
 * recorded. A promise is followed to its end. Any other thenable counts as done when it is returned: many begin their
 * work when `then` is called, and each time again.
 */
export function measure<T>(side: () => T, sink: PathSink, path: PathName, choice: Choice): T {
  const startedMs = performance.now();
  let result: T;
  try {
    result = side();
  } catch (cause) {
    sink.record(path, choice, 'failed', performance.now() - startedMs);
    throw cause;
  }
  if (isPromise(result)) {
    result.then(
      () => sink.record(path, choice, 'done', performance.now() - startedMs),
      () => sink.record(path, choice, 'failed', performance.now() - startedMs),
    );
  } else {
    sink.record(path, choice, 'done', performance.now() - startedMs);
  }
  return result;
}

/** Whether asking for its end may begin its work, or begin it anew. */
export function isOtherThenable(value: unknown): boolean {
  try {
    return typeof value === 'object' && value !== null && 'then' in value && !isPromise(value);
  } catch {
    return true;
  }
}

/** Whether it is a promise whose `then` does nothing but look on. */
export function isPromise(value: unknown): value is Promise<unknown> {
  if (typeof value !== 'object' || value === null) return false;
  try {
    return value instanceof Promise && value.then === Promise.prototype.then && value.constructor === Promise;
  } catch {
    return false;
  }
}
