import { originOf } from '../audit/origin.ts';
import type { App } from '../http/app-types.ts';
import { MAX_CREDENTIALS_BYTES } from '../http/json-body.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { setSessionCookie } from '../sessions/cookie.ts';
import { SessionSchema } from '../sessions/schemas.ts';
import { SetupInput, SetupState } from './schemas.ts';
import type { Setup } from './service.ts';

const tags = ['setup'];
const config = { access: 'public' } as const;

export function setupRoutes(app: App, setup: Setup): void {
  app.get(
    '/setup',
    {
      config,
      schema: {
        operationId: 'getSetup',
        tags,
        summary: 'Whether the owner account is still to be made',
        response: responses({ 200: refTo(SetupState) }),
      },
    },
    async () => ({ required: await setup.isRequired() }),
  );

  app.post(
    '/setup',
    {
      config,
      bodyLimit: MAX_CREDENTIALS_BYTES,
      schema: {
        operationId: 'finishSetup',
        tags,
        summary: 'Make the owner account, with the token of the one-time link, and sign in',
        body: refTo(SetupInput),
        response: responses({ 201: refTo(SessionSchema) }, 403, 409),
      },
    },
    async (request, reply) => {
      const { user, token, mustEnrol } = await setup.finish(request.body, {
        requestId: request.id,
        origin: originOf(request),
      });
      setSessionCookie(request, reply, token);
      return reply.code(201).send({ user, mustEnrol });
    },
  );
}
