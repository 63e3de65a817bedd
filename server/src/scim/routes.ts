import type { Static } from '@sinclair/typebox';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../access/guard.ts';
import { notFound } from '../http/api-error.ts';
import type { App } from '../http/app-types.ts';
import { acceptJson } from '../http/json-body.ts';
import type { Database, GroupRow } from '../store/tables.ts';
import { MAX_RESULTS, resourceTypes, SERVICE_PROVIDER_CONFIG, schemas } from './documents.ts';
import { readFilter } from './filter.ts';
import { ScimGroups, type ScimGroupsDependencies } from './groups.ts';
import { readOperations } from './patch.ts';
import { findGroupWindow, findUserWindow, GROUP_ATTRIBUTES, USER_ATTRIBUTES, type Window } from './repository.ts';
import { type Resource, select, showsMembers, toGroupResource, toList, toUserResource } from './resources.ts';
import { ScimGroupInput, ScimParams, ScimPatch, ScimQuery, ScimUserInput } from './schemas.ts';
import { SCIM_TYPE, type ScimError, sendScimError } from './scim-error.ts';
import { ScimUsers, type ScimUsersDependencies } from './users.ts';

export const SCIM_PREFIX = '/scim/v2';

export interface ScimDependencies extends ScimUsersDependencies, ScimGroupsDependencies {
  readonly database: Database;
  readonly publicUrl: string | undefined;
}

type Query = Static<typeof ScimQuery>;

const read = { config: { access: 'people:read' } } as const;
const write = { config: { access: 'people:write' } } as const;
/** SCIM describes itself, at /Schemas. */
const hidden = { hide: true } as const;

/** SCIM 2.0 (RFC 7643, RFC 7644): people and groups as a directory such as Okta or Entra ID provisions them. */
export function scimRoutes(app: App, dependencies: ScimDependencies): void {
  acceptJson(app, 'application/scim+json');
  app.setErrorHandler((thrown: FastifyError | ScimError, request, reply) =>
    sendScimError(thrown, reply, request.routeOptions.bodyLimit),
  );
  const baseOf = (request: FastifyRequest) =>
    `${dependencies.publicUrl ?? `${request.protocol}://${request.host}`}${SCIM_PREFIX}`;
  documentRoutes(app, baseOf);
  userRoutes(app, dependencies, baseOf);
  groupRoutes(app, dependencies, baseOf);
}

type BaseOf = (request: FastifyRequest) => string;

function documentRoutes(app: App, baseOf: BaseOf): void {
  app.get('/ServiceProviderConfig', { ...read, schema: hidden }, async (request, reply) => {
    const meta = { resourceType: 'ServiceProviderConfig', location: `${baseOf(request)}/ServiceProviderConfig` };
    return send(reply, { ...SERVICE_PROVIDER_CONFIG, meta });
  });
  for (const [path, documentsOf] of [
    ['/ResourceTypes', resourceTypes],
    ['/Schemas', schemas],
  ] as const) {
    app.get(path, { ...read, schema: hidden }, async (request, reply) => {
      const documents = documentsOf(baseOf(request));
      return send(reply, toList(documents, { total: documents.length, startIndex: 1 }));
    });
    app.get(`${path}/:id`, { ...read, schema: { ...hidden, params: ScimParams } }, async (request, reply) => {
      const { id } = request.params;
      const document = documentsOf(baseOf(request)).find((one) => one.id === id);
      if (document === undefined) throw notFound(`document "${id}"`);
      return send(reply, document);
    });
  }
}

function userRoutes(app: App, dependencies: ScimDependencies, baseOf: BaseOf): void {
  const users = new ScimUsers(dependencies);
  const one = { ...hidden, params: ScimParams, querystring: ScimQuery };

  app.get('/Users', { ...read, schema: { ...hidden, querystring: ScimQuery } }, async (request, reply) => {
    const window = windowOf(request.query);
    const filter = readFilter(request.query.filter, USER_ATTRIBUTES);
    const { rows, total } = await findUserWindow(dependencies.database, filter, window);
    const resources = rows.map((row) => select(toUserResource(row, baseOf(request)), request.query));
    return send(reply, toList(resources, { total, startIndex: window.startIndex }));
  });
  app.post('/Users', { ...write, schema: { ...hidden, body: ScimUserInput } }, async (request, reply) =>
    sendCreated(reply, toUserResource(await users.create(callerOf(request), request.body), baseOf(request))),
  );
  app.get('/Users/:id', { ...read, schema: one }, async (request, reply) =>
    send(reply, select(toUserResource(await users.get(request.params.id), baseOf(request)), request.query)),
  );
  app.put('/Users/:id', { ...write, schema: { ...one, body: ScimUserInput } }, async (request, reply) => {
    const row = await users.replace(callerOf(request), request.params.id, request.body);
    return send(reply, toUserResource(row, baseOf(request)));
  });
  app.patch('/Users/:id', { ...write, schema: { ...one, body: ScimPatch } }, async (request, reply) => {
    const changes = readOperations(request.body.Operations);
    const row = await users.patch(callerOf(request), request.params.id, changes);
    return send(reply, toUserResource(row, baseOf(request)));
  });
  app.delete('/Users/:id', { ...write, schema: one }, async (request, reply) => {
    await users.remove(callerOf(request), request.params.id);
    return reply.code(204).send();
  });
}

function groupRoutes(app: App, dependencies: ScimDependencies, baseOf: BaseOf): void {
  const groups = new ScimGroups(dependencies);
  const one = { ...hidden, params: ScimParams, querystring: ScimQuery };
  const showAll = async (request: FastifyRequest, rows: readonly GroupRow[], query: Query) => {
    const members = showsMembers(query) ? await groups.members(rows.map(({ id }) => id)) : undefined;
    const base = baseOf(request);
    return rows.map((row) => select(toGroupResource(row, members?.get(row.id), base), query));
  };
  const show = async (request: FastifyRequest, row: GroupRow, query: Query = {}) => {
    const [resource = {}] = await showAll(request, [row], query);
    return resource;
  };

  app.get('/Groups', { ...read, schema: { ...hidden, querystring: ScimQuery } }, async (request, reply) => {
    const window = windowOf(request.query);
    const filter = readFilter(request.query.filter, GROUP_ATTRIBUTES);
    const { rows, total } = await findGroupWindow(dependencies.database, filter, window);
    const resources = await showAll(request, rows, request.query);
    return send(reply, toList(resources, { total, startIndex: window.startIndex }));
  });
  app.post('/Groups', { ...write, schema: { ...hidden, body: ScimGroupInput } }, async (request, reply) =>
    sendCreated(reply, await show(request, await groups.create(callerOf(request), request.body))),
  );
  app.get('/Groups/:id', { ...read, schema: one }, async (request, reply) =>
    send(reply, await show(request, await groups.get(request.params.id), request.query)),
  );
  app.put('/Groups/:id', { ...write, schema: { ...one, body: ScimGroupInput } }, async (request, reply) =>
    send(reply, await show(request, await groups.replace(callerOf(request), request.params.id, request.body))),
  );
  app.patch('/Groups/:id', { ...write, schema: { ...one, body: ScimPatch } }, async (request, reply) => {
    const changes = readOperations(request.body.Operations);
    const row = await groups.patch(callerOf(request), request.params.id, changes);
    return send(reply, await show(request, row, request.query));
  });
  app.delete('/Groups/:id', { ...write, schema: one }, async (request, reply) => {
    await groups.remove(callerOf(request), request.params.id);
    return reply.code(204).send();
  });
}

/** Out of range counts as the nearest that is in it (RFC 7644, section 3.4.2.4). */
function windowOf({ startIndex = 1, count = MAX_RESULTS }: Query): Window {
  return { startIndex: Math.max(1, startIndex), count: Math.min(MAX_RESULTS, Math.max(0, count)) };
}

function send(reply: FastifyReply, resource: Resource): FastifyReply {
  return reply.type(SCIM_TYPE).send(JSON.stringify(resource));
}

function sendCreated(reply: FastifyReply, resource: Resource): FastifyReply {
  const { location } = resource.meta as { readonly location: string };
  return send(reply.code(201).header('location', location), resource);
}
