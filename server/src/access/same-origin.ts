import type { FastifyRequest } from 'fastify';

/** Whether a page of this server made the request; undefined when the request does not tell. */
export function isSameOrigin(request: FastifyRequest, publicUrl: string | undefined): boolean | undefined {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin';
  const { origin } = request.headers;
  if (origin === undefined) return undefined;
  if (publicUrl !== undefined && origin === new URL(publicUrl).origin) return true;
  return origin === `${request.protocol}://${request.host}`;
}
