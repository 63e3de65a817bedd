import { Type } from '@sinclair/typebox';
import type { FastifyRequest, RouteOptions } from 'fastify';
import { ApiError, validationFailed } from '../http/api-error.ts';

/** Says that a change is to be made although the environment wants approval, or is frozen. */
const HEADER = 'bunting-break-glass';

const BreakGlassHeader = Type.Optional(
  Type.String({
    description:
      'true: change an environment without the approval that it wants, or while it is frozen. Needs change:bypass there and a Bunting-Comment; told by an audit event of its own',
  }),
);

/** Documents the header where a route changes something. */
export function documentBreakGlass(route: RouteOptions): void {
  const methods = [route.method].flat();
  if (methods.some((method) => ['GET', 'HEAD', 'OPTIONS'].includes(method))) return;
  const headers = (route.schema?.headers ?? Type.Object({})) as { readonly properties: object };
  const properties = { ...headers.properties, [HEADER]: BreakGlassHeader };
  route.schema = { ...route.schema, headers: { ...headers, properties } };
}

/** @throws {ApiError} when the header is none, or no reason comes with it */
export function breaksGlass({ headers }: FastifyRequest, comment: string | undefined): boolean {
  const header = headers[HEADER];
  if (header === undefined) return false;
  if (header !== 'true') throw validationFailed([{ path: `headers.${HEADER}`, message: 'must be true, or left out' }]);
  if (comment !== undefined) return true;
  const message = 'Who breaks the glass says why: send a comment in the header Bunting-Comment, percent-encoded UTF-8.';
  throw new ApiError('comment_required', message);
}
