import { Readable } from 'node:stream';
import { Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import { ApiError } from '../http/api-error.ts';
import type { App } from '../http/app-types.ts';
import { PageOf } from '../http/page.ts';
import { abandonmentOf, sendProgress, wantsLines } from '../http/progress-lines.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { IfMatchHeader, readIfMatch } from '../http/version-tags.ts';
import type { SegmentKeys } from './keys-service.ts';
import { type KeysFormat, MAX_KEYS_BYTES } from './read-keys.ts';
import {
  KeysQuery,
  ListQuery,
  SegmentKeysChange,
  SegmentKeysInput,
  SegmentKeysReplacement,
  SegmentParams,
  SubjectKey,
} from './schemas.ts';
import type { TellProgress } from './upload-progress.ts';

const tags = ['segments'];
const KEYS = '/projects/:project/environments/:environment/segments/:segment/keys';

const TEXT = { description: 'A key a line', content: { 'text/plain': { schema: Type.String() } } };

const REPLACED = {
  description: 'The list has these keys; or, line by line, how far that is',
  content: {
    'application/json': { schema: refTo(SegmentKeysReplacement) },
    'application/x-ndjson': { schema: Type.String() },
  },
};

/** 10 000 keys may be longer than other bodies, in bytes. */
const MAX_CHANGE_BYTES = 8 * 1024 * 1024;

export async function segmentKeyRoutes(app: App, keys: SegmentKeys): Promise<void> {
  app.get(
    KEYS,
    {
      config: { access: 'flag:read' },
      schema: {
        operationId: 'listSegmentKeys',
        tags,
        summary: 'List keys of a segment, or look for one',
        description: 'In no order that means anything. Of the newest revision that this server serves.',
        params: SegmentParams,
        querystring: KeysQuery,
        response: responses({ 200: PageOf(SubjectKey) }, 401, 403, 404),
      },
    },
    (request) => keys.list(request.params, request.query),
  );

  app.get(
    `${KEYS}/export`,
    {
      config: { access: 'flag:read' },
      schema: {
        operationId: 'exportSegmentKeys',
        tags,
        summary: 'Get all keys of a segment as text, a key a line',
        description: 'Of one revision, and in no order that means anything: sort it to compare it with a file.',
        params: SegmentParams,
        querystring: ListQuery,
        response: { ...responses({}, 401, 403, 404), 200: TEXT },
      },
    },
    async (request, reply) => {
      const body = await keys.export(request.params, request.query);
      return reply.type('text/plain; charset=utf-8').send(body as never);
    },
  );

  app.post(
    KEYS,
    {
      config: { access: 'segment:write' },
      bodyLimit: MAX_CHANGE_BYTES,
      schema: {
        operationId: 'changeSegmentKeys',
        tags,
        summary: 'Add keys to a segment, and remove some',
        description: 'Keys that are there, or gone, already are no change: the request may be repeated.',
        params: SegmentParams,
        headers: IfMatchHeader,
        body: refTo(SegmentKeysInput),
        response: responses({ 200: refTo(SegmentKeysChange) }, 401, 403, 404, 412),
      },
    },
    (request) => keys.change(callerOf(request), request.params, request.body, readIfMatch(request.headers['if-match'])),
  );

  app.delete(
    KEYS,
    {
      config: { access: 'segment:write' },
      schema: {
        operationId: 'clearSegmentKeys',
        tags,
        summary: 'Remove all keys of a list',
        params: SegmentParams,
        querystring: ListQuery,
        headers: IfMatchHeader,
        response: responses({ 200: refTo(SegmentKeysChange) }, 401, 403, 404, 409, 412),
      },
    },
    (request) => keys.clear(callerOf(request), request.params, request.query, readIfMatch(request.headers['if-match'])),
  );

  // Only here a body may be something else than JSON.
  await app.register(async (files: App) => {
    files.removeAllContentTypeParsers();
    files.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    files.put(
      KEYS,
      {
        config: { access: 'segment:write' },
        schema: {
          operationId: 'replaceSegmentKeys',
          tags,
          summary: 'Replace all keys of a list by those of a file',
          description:
            `text/plain: a key a line. application/x-ndjson: a JSON string a line. Up to a million keys and ${MAX_KEYS_BYTES} bytes. ` +
            'One revision, in which only what differs is sent. One upload at a time a segment. ' +
            'To who accepts application/x-ndjson, how far it is comes meanwhile: a line a step, such as ' +
            '{"phase": "storing", "keys": 64000, "of": 1000000} (phases: reading, comparing, storing, publishing), then ' +
            '{"done": ...} with what else is the answer, or {"error": ...}. Who goes away before publishing has changed nothing.',
          consumes: ['text/plain', 'application/x-ndjson'],
          params: SegmentParams,
          querystring: ListQuery,
          headers: IfMatchHeader,
          response: { ...responses({}, 401, 403, 404, 409, 412, 429), 200: REPLACED },
        },
      },
      async (request, reply) => {
        const format = formatOf(request.headers['content-type']);
        const body = (request.body as Readable | undefined) ?? Readable.from([]);
        const ifVersion = readIfMatch(request.headers['if-match']);
        const upload = { ...request.query, body, format, ifVersion, signal: abandonmentOf(reply) };
        const replace = (tell?: TellProgress) =>
          keys.replace(callerOf(request), request.params, tell === undefined ? upload : { ...upload, tell });
        return wantsLines(request) ? sendProgress(request, reply, replace) : replace();
      },
    );
  });
}

function formatOf(contentType: string | undefined): KeysFormat {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase();
  if (type === 'text/plain' || type === 'application/x-ndjson') return type;
  throw new ApiError(
    'unsupported_media_type',
    'Send the keys as text/plain, a key a line, or as application/x-ndjson, with that Content-Type.',
  );
}
