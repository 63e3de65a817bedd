import { type Logger, log } from './logger.ts';

/**
 * Calls a function of the host, which may do anything: what it throws is logged. So is what it rejects with if it is
 * async, for that would otherwise end the host's process. Undefined when it threw.
 */
export function callHost<T>(logger: Logger, name: string, call: () => T): T | undefined {
  const failed = (cause: unknown) => log(logger, 'error', `${name} failed: ${describe(cause)}`);
  try {
    const result = call();
    if (result instanceof Promise) result.catch(failed);
    return result;
  } catch (cause) {
    failed(cause);
    return undefined;
  }
}

/** Whatever was thrown, as text. */
export function describe(cause: unknown): string {
  try {
    return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
  } catch {
    return 'something that cannot be printed';
  }
}
