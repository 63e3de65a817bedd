import { type TSchema, Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import type { App } from '../http/app-types.ts';
import { Key } from '../http/key-schema.ts';
import { PageOf, PageQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { IfMatchHeader, readIfMatch } from '../http/version-tags.ts';
import {
  DataSourceAnswer,
  DataSourceInput,
  DataSourceParams,
  DataSourcePatch,
  DataSourceQuery,
  DataSourceSchema,
} from './schemas.ts';
import type { DataSources } from './service.ts';

const SOURCES = '/projects/:project/data-sources';
const SOURCE = `${SOURCES}/:source`;
const read = { access: 'signal:read' } as const;
const write = { access: 'safeguard:write' } as const;
const ProjectParams = Type.Object({ project: Key }, { additionalProperties: false });

const describe = <const P extends TSchema>(operationId: string, summary: string, params: P) => ({
  ...{ operationId, tags: ['safeguards'], summary, params },
});

export function dataSourceRoutes(app: App, sources: DataSources): void {
  app.get(
    SOURCES,
    {
      config: read,
      schema: {
        ...describe(
          'listDataSources',
          'List where the safeguards of a project may read numbers, by key',
          ProjectParams,
        ),
        querystring: Type.Object(PageQuery, { additionalProperties: false }),
        response: responses({ 200: PageOf(refTo(DataSourceSchema)) }, 401, 403, 404),
      },
    },
    (request) => sources.list(request.params.project, request.query),
  );

  app.post(
    SOURCES,
    {
      config: write,
      schema: {
        ...describe('createDataSource', 'Let safeguards of a project query a Prometheus', ProjectParams),
        body: refTo(DataSourceInput),
        response: responses({ 201: refTo(DataSourceSchema) }, 401, 403, 404, 409),
      },
    },
    async (request, reply) =>
      reply.code(201).send(await sources.create(callerOf(request), request.params.project, request.body)),
  );

  app.get(
    SOURCE,
    {
      config: read,
      schema: {
        ...describe('getDataSource', 'Get a data source', DataSourceParams),
        response: responses({ 200: refTo(DataSourceSchema) }, 401, 403, 404),
      },
    },
    (request) => sources.get(request.params.project, request.params.source),
  );

  app.patch(
    SOURCE,
    {
      config: write,
      schema: {
        ...describe('updateDataSource', 'Change a data source', DataSourceParams),
        description: 'What it asks for must be given again when its URL leads to another server.',
        headers: IfMatchHeader,
        body: refTo(DataSourcePatch),
        response: responses({ 200: refTo(DataSourceSchema) }, 401, 403, 404, 409, 412),
      },
    },
    (request) => {
      const { project, source } = request.params;
      const ifVersion = readIfMatch(request.headers['if-match']);
      return sources.update(callerOf(request), project, source, request.body, ifVersion);
    },
  );

  app.delete(
    SOURCE,
    {
      config: write,
      schema: {
        ...describe(
          'deleteDataSource',
          'Delete a data source that no safeguard and no release under way reads',
          DataSourceParams,
        ),
        response: responses({ 204: Type.Null({ description: 'Deleted' }) }, 401, 403, 404, 409),
      },
    },
    async (request, reply) => {
      await sources.delete(callerOf(request), request.params.project, request.params.source);
      return reply.code(204).send(null);
    },
  );

  app.post(
    `${SOURCE}/query`,
    {
      config: write,
      schema: {
        ...describe('queryDataSource', 'Ask what a query says now', DataSourceParams),
        body: refTo(DataSourceQuery),
        response: responses({ 200: refTo(DataSourceAnswer) }, 401, 403, 404, 409),
      },
    },
    (request) => sources.query(request.params.project, request.params.source, request.body),
  );
}
