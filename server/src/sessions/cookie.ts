import type { FastifyReply, FastifyRequest } from 'fastify';

export const SESSION_COOKIE = 'bunting_session';

/** A session ends when it was not used for this long. */
export const SESSION_LIFETIME_MS = 30 * 24 * 60 * 60 * 1000;

export function setSessionCookie(request: FastifyRequest, reply: FastifyReply, token: string): void {
  reply.setCookie(SESSION_COOKIE, token, { ...attributes(request), maxAge: SESSION_LIFETIME_MS / 1000 });
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(SESSION_COOKIE, attributes(request));
}

function attributes(request: FastifyRequest) {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: request.protocol === 'https' } as const;
}
