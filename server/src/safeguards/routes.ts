import { type TSchema, Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import { EnvironmentParams } from '../environments/schemas.ts';
import type { App } from '../http/app-types.ts';
import { PageOf } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { IfMatchHeader, readIfMatch } from '../http/version-tags.ts';
import type { Coverage } from './coverage.ts';
import { CoverageQuery, CoverageSchema } from './coverage-schemas.ts';
import { SafeguardInput, SafeguardPatch } from './definition-schemas.ts';
import { SafeguardParams, SafeguardSchema, SafeguardsQuery, StandardInput, StandardSchema } from './schemas.ts';
import type { Safeguards } from './service.ts';
import { StateSchema } from './state-schemas.ts';

const SAFEGUARDS = '/projects/:project/environments/:environment/safeguards';
const SAFEGUARD = `${SAFEGUARDS}/:safeguard`;
const read = { access: 'signal:read' } as const;
const write = { access: 'safeguard:write' } as const;

const describe = <const P extends TSchema>(operationId: string, summary: string, params: P) => ({
  ...{ operationId, tags: ['safeguards'], summary, params },
});

export function safeguardRoutes(app: App, safeguards: Safeguards, coverage: Coverage): void {
  app.get(
    SAFEGUARDS,
    {
      config: read,
      schema: {
        ...describe('listSafeguards', 'List the safeguards of an environment, oldest first', EnvironmentParams),
        querystring: SafeguardsQuery,
        response: responses({ 200: PageOf(refTo(SafeguardSchema)) }, 401, 403, 404),
      },
    },
    (request) => safeguards.list(request.params, request.query),
  );

  app.post(
    SAFEGUARDS,
    {
      config: write,
      schema: {
        ...describe('createSafeguard', 'Have flags watched: judged every second, and acted on', EnvironmentParams),
        description:
          'Judged from what SDKs with server keys measure. The test placebo_rank turns on `slices` of the flag, which takes ' +
          'targeting:write.',
        body: refTo(SafeguardInput),
        response: responses({ 201: refTo(SafeguardSchema) }, 401, 403, 404, 409),
      },
    },
    async (request, reply) =>
      reply.code(201).send(await safeguards.create(callerOf(request), request.params, request.body)),
  );

  app.post(
    `${SAFEGUARDS}/standard`,
    {
      config: write,
      schema: {
        ...describe('createStandardSafeguards', 'Create the usual safeguards at once', EnvironmentParams),
        description:
          'On errors: a crash kills within seconds; more errors than the baseline pause a ramp; more errors of the exposed ' +
          'subjects than of any other group kill. Of one flag, of a tag, or of all that is measured in the environment.',
        body: refTo(StandardInput),
        response: responses({ 201: refTo(StandardSchema) }, 401, 403, 404, 409),
      },
    },
    async (request, reply) =>
      reply.code(201).send(await safeguards.createStandard(callerOf(request), request.params, request.body)),
  );

  app.get(
    `${SAFEGUARDS}/coverage`,
    {
      // It is in memory: it can be read while the database fails.
      config: { ...read, withoutDatabase: true },
      schema: {
        ...describe(
          'getSafeguardCoverage',
          'Which flags are watched, and where nothing would be seen',
          EnvironmentParams,
        ),
        querystring: CoverageQuery,
        response: responses({ 200: refTo(CoverageSchema) }, 401, 403, 404),
      },
    },
    (request) => coverage.get(request.params, request.query),
  );

  app.get(
    SAFEGUARD,
    {
      config: read,
      schema: {
        ...describe('getSafeguard', 'Get a safeguard, what it watches, and why it is silent', SafeguardParams),
        response: responses({ 200: refTo(SafeguardSchema) }, 401, 403, 404),
      },
    },
    (request) => safeguards.get(request.params),
  );

  app.patch(
    SAFEGUARD,
    {
      config: write,
      schema: {
        ...describe('updateSafeguard', 'Change a safeguard; it begins anew', SafeguardParams),
        headers: IfMatchHeader,
        body: refTo(SafeguardPatch),
        response: responses({ 200: refTo(SafeguardSchema) }, 401, 403, 404, 412),
      },
    },
    (request) => {
      const ifVersion = readIfMatch(request.headers['if-match']);
      return safeguards.update(callerOf(request), request.params, request.body, ifVersion);
    },
  );

  app.delete(
    SAFEGUARD,
    {
      config: write,
      schema: {
        ...describe('deleteSafeguard', 'Delete a safeguard; what it found stays', SafeguardParams),
        response: responses({ 204: Type.Null({ description: 'Deleted' }) }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      await safeguards.delete(callerOf(request), request.params);
      return reply.code(204).send(null);
    },
  );

  app.get(
    `${SAFEGUARD}/state`,
    {
      // It is in memory: it can be read while the database fails.
      config: { ...read, withoutDatabase: true },
      schema: {
        ...describe('getSafeguardState', 'What it has counted, and how the evidence stands', SafeguardParams),
        description: 'Of the server that answers. Steps of long ago are put together.',
        response: responses({ 200: refTo(StateSchema) }, 401, 403, 404),
      },
    },
    async (request) => safeguards.state(request.params),
  );
}
