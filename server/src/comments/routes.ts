import { Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import { FlagParams } from '../flags/schemas.ts';
import type { App } from '../http/app-types.ts';
import { PageOf, PageQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { FlagCommentInput, FlagCommentParams, FlagCommentSchema } from './schemas.ts';
import type { Comments } from './service.ts';

const tags = ['comments'];
const COMMENTS = '/projects/:project/flags/:flag/comments';
const COMMENT = `${COMMENTS}/:comment`;
const write = { access: 'flag:comment' } as const;

export function commentRoutes(app: App, comments: Comments): void {
  app.get(
    COMMENTS,
    {
      config: { access: 'flag:read' },
      schema: {
        operationId: 'listFlagComments',
        tags,
        summary: 'List what was said about a flag, newest first',
        params: FlagParams,
        querystring: Type.Object(PageQuery, { additionalProperties: false }),
        response: responses({ 200: PageOf(refTo(FlagCommentSchema)) }, 401, 403, 404),
      },
    },
    (request) => comments.list(request.params, request.query),
  );

  app.post(
    COMMENTS,
    {
      config: write,
      schema: {
        operationId: 'commentOnFlag',
        tags,
        summary: 'Say something about a flag',
        params: FlagParams,
        body: refTo(FlagCommentInput),
        response: responses({ 201: refTo(FlagCommentSchema) }, 401, 403, 404),
      },
    },
    async (request, reply) =>
      reply.code(201).send(await comments.add(callerOf(request), request.params, request.body.body)),
  );

  app.patch(
    COMMENT,
    {
      config: write,
      schema: {
        operationId: 'editFlagComment',
        tags,
        summary: 'Change a comment of one’s own',
        params: FlagCommentParams,
        body: refTo(FlagCommentInput),
        response: responses({ 200: refTo(FlagCommentSchema) }, 401, 403, 404),
      },
    },
    (request) => comments.edit(callerOf(request), request.params, request.body.body),
  );

  app.delete(
    COMMENT,
    {
      config: write,
      schema: {
        operationId: 'deleteFlagComment',
        tags,
        summary: 'Delete a comment of one’s own; with project:write, any',
        description: 'What it said stays in the audit log.',
        params: FlagCommentParams,
        response: responses({ 204: Type.Null({ description: 'Deleted' }) }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      await comments.delete(callerOf(request), request.params);
      return reply.code(204).send(null);
    },
  );
}
