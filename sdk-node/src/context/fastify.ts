import type { Evaluations } from '../flags.ts';
import { createReader, type RequestContextOptions } from './request-context.ts';
import { runWithContext } from './scope.ts';
import { readTrafficBucket } from './traffic-bucket.ts';

/** What is needed of a Fastify reply: cookies add up. */
interface ReplyLike {
  header(name: 'set-cookie', value: string): unknown;
}

/** What is needed of a Fastify instance. */
interface FastifyLike<Request> {
  decorateRequest(name: 'flags', accessor: { getter(this: unknown): Evaluations }): unknown;
  addHook(name: 'preHandler', hook: (request: Request, reply: ReplyLike, done: () => void) => void): unknown;
}

/**
 * A plug-in for Fastify: `request.flags` answer for the request's context, and so does `currentContext()` from the
 * handler on. Register it after what authenticates in a `preHandler` hook; until then `request.flags` answer for what is
 * known so far.
 *
 * ```ts
 * app.register(buntingFastify(flags, { context: (request: FastifyRequest) => ({ targetingKey: request.user.id }) }));
 * app.get('/cart', (request) => showCart({ express: request.flags.isEnabled('express-checkout') }));
 * ```
 */
export function buntingFastify<Request extends object>(flags: Evaluations, options: RequestContextOptions<Request>) {
  const readContext = createReader(options);
  const settled = new WeakMap<object, Evaluations>();
  const plugin = (app: FastifyLike<Request>, _options: unknown, done: () => void): void => {
    app.decorateRequest('flags', {
      getter() {
        const request = this as Request;
        return settled.get(request) ?? flags.withContext(readContext(request));
      },
    });
    app.addHook('preHandler', (request, reply, next) => {
      const cookie = options.trafficBucket === true ? readTrafficBucket(request).cookie : undefined;
      if (cookie !== undefined) reply.header('set-cookie', cookie);
      const context = readContext(request);
      settled.set(request, flags.withContext(context));
      runWithContext(context, next);
    });
    done();
  };
  // What `fastify-plugin` sets, too: holds for the app that registers it, not for a scope of its own.
  return Object.assign(plugin, {
    [Symbol.for('skip-override')]: true,
    [Symbol.for('fastify.display-name')]: '@bunting/node',
  });
}
