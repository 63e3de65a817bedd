import { callerOf } from '../access/guard.ts';
import { originOf } from '../audit/origin.ts';
import type { App } from '../http/app-types.ts';
import { MAX_CREDENTIALS_BYTES } from '../http/json-body.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { setSessionCookie } from '../sessions/cookie.ts';
import { SessionSchema } from '../sessions/schemas.ts';
import { signedInUser } from '../sessions/signed-in-user.ts';
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
        description: 'Ends all other sessions of the person.',
        body: refTo(PasswordInput),
        response: responses({ 201: refTo(SessionSchema) }, 403, 429),
      },
    },
    async (request, reply) => {
      const { token: linkToken, password } = request.body;
      const asker = { requestId: request.id, origin: originOf(request) };
      const { user, token } = await passwords.setByLink(linkToken, password, asker);
      setSessionCookie(request, reply, token);
      return reply.code(201).send({ user });
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
      const { email } = signedInUser(request);
      const { user, token } = await passwords.change(callerOf(request), email, request.body);
      setSessionCookie(request, reply, token);
      return { user };
    },
  );
}
