import { Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import { ReleaseLintSchema } from '../gates/run-schemas.ts';
import type { App } from '../http/app-types.ts';
import { Key } from '../http/key-schema.ts';
import { PageOf, PageQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { IfMatchHeader, readIfMatch } from '../http/version-tags.ts';
import {
  ReleaseCommand,
  ReleaseDecisionSchema,
  ReleaseInput,
  ReleaseParams,
  ReleaseQuery,
  ReleaseSchema,
} from './schemas.ts';
import type { Releases } from './service.ts';

const tags = ['releases'];
const RELEASES = '/projects/:project/releases';
const RELEASE = `${RELEASES}/:release`;
/** In the release's environment, which is not in the path: the service looks. */
const write = { access: 'release:write', anywhere: true } as const;

export function releaseRoutes(app: App, releases: Releases): void {
  const ofProject = Type.Object({ project: Key }, { additionalProperties: false });

  app.get(
    RELEASES,
    {
      config: { access: 'release:read' },
      schema: {
        operationId: 'listReleases',
        tags,
        summary: 'List releases, newest first',
        params: ofProject,
        querystring: ReleaseQuery,
        response: responses({ 200: PageOf(refTo(ReleaseSchema)) }, 401, 403, 404),
      },
    },
    (request) => releases.list(request.params.project, request.query),
  );

  app.post(
    RELEASES,
    {
      config: write,
      schema: {
        operationId: 'createRelease',
        tags,
        summary: 'Make a release: a draft until it is started',
        description:
          'Takes flags from their baseline to their candidate, stage by stage, and back when something speaks against it.',
        params: ofProject,
        body: refTo(ReleaseInput),
        response: responses({ 201: refTo(ReleaseSchema) }, 401, 403, 404),
      },
    },
    async (request, reply) =>
      reply.code(201).send(await releases.create(callerOf(request), request.params.project, request.body)),
  );

  app.post(
    `${RELEASES}/lint`,
    {
      config: write,
      schema: {
        operationId: 'lintRelease',
        tags,
        summary: 'What a release could and could not see on its way; nothing is made',
        description:
          'By the traffic that its gates have now: the least harm that each stage sees, what of the error budget it may use ' +
          'up before that, and the chance that it is taken back although it does no harm.',
        params: ofProject,
        body: refTo(ReleaseInput),
        response: responses({ 200: refTo(ReleaseLintSchema) }, 401, 403, 404),
      },
    },
    (request) => releases.lint(callerOf(request), request.params.project, request.body),
  );

  app.get(
    RELEASE,
    {
      config: { access: 'release:read' },
      schema: {
        operationId: 'getRelease',
        tags,
        summary: 'Get a release, and why it does not go on at the moment',
        params: ReleaseParams,
        response: responses({ 200: refTo(ReleaseSchema) }, 401, 403, 404),
      },
    },
    (request) => releases.get(request.params),
  );

  app.put(
    RELEASE,
    {
      config: write,
      schema: {
        operationId: 'editRelease',
        tags,
        summary: 'Make something else of a draft',
        description:
          'As a release is made, in the same environment. Whoever had approved it approves it anew; nobody approves what they ' +
          'edited themselves.',
        params: ReleaseParams,
        headers: IfMatchHeader,
        body: refTo(ReleaseInput),
        response: responses({ 200: refTo(ReleaseSchema) }, 401, 403, 404, 409, 412),
      },
    },
    (request) =>
      releases.edit(callerOf(request), request.params, request.body, readIfMatch(request.headers['if-match'])),
  );

  app.get(
    `${RELEASE}/decisions`,
    {
      config: { access: 'release:read' },
      schema: {
        operationId: 'listReleaseDecisions',
        tags,
        summary: 'List what was decided about a release and why, newest first',
        params: ReleaseParams,
        querystring: Type.Object(PageQuery, { additionalProperties: false }),
        response: responses({ 200: PageOf(refTo(ReleaseDecisionSchema)) }, 401, 403, 404),
      },
    },
    (request) => releases.listDecisions(request.params, request.query),
  );

  app.post(
    `${RELEASE}/commands`,
    {
      config: write,
      schema: {
        operationId: 'commandRelease',
        tags,
        summary: 'Start, pause, promote, abort or roll back a release',
        description: 'What was done already is done again without effect. Aborting is open in every phase.',
        params: ReleaseParams,
        body: refTo(ReleaseCommand),
        response: responses({ 200: refTo(ReleaseSchema) }, 401, 403, 404, 409),
      },
    },
    (request) => releases.command(callerOf(request), request.params, request.body),
  );

  app.post(
    `${RELEASE}/approve`,
    {
      config: { access: 'change:approve', anywhere: true },
      schema: {
        operationId: 'approveRelease',
        tags,
        summary: 'Approve the stage that a release is in, or before its start the release',
        description:
          'Nobody approves what they made themselves. A release is approved with its traffic target and its migration plan as ' +
          'they are: whoever changes those, or the draft itself, before it begins voids the approval. Name the version that was ' +
          'looked at: another one may be another release.',
        params: ReleaseParams,
        headers: IfMatchHeader,
        response: responses({ 200: refTo(ReleaseSchema) }, 401, 403, 404, 409, 412),
      },
    },
    (request) => {
      const ifVersion = readIfMatch(request.headers['if-match']);
      return releases.command(callerOf(request), request.params, { command: 'approve' }, ifVersion);
    },
  );
}
