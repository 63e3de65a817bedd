import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { registerAssets } from './assets.ts';
import { basketCookie, parseBasket } from './basket.ts';
import { parseCookies } from './cookies.ts';
import { Fault } from './fault.ts';
import { decide, type ShopFlags } from './flags.ts';
import { sendPage } from './html-reply.ts';
import { OrderBook } from './orders.ts';
import type { PageFrame } from './pages/layout.ts';
import { renderProblem } from './pages/problem.ts';
import { registerBrowsing } from './routes/browsing.ts';
import { registerOrdering } from './routes/ordering.ts';
import { registerWatching } from './routes/watching.ts';
import type { ShopVersion } from './version.ts';
import { VisitLog } from './visit-log.ts';
import { identifyVisitor } from './visitor.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, their basket, and what the flags decided for them. Set for every page. */
    frame: PageFrame;
  }
}

const policy =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const maxFormBytes = 8 * 1024;

/** What versions of the shop that run side by side have in common. */
export interface Shared {
  readonly log: VisitLog;
  readonly orders: OrderBook;
  readonly fault: Fault;
  /** All of them, the oldest first. */
  readonly versions: readonly ShopVersion[];
}

export function newShared(versions: readonly string[]): Shared {
  return {
    ...{ log: new VisitLog(), orders: new OrderBook(), fault: new Fault() },
    versions: versions.map((name) => ({ name, isBroken: false })),
  };
}

/** The shop, with the flags that decide its pages. Listens to nothing by itself. */
export async function buildApp(
  flags: ShopFlags,
  shared: Shared = newShared(['1']),
  version: ShopVersion | undefined = shared.versions[0],
): Promise<FastifyInstance> {
  const app = fastify({ bodyLimit: maxFormBytes, logger: false, forceCloseConnections: 'idle' });
  const { log, orders, fault, versions } = shared;
  if (version === undefined) throw new Error('a shop without a version');

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, new URLSearchParams(body.toString()));
  });

  app.addHook('onRequest', async (request, reply) => {
    reply.headers({
      'content-security-policy': policy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'same-origin',
    });
    // A style sheet is for nobody in particular: it asks no flag.
    if ((request.url.startsWith('/assets/') || request.url === '/healthz') && !request.is404) return;
    const { visitor, setCookies } = identifyVisitor(request.headers);
    if (setCookies.length > 0) reply.header('set-cookie', setCookies);
    const basket = parseBasket(parseCookies(request.headers.cookie).get(basketCookie));
    request.frame = { visitor, basket, decisions: decide(flags, visitor), version: version.name };
    // Those that were sold would be lost: it fails before anyone has paid.
    if (version.isBroken && request.url === '/checkout')
      throw new Error(`version ${version.name} is broken: someone pressed the button`);
  });

  app.setNotFoundHandler((request, reply) =>
    sendPage(
      reply.code(404),
      renderProblem(
        request.frame,
        'Not in the loft',
        'There is no such page. The list of all cloth is a good place to go on.',
      ),
    ),
  );
  app.setErrorHandler((error: { statusCode?: number; message: string }, request, reply) =>
    answerError(error, request, reply),
  );

  // What a load balancer asks.
  app.get('/healthz', (_request, reply) => reply.send('ok'));
  await registerAssets(app);
  registerBrowsing(app, log);
  registerOrdering(app, { log, orders, flags, fault });
  registerWatching(app, { log, flags, fault, versions });
  return app;
}

function answerError(error: { statusCode?: number; message: string }, request: FastifyRequest, reply: FastifyReply) {
  const status = error.statusCode ?? 500;
  if (status < 500) {
    const message = `${error.message}. Go back, look at what was sent, and try again.`;
    return sendPage(reply.code(status), renderProblem(request.frame, 'That did not work', message));
  }
  console.error(`shop: ${request.method} ${request.url} failed:`, error);
  const message = 'The fault is ours, and it is in the log. Please try again.';
  return sendPage(reply.code(500), renderProblem(request.frame, 'The line came down', message));
}
