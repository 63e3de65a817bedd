import { Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import type { App } from '../http/app-types.ts';
import { refTo } from '../http/ref.ts';
import type { BaseOf } from './base.ts';
import { describe } from './describe.ts';
import { readFilter } from './filter.ts';
import { readOperations } from './patch.ts';
import { findUserWindow, USER_ATTRIBUTES } from './repository.ts';
import { ScimListOf, ScimUserSchema } from './resource-schemas.ts';
import { select, toList, toUserResource } from './resources.ts';
import { ScimParams, ScimPatch, ScimQuery, ScimUserInput } from './schemas.ts';
import { ScimUsers, type ScimUsersDependencies } from './users.ts';
import { windowOf } from './window.ts';

const read = { access: 'people:read' } as const;
const write = { access: 'people:write' } as const;
const shown = { 200: refTo(ScimUserSchema) };
const one = { params: ScimParams, querystring: ScimQuery };

export function scimUserRoutes(app: App, dependencies: ScimUsersDependencies, baseOf: BaseOf): void {
  const users = new ScimUsers(dependencies);

  app.get(
    '/Users',
    {
      config: read,
      schema: {
        ...describe('listScimUsers', 'List or find people, by address', { 200: ScimListOf(refTo(ScimUserSchema)) }),
        querystring: ScimQuery,
      },
    },
    async (request) => {
      const window = windowOf(request.query);
      const filter = readFilter(request.query.filter, USER_ATTRIBUTES);
      const { rows, total } = await findUserWindow(dependencies.database, filter, window);
      const base = baseOf(request);
      const resources = rows.map((row) => select(toUserResource(row, base), request.query));
      return toList(resources, { total, startIndex: window.startIndex });
    },
  );

  app.post(
    '/Users',
    {
      config: write,
      schema: {
        ...describe('createScimUser', 'Make an account', { 201: refTo(ScimUserSchema) }, 409),
        body: ScimUserInput,
      },
    },
    async (request, reply) => {
      const row = await users.create(callerOf(request), request.body);
      const resource = toUserResource(row, baseOf(request));
      return reply.code(201).header('location', resource.meta?.location).send(resource);
    },
  );

  app.get(
    '/Users/:id',
    { config: read, schema: { ...describe('getScimUser', 'Get someone', shown, 404), ...one } },
    async (request) => select(toUserResource(await users.get(request.params.id), baseOf(request)), request.query),
  );

  app.put(
    '/Users/:id',
    {
      config: write,
      schema: {
        ...describe('replaceScimUser', 'Say anew who someone is', shown, 404, 409),
        ...one,
        body: ScimUserInput,
      },
    },
    async (request) =>
      toUserResource(await users.replace(callerOf(request), request.params.id, request.body), baseOf(request)),
  );

  app.patch(
    '/Users/:id',
    {
      config: write,
      schema: {
        ...describe('patchScimUser', 'Change someone, or disable them', shown, 404, 409),
        ...one,
        body: ScimPatch,
      },
    },
    async (request) => {
      const changes = readOperations(request.body.Operations);
      return toUserResource(await users.patch(callerOf(request), request.params.id, changes), baseOf(request));
    },
  );

  app.delete(
    '/Users/:id',
    {
      config: write,
      schema: {
        ...describe('deleteScimUser', 'Remove someone', { 204: Type.Null({ description: 'Removed' }) }, 404, 409),
        ...one,
      },
    },
    async (request, reply) => {
      await users.remove(callerOf(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}
