import { Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import type { App } from '../http/app-types.ts';
import { Key } from '../http/key-schema.ts';
import { PageOf } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { IfMatchHeader, readIfMatch } from '../http/version-tags.ts';
import type { Applier } from './applier.ts';
import {
  AppliedChangeRequest,
  ChangePreviewSchema,
  ChangeRequestInput,
  ChangeRequestParams,
  ChangeRequestPatch,
  ChangeRequestQuery,
  ChangeRequestSchema,
} from './schemas.ts';
import type { ChangeRequests } from './service.ts';

const tags = ['change requests'];
const REQUESTS = '/projects/:project/change-requests';
const REQUEST = `${REQUESTS}/:request`;
/** Who may change flags somewhere may propose changes, also where they may not make them. */
const propose = { access: 'targeting:write', anywhere: true } as const;
const read = { access: 'flag:read' } as const;

export function changeRequestRoutes(app: App, requests: ChangeRequests, applier: Applier): void {
  const ofProject = Type.Object({ project: Key }, { additionalProperties: false });

  app.get(
    REQUESTS,
    {
      config: read,
      schema: {
        operationId: 'listChangeRequests',
        tags,
        summary: 'List change requests, newest first',
        params: ofProject,
        querystring: ChangeRequestQuery,
        response: responses({ 200: PageOf(refTo(ChangeRequestSchema)) }, 401, 403, 404),
      },
    },
    (request) => requests.list(request.params.project, request.query),
  );

  app.post(
    REQUESTS,
    {
      config: propose,
      schema: {
        operationId: 'createChangeRequest',
        tags,
        summary: 'Propose changes of flags and segments, in one or several environments',
        params: ofProject,
        body: refTo(ChangeRequestInput),
        response: responses({ 201: refTo(ChangeRequestSchema) }, 401, 403, 404, 409),
      },
    },
    async (request, reply) =>
      reply.code(201).send(await requests.create(callerOf(request), request.params.project, request.body)),
  );

  app.get(
    REQUEST,
    {
      config: read,
      schema: {
        operationId: 'getChangeRequest',
        tags,
        summary: 'Get a change request',
        params: ChangeRequestParams,
        response: responses({ 200: refTo(ChangeRequestSchema) }, 401, 403, 404),
      },
    },
    (request) => requests.get(request.params),
  );

  app.patch(
    REQUEST,
    {
      config: propose,
      schema: {
        operationId: 'updateChangeRequest',
        tags,
        summary: 'Change what a request says',
        description: 'Other changes void what was approved. Opens anew what was rejected or does not fit any more.',
        params: ChangeRequestParams,
        headers: IfMatchHeader,
        body: refTo(ChangeRequestPatch),
        response: responses({ 200: refTo(ChangeRequestSchema) }, 401, 403, 404, 409, 412),
      },
    },
    (request) => {
      const ifVersion = readIfMatch(request.headers['if-match']);
      return requests.update(callerOf(request), request.params, request.body, ifVersion);
    },
  );

  app.get(
    `${REQUEST}/preview`,
    {
      config: read,
      schema: {
        operationId: 'previewChangeRequest',
        tags,
        summary: 'Say what a change request would do now, and what stands against it',
        params: ChangeRequestParams,
        response: responses({ 200: refTo(ChangePreviewSchema) }, 401, 403, 404),
      },
    },
    (request) => applier.preview(callerOf(request), request.params),
  );

  app.post(
    `${REQUEST}/apply`,
    {
      config: propose,
      schema: {
        operationId: 'applyChangeRequest',
        tags,
        summary: 'Make the changes: one revision for each environment, or none',
        description:
          'Takes the permissions that making the changes directly would take. Where approval is required, what was ' +
          'approved must still lead to the same: else the request becomes conflicted (409), and says who changed what.',
        params: ChangeRequestParams,
        headers: IfMatchHeader,
        response: responses({ 200: refTo(AppliedChangeRequest) }, 401, 403, 404, 409, 412),
      },
    },
    (request) => applier.apply(callerOf(request), request.params, readIfMatch(request.headers['if-match'])),
  );

  for (const [action, summary] of [
    ['open', 'Ask others to approve a draft'],
    ['rebase', 'Take the changes anew on what is there now; approvals stay only if they lead to the same'],
  ] as const) {
    app.post(
      `${REQUEST}/${action}`,
      {
        config: propose,
        schema: {
          operationId: `${action}ChangeRequest`,
          tags,
          summary,
          params: ChangeRequestParams,
          response: responses({ 200: refTo(ChangeRequestSchema) }, 401, 403, 404, 409),
        },
      },
      (request) => requests[action](callerOf(request), request.params),
    );
  }

  app.post(
    `${REQUEST}/cancel`,
    {
      config: read,
      schema: {
        operationId: 'cancelChangeRequest',
        tags,
        summary: 'Give a change request up: by who wrote it, or who may approve it',
        params: ChangeRequestParams,
        response: responses({ 200: refTo(ChangeRequestSchema) }, 401, 403, 404, 409),
      },
    },
    (request) => requests.cancel(callerOf(request), request.params),
  );
}
