import type { FastifyReply, FastifyRequest } from 'fastify';
import { SESSION_IDLE_MS } from './lifetime.ts';

const NAME = 'bunting_session';

/**
 * Over HTTPS a name that browsers let nobody set but this very host, over HTTPS: a page of a neighbouring host cannot slip
 * someone a session. Over HTTP they would refuse it.
 */
const SECURE_NAME = `__Host-${NAME}`;

export function readSessionCookie(request: FastifyRequest): string | undefined {
  return request.cookies[nameFor(request)];
}

/** @param lifetimeMs until the session ends if it is not used again */
export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  token: string,
  lifetimeMs = SESSION_IDLE_MS,
): void {
  reply.setCookie(nameFor(request), token, { ...attributes(request), maxAge: Math.floor(lifetimeMs / 1000) });
}

export function clearSessionCookie(request: FastifyRequest, reply: FastifyReply): void {
  reply.clearCookie(nameFor(request), attributes(request));
}

function nameFor(request: FastifyRequest): string {
  return isSecure(request) ? SECURE_NAME : NAME;
}

function attributes(request: FastifyRequest) {
  return { path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure(request) } as const;
}

function isSecure({ protocol }: FastifyRequest): boolean {
  return protocol === 'https';
}
