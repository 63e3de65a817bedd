import { Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import type { App } from '../http/app-types.ts';
import { PageOf, PageQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import type { Reviews } from './reviews.ts';
import {
  ApprovalInput,
  ChangeRequestEntrySchema,
  ChangeRequestParams,
  ChangeRequestSchema,
  CommentInput,
  RejectionInput,
} from './schemas.ts';

const tags = ['change requests'];
const REQUEST = '/projects/:project/change-requests/:request';
const review = { access: 'change:approve', anywhere: true } as const;
/** Whoever reads a request may say something about it. */
const read = { access: 'flag:read' } as const;

/** Approving, rejecting and talking. */
export function reviewRoutes(app: App, reviews: Reviews): void {
  app.post(
    `${REQUEST}/approve`,
    {
      config: review,
      schema: {
        operationId: 'approveChangeRequest',
        tags,
        summary: 'Approve what someone else proposes',
        description: 'By people only, and never of what they wrote themselves.',
        params: ChangeRequestParams,
        body: refTo(ApprovalInput),
        response: responses({ 200: refTo(ChangeRequestSchema) }, 401, 403, 404, 409, 412),
      },
    },
    (request) => {
      const { contentHash, body } = request.body;
      return reviews.approve(callerOf(request), request.params, contentHash, body);
    },
  );

  app.post(
    `${REQUEST}/reject`,
    {
      config: review,
      schema: {
        operationId: 'rejectChangeRequest',
        tags,
        summary: 'Reject what someone else proposes; earlier approvals end with it',
        params: ChangeRequestParams,
        body: refTo(RejectionInput),
        response: responses({ 200: refTo(ChangeRequestSchema) }, 401, 403, 404, 409),
      },
    },
    (request) => reviews.reject(callerOf(request), request.params, request.body.body),
  );

  app.get(
    `${REQUEST}/entries`,
    {
      config: read,
      schema: {
        operationId: 'listChangeRequestEntries',
        tags,
        summary: 'List what was said about a change request, oldest first',
        params: ChangeRequestParams,
        querystring: Type.Object(PageQuery, { additionalProperties: false }),
        response: responses({ 200: PageOf(refTo(ChangeRequestEntrySchema)) }, 401, 403, 404),
      },
    },
    (request) => reviews.list(request.params, request.query),
  );

  app.post(
    `${REQUEST}/comments`,
    {
      config: read,
      schema: {
        operationId: 'commentOnChangeRequest',
        tags,
        summary: 'Say something about a change request',
        params: ChangeRequestParams,
        body: refTo(CommentInput),
        response: responses({ 201: refTo(ChangeRequestEntrySchema) }, 401, 403, 404),
      },
    },
    async (request, reply) =>
      reply.code(201).send(await reviews.comment(callerOf(request), request.params, request.body.body)),
  );
}
