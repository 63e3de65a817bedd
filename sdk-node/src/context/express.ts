import type { ServerResponse } from 'node:http';
import type { Evaluations } from '../flags.ts';
import { createReader, type RequestContextOptions } from './request-context.ts';
import { runWithContext } from './scope.ts';
import { readTrafficBucket } from './traffic-bucket.ts';

/**
 * Middleware for Express and its like: `request.flags` answer for the request's context, and so does `currentContext()`
 * in what comes after. Use it after what reads the body and authenticates.
 *
 * ```ts
 * app.use(buntingExpress(flags, { context: (request: Request) => ({ targetingKey: request.user.id }) }));
 * app.get('/cart', (request, response) => response.json({ express: request.flags.isEnabled('express-checkout') }));
 * ```
 */
export function buntingExpress<Request extends object>(flags: Evaluations, options: RequestContextOptions<Request>) {
  const readContext = createReader(options);
  return (request: Request, response: unknown, next: () => void): void => {
    if (options.trafficBucket === true) keepBucket(request, response as Partial<ServerResponse>);
    const context = readContext(request);
    Object.assign(request, { flags: flags.withContext(context) });
    runWithContext(context, next);
  };
}

/** Where headers were sent already, the next request tries again. */
function keepBucket(request: object, response: Partial<ServerResponse>): void {
  const { cookie } = readTrafficBucket(request);
  if (cookie !== undefined && response.headersSent !== true) response.appendHeader?.('set-cookie', cookie);
}
