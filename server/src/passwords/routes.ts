import { callerOf } from '../access/guard.ts';
import { originOf } from '../audit/origin.ts';
import type { App } from '../http/app-types.ts';
import { MAX_CREDENTIALS_BYTES } from '../http/json-body.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { setSessionCookie } from '../sessions/cookie.ts';
import { SessionSchema } from '../sessions/schemas.ts';
import { PasswordChange, PasswordInput } from './schemas.ts';
import type { Passwords } from './service.ts';

const tags = ['session'];

export function passwordRoutes(app: App, passwords: Passwords): void {
  app.post(
    '/password',
    {
      config: { access: 'public' },
      bodyLimit: MAX_CREDENTIALS_BYTES,
      schema: {
        operationId: 'setPassword',
        tags,
        summary: 'Set a password, with the token of a one-time link, and sign in',
        description:
          'Ends all other sessions of the person. Who has a second factor is asked for a code, unless the link was made by `bunting-server recover`.',
        body: refTo(PasswordInput),
        response: responses({ 201: refTo(SessionSchema) }, 403, 429),
      },
    },
    async (request, reply) => {
      const asker = { requestId: request.id, origin: originOf(request) };
      const { user, token, mustEnrol } = await passwords.setByLink(request.body, asker);
      setSessionCookie(request, reply, token);
      return reply.code(201).send({ user, mustEnrol });
    },
  );

  app.put(
    '/password',
    {
      config: { access: 'person' },
      bodyLimit: MAX_CREDENTIALS_BYTES,
      schema: {
        operationId: 'changePassword',
        tags,
        summary: 'Change the own password',
        description: 'Ends all other sessions of the person, and begins this one anew.',
        body: refTo(PasswordChange),
        response: responses({ 200: refTo(SessionSchema) }, 401, 403, 429),
      },
    },
    async (request, reply) => {
      const { sessionToken } = request;
      if (sessionToken === null) throw new Error('a person was let in without a session');
      const { user, token, mustEnrol } = await passwords.change(callerOf(request), sessionToken, request.body);
      setSessionCookie(request, reply, token);
      return { user, mustEnrol };
    },
  );
}
