import type { FastifyError } from 'fastify';
import type { App } from '../http/app-types.ts';
import { acceptJson } from '../http/json-body.ts';
import type { BaseOf } from './base.ts';
import { scimDocumentRoutes } from './document-routes.ts';
import { scimGroupRoutes } from './group-routes.ts';
import type { ScimGroupsDependencies } from './groups.ts';
import { SCIM_TYPE, type ScimError, sendScimError } from './scim-error.ts';
import { scimUserRoutes } from './user-routes.ts';
import type { ScimUsersDependencies } from './users.ts';

export const SCIM_PREFIX = '/scim/v2';

export interface ScimDependencies extends ScimUsersDependencies, ScimGroupsDependencies {
  readonly publicUrl: string | undefined;
}

/** SCIM 2.0 (RFC 7643, RFC 7644): people and groups as a directory such as Okta or Entra ID provisions them. */
export function scimRoutes(app: App, dependencies: ScimDependencies): void {
  const { publicUrl } = dependencies;
  acceptJson(app, SCIM_TYPE);
  app.setErrorHandler((thrown: FastifyError | ScimError, request, reply) =>
    sendScimError(thrown, reply, request.routeOptions.bodyLimit),
  );
  app.addHook('onRequest', async (_, reply) => {
    reply.type(`${SCIM_TYPE}; charset=utf-8`);
  });
  const baseOf: BaseOf = ({ protocol, host }) => `${publicUrl ?? `${protocol}://${host}`}${SCIM_PREFIX}`;
  scimDocumentRoutes(app, baseOf);
  scimUserRoutes(app, dependencies, baseOf);
  scimGroupRoutes(app, dependencies, baseOf);
}
