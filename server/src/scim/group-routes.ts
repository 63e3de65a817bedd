import { type Static, Type } from '@sinclair/typebox';
import type { FastifyRequest } from 'fastify';
import { callerOf } from '../access/guard.ts';
import type { App } from '../http/app-types.ts';
import { refTo } from '../http/ref.ts';
import type { GroupRow } from '../store/tables/access.ts';
import type { BaseOf } from './base.ts';
import { describe } from './describe.ts';
import { readFilter } from './filter.ts';
import { ScimGroups, type ScimGroupsDependencies } from './groups.ts';
import { readOperations } from './patch.ts';
import { findGroupWindow, GROUP_ATTRIBUTES } from './repository.ts';
import { ScimGroupSchema, ScimListOf } from './resource-schemas.ts';
import { select, showsMembers, toGroupResource, toList } from './resources.ts';
import { ScimGroupInput, ScimParams, ScimPatch, ScimQuery } from './schemas.ts';
import { windowOf } from './window.ts';

const read = { access: 'people:read' } as const;
const write = { access: 'people:write' } as const;
const shown = { 200: refTo(ScimGroupSchema) };
const one = { params: ScimParams, querystring: ScimQuery };

export function scimGroupRoutes(app: App, dependencies: ScimGroupsDependencies, baseOf: BaseOf): void {
  const groups = new ScimGroups(dependencies);
  const membersOf = (rows: readonly GroupRow[], query: Static<typeof ScimQuery>) =>
    showsMembers(query) ? groups.members(rows.map(({ id }) => id)) : undefined;
  const show = async (request: FastifyRequest, row: GroupRow, query: Static<typeof ScimQuery> = {}) => {
    const members = await membersOf([row], query);
    return select(toGroupResource(row, members?.get(row.id), baseOf(request)), query);
  };

  app.get(
    '/Groups',
    {
      config: read,
      schema: {
        ...describe('listScimGroups', 'List or find groups, by name', { 200: ScimListOf(refTo(ScimGroupSchema)) }),
        querystring: ScimQuery,
      },
    },
    async (request) => {
      const { query } = request;
      const window = windowOf(query);
      const filter = readFilter(query.filter, GROUP_ATTRIBUTES);
      const { rows, total } = await findGroupWindow(dependencies.database, filter, window);
      const members = await membersOf(rows, query);
      const base = baseOf(request);
      const resources = rows.map((row) => select(toGroupResource(row, members?.get(row.id), base), query));
      return toList(resources, { total, startIndex: window.startIndex });
    },
  );

  app.post(
    '/Groups',
    {
      config: write,
      schema: {
        ...describe('createScimGroup', 'Make a group', { 201: refTo(ScimGroupSchema) }, 409),
        body: ScimGroupInput,
      },
    },
    async (request, reply) => {
      const resource = await show(request, await groups.create(callerOf(request), request.body));
      return reply.code(201).header('location', resource.meta?.location).send(resource);
    },
  );

  app.get(
    '/Groups/:id',
    { config: read, schema: { ...describe('getScimGroup', 'Get a group', shown, 404), ...one } },
    async (request) => show(request, await groups.get(request.params.id), request.query),
  );

  app.put(
    '/Groups/:id',
    {
      config: write,
      schema: {
        ...describe('replaceScimGroup', 'Say anew what a group is called and who is in it', shown, 404, 409),
        ...one,
        body: ScimGroupInput,
      },
    },
    async (request) => show(request, await groups.replace(callerOf(request), request.params.id, request.body)),
  );

  app.patch(
    '/Groups/:id',
    {
      config: write,
      schema: {
        ...describe('patchScimGroup', 'Rename a group, or put people in and out', shown, 404, 409),
        ...one,
        body: ScimPatch,
      },
    },
    async (request) => {
      const changes = readOperations(request.body.Operations);
      return show(request, await groups.patch(callerOf(request), request.params.id, changes), request.query);
    },
  );

  app.delete(
    '/Groups/:id',
    {
      config: write,
      schema: {
        ...describe('deleteScimGroup', 'Remove a group', { 204: Type.Null({ description: 'Removed' }) }, 404, 409),
        ...one,
      },
    },
    async (request, reply) => {
      await groups.remove(callerOf(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}
