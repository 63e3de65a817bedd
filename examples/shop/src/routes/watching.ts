import type { FastifyInstance } from 'fastify';
import { formatCookie } from '../cookies.ts';
import type { Fault } from '../fault.ts';
import type { ShopFlags } from '../flags.ts';
import { sendPage } from '../html-reply.ts';
import { LiveStream } from '../live-stream.ts';
import { renderLive, renderVisitors } from '../pages/visitors.ts';
import type { ShopVersion } from '../version.ts';
import type { VisitLog } from '../visit-log.ts';
import { newVisitorId, plans } from '../visitor.ts';

interface WatchingParts {
  readonly log: VisitLog;
  readonly flags: ShopFlags;
  readonly fault: Fault;
  readonly versions: readonly ShopVersion[];
}

/** The page that shows who gets what, and the form to become someone else. */
export function registerWatching(app: FastifyInstance, { log, flags, fault, versions }: WatchingParts): void {
  const stream = new LiveStream();
  app.addHook('preClose', async () => stream.closeAll());

  app.get('/visitors', (request, reply) =>
    sendPage(reply, renderVisitors(request.frame, flags, log, fault.isOn, versions)),
  );

  app.get('/visitors/live', (request, reply) => {
    const render = () => renderLive(flags, log, request.frame.visitor, Date.now()).text;
    if (!stream.open(reply.raw, render))
      return reply.code(503).header('retry-after', '30').send('Too many watch already.');
    return reply.hijack();
  });

  app.post('/fault', (request, reply) => {
    fault.isOn = request.body instanceof URLSearchParams && request.body.get('broken') === 'yes';
    return reply.redirect('/visitors', 303);
  });

  app.post('/versions', (request, reply) => {
    const fields = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
    const version = versions.find(({ name }) => name === fields.get('version'));
    if (version !== undefined) version.isBroken = fields.get('broken') === 'yes';
    return reply.redirect('/visitors', 303);
  });

  app.post('/you', (request, reply) => {
    const fields = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
    const country = fields.get('country') ?? '';
    const plan = plans.find((known) => known === fields.get('plan'));
    const cookies = [
      ...(/^[A-Z]{2}$/.test(country) ? [formatCookie('country', country)] : []),
      ...(plan === undefined ? [] : [formatCookie('plan', plan)]),
      ...(fields.get('fresh') === 'yes' ? [formatCookie('visitor', newVisitorId())] : []),
    ];
    return reply.header('set-cookie', cookies).redirect('/visitors', 303);
  });
}
