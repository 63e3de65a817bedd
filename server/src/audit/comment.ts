import { Type } from '@sinclair/typebox';
import type { FastifyRequest, RouteOptions } from 'fastify';
import { validationFailed } from '../http/api-error.ts';

/** Carries why something is done, with every request that changes something. */
const HEADER = 'bunting-comment';

const MAX_LENGTH = 1000;

const CommentHeader = Type.Optional(
  Type.String({
    description: `Why: kept with the audit event. Up to ${MAX_LENGTH} characters, as encodeURIComponent writes them`,
  }),
);

/** Documents the header where a route changes something. */
export function documentComment(route: RouteOptions): void {
  const methods = [route.method].flat();
  if (methods.some((method) => ['GET', 'HEAD', 'OPTIONS'].includes(method))) return;
  const headers = (route.schema?.headers ?? Type.Object({})) as { readonly properties: object };
  const properties = { ...headers.properties, [HEADER]: CommentHeader };
  route.schema = { ...route.schema, headers: { ...headers, properties } };
}

/** Why a request changes something; undefined when it does not say. @throws {ApiError} when the header cannot be read */
export function commentOf({ headers }: FastifyRequest): string | undefined {
  const header = headers[HEADER];
  if (typeof header !== 'string' || header === '') return undefined;
  const comment = decode(header).trim();
  if (comment.length > MAX_LENGTH) throw unreadable(`may have ${MAX_LENGTH} characters; has ${comment.length}`);
  // PostgreSQL cannot store it.
  if (comment.includes('\0')) throw unreadable('may hold no NUL');
  return comment === '' ? undefined : comment;
}

function decode(header: string): string {
  try {
    return decodeURIComponent(header);
  } catch {
    throw unreadable('is no text as encodeURIComponent writes it: write a % as %25');
  }
}

function unreadable(message: string) {
  return validationFailed([{ path: `headers.${HEADER}`, message }]);
}
