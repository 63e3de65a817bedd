import type { EvaluationContext } from '@bunting/core';
import { callHost } from '../host-call.ts';
import { type Logger, stderrLogger } from '../logger.ts';
import { readTrafficBucket } from './traffic-bucket.ts';

export interface RequestContextOptions<Request> {
  /**
   * Says for whom a request is evaluated. Synchronous. Where it throws, that is logged and the context is empty: splits
   * then answer the caller's default.
   */
  readonly context: (request: Request) => EvaluationContext;
  /**
   * Gives contexts the attribute `trafficBucket`, by which load balancers divide visitors between two versions, and
   * visitors the cookie for it where no load balancer does. Flags that are split by it go along with the traffic.
   */
  readonly trafficBucket?: boolean;
  /** Default: warnings and errors to stderr. */
  readonly logger?: Logger;
}

const EMPTY: EvaluationContext = Object.freeze({});

/** The function that reads a request's context and never throws. */
export function createReader<Request extends object>(
  options: RequestContextOptions<Request>,
): (request: Request) => EvaluationContext {
  const { context, trafficBucket = false, logger = stderrLogger } = options;
  return (request) => {
    const read = readContext(request);
    return trafficBucket ? { trafficBucket: readTrafficBucket(request).bucket, ...read } : read;
  };

  function readContext(request: Request): EvaluationContext {
    return (
      callHost(logger, 'context(request)', () => {
        const read: unknown = context(request);
        if (read instanceof Promise) {
          read.catch(() => {});
          throw new TypeError('it must not be async; load the user before, and read it from the request');
        }
        if (typeof read !== 'object' || read === null) throw new TypeError(`it must return an object, not ${read}`);
        return read as EvaluationContext;
      }) ?? EMPTY
    );
  }
}
