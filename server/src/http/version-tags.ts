import { Type } from '@sinclair/typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { validationFailed } from './api-error.ts';

/** Header schema of routes that change what has a version. Other headers pass. */
export const IfMatchHeader = Type.Object({
  'if-match': Type.Optional(
    Type.String({
      maxLength: 300,
      description: 'The version that you have seen, in quotes: "3"; or the ETag of a GET',
    }),
  ),
});

/**
 * The version in an If-Match header; undefined when there is none or any will do. ETags of single things begin with their
 * version, so they are taken, too.
 */
export function readIfMatch(header: string | undefined): number | undefined {
  if (header === undefined || header === '*') return undefined;
  const version = /^"(\d{1,15})(-[^"]*)?"$/.exec(header)?.[1];
  if (version !== undefined) return Number(version);
  throw validationFailed([{ path: 'headers.if-match', message: 'must be one version in quotes, such as "3"' }]);
}

/**
 * Answers a GET of a single thing with its ETag: nothing but 304 to who has it already.
 * @param parts what the answer changes with, its version first
 */
export function sendTagged<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  thing: T,
  parts: readonly (string | number)[],
): FastifyReply {
  const tag = `"${parts.join('-')}"`;
  reply.header('etag', tag);
  return request.headers['if-none-match'] === tag ? reply.code(304).send(null) : reply.send(thing);
}
