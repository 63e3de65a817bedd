import { Type } from '@sinclair/typebox';
import type { App } from '../http/app-types.ts';
import { ErrorBody } from '../http/error-schema.ts';
import { Key } from '../http/key-schema.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import type { Inbox } from './inbox.ts';

const TakenSchema = Type.Object(
  {
    deliveryId: Type.String({ description: 'By the vendor, or a hash of the body' }),
    alerts: Type.Integer(),
    matched: Type.Integer({ description: 'Alerts that a binding matched' }),
    note: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
);

/** Bodies are refused past this size, in bytes. */
const MAX_BYTES = 1024 * 1024;

const documented = responses(
  {
    200: { ...TakenSchema, description: 'It matched a binding' },
    202: { ...TakenSchema, description: 'It is authentic, and matches nothing' },
  },
  401,
  403,
  404,
);

/** Takes bodies as they came, whatever type they claim: what is signed are their bytes. */
export async function inboxRoute(app: App, inbox: Inbox, now: () => number): Promise<void> {
  await app.register(async (scope: App) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post(
      '/signals/:source',
      {
        bodyLimit: MAX_BYTES,
        schema: {
          operationId: 'sendSignal',
          tags: ['signals'],
          security: [],
          summary: 'Where vendors send alerts to, each in its own form',
          description:
            'The source says how messages are proved: by a signature, or a secret as bearer token. What should act has acted ' +
            'when it is answered. Deliver again after 503; what is delivered again acts once.',
          params: Type.Object({ source: Key }, { additionalProperties: false }),
          response: {
            ...documented,
            413: { ...refTo(ErrorBody), description: 'Larger than 1 MB' },
            422: { ...refTo(ErrorBody), description: 'Authentic, and not of the form that the vendor sends' },
          },
        },
      },
      async (request, reply) => {
        const raw = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const message = { headers: request.headers, raw, atMs: now() };
        const taken = await inbox.take(request.params.source, message, request.ip);
        return reply.code(taken.matched > 0 ? 200 : 202).send(taken);
      },
    );
  });
}
