import type { FastifyReply } from 'fastify';
import type { Html } from './html.ts';

/** Answers with a page. Pages depend on the visitor and on flags, so nobody may keep them. */
export function sendPage(reply: FastifyReply, page: Html): FastifyReply {
  return reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(page.text);
}
