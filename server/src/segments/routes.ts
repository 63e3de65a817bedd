import { callerOf } from '../access/guard.ts';
import { SegmentEditsInput } from '../edits/schemas.ts';
import { EnvironmentParams } from '../environments/schemas.ts';
import type { App } from '../http/app-types.ts';
import { PageOf } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses, UNCHANGED } from '../http/responses.ts';
import { IfMatchHeader, readIfMatch, sendTagged } from '../http/version-tags.ts';
import {
  SegmentChange,
  SegmentDeletion,
  SegmentInput,
  SegmentParams,
  SegmentQuery,
  SegmentSchema,
  SegmentUsesSchema,
} from './schemas.ts';
import type { Segments } from './service.ts';

const tags = ['segments'];
const SEGMENTS = '/projects/:project/environments/:environment/segments';

export function segmentRoutes(app: App, segments: Segments): void {
  app.get(
    SEGMENTS,
    {
      config: { access: 'flag:read' },
      schema: {
        operationId: 'listSegments',
        tags,
        summary: 'List the segments of an environment',
        params: EnvironmentParams,
        querystring: SegmentQuery,
        response: responses({ 200: PageOf(refTo(SegmentSchema)) }, 401, 403, 404),
      },
    },
    (request) => segments.list(request.params, request.query),
  );

  app.get(
    `${SEGMENTS}/:segment`,
    {
      config: { access: 'flag:read' },
      schema: {
        operationId: 'getSegment',
        tags,
        summary: 'Get a segment, without its keys',
        params: SegmentParams,
        response: responses({ 200: refTo(SegmentSchema), 304: UNCHANGED }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      const segment = await segments.get(request.params);
      return sendTagged(request, reply, segment, [segment.version]);
    },
  );

  app.get(
    `${SEGMENTS}/:segment/uses`,
    {
      config: { access: 'flag:read' },
      schema: {
        operationId: 'listSegmentUses',
        tags,
        summary: 'List the rules of flags, and the other segments, that name a segment',
        params: SegmentParams,
        response: responses({ 200: refTo(SegmentUsesSchema) }, 401, 403, 404),
      },
    },
    (request) => segments.uses(request.params),
  );

  app.put(
    `${SEGMENTS}/:segment`,
    {
      config: { access: 'segment:write' },
      schema: {
        operationId: 'putSegment',
        tags,
        summary: 'Create a segment, or change what it says besides its keys',
        params: SegmentParams,
        headers: IfMatchHeader,
        body: refTo(SegmentInput),
        response: responses({ 200: refTo(SegmentChange), 201: refTo(SegmentChange) }, 401, 403, 404, 409, 412),
      },
    },
    async (request, reply) => {
      const ifVersion = readIfMatch(request.headers['if-match']);
      const { isNew, ...change } = await segments.put(callerOf(request), request.params, request.body, ifVersion);
      return reply.code(isNew ? 201 : 200).send(change);
    },
  );

  app.post(
    `${SEGMENTS}/:segment/edits`,
    {
      config: { access: 'segment:write' },
      schema: {
        operationId: 'editSegment',
        tags,
        summary: 'Apply edits to a segment, besides its keys',
        description: 'All or none, as one revision. What they do not name stays as it is.',
        params: SegmentParams,
        headers: IfMatchHeader,
        body: refTo(SegmentEditsInput),
        response: responses({ 200: refTo(SegmentChange) }, 401, 403, 404, 412),
      },
    },
    async (request) => {
      const { params, body, headers } = request;
      const { isNew: _, ...change } = await segments.edit(
        callerOf(request),
        params,
        body.edits,
        readIfMatch(headers['if-match']),
      );
      return change;
    },
  );

  app.delete(
    `${SEGMENTS}/:segment`,
    {
      config: { access: 'segment:write' },
      schema: {
        operationId: 'deleteSegment',
        tags,
        summary: 'Delete a segment and its keys',
        description: 'Refused (409) while flags or other segments of the environment name it.',
        params: SegmentParams,
        headers: IfMatchHeader,
        response: responses({ 200: refTo(SegmentDeletion) }, 401, 403, 404, 409, 412),
      },
    },
    (request) => segments.delete(callerOf(request), request.params, readIfMatch(request.headers['if-match'])),
  );
}
