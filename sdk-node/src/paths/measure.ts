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
  const end = (ending: 'done' | 'failed') => sink.record(path, choice, ending, performance.now() - startedMs);
  if (!follow(result, end)) end('done');
  return result;
}

function follow(result: unknown, end: (ending: 'done' | 'failed') => void): boolean {
  if (!isPromise(result)) return false;
  try {
    result.then(
      () => end('done'),
      () => end('failed'),
    );
    return true;
  } catch {
    // A class of promises that cannot make another one of its kind.
    return false;
  }
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
function isPromise(value: unknown): value is Promise<unknown> {
  if (typeof value !== 'object' || value === null) return false;
  try {
    return value instanceof Promise && value.then === Promise.prototype.then;
  } catch {
    return false;
  }
}
