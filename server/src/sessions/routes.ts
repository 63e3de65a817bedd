import { Type } from '@sinclair/typebox';
import type { App } from '../http/app-types.ts';
import { MAX_CREDENTIALS_BYTES } from '../http/json-body.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { clearSessionCookie, setSessionCookie } from './cookie.ts';
import { SessionSchema, SignInInput } from './schemas.ts';
import type { Sessions } from './service.ts';

const tags = ['session'];

export function sessionRoutes(app: App, sessions: Sessions): void {
  app.post(
    '/session',
    {
      config: { access: 'public' },
      bodyLimit: MAX_CREDENTIALS_BYTES,
      schema: {
        operationId: 'signIn',
        tags,
        summary: 'Sign in; the session is a cookie',
        body: refTo(SignInInput),
        response: responses({ 200: refTo(SessionSchema) }, 401, 403, 429),
      },
    },
    async (request, reply) => {
      const { email, password } = request.body;
      const { user, token } = await sessions.signIn(email, password, request.ip);
      setSessionCookie(request, reply, token);
      return { user };
    },
  );

  app.get(
    '/session',
    {
      config: { access: 'person' },
      schema: {
        operationId: 'getSession',
        tags,
        summary: 'Who is signed in',
        response: responses({ 200: refTo(SessionSchema) }, 401, 403),
      },
    },
    async (request) => {
      if (request.user === null) throw new Error('a person was let in without a user');
      return { user: request.user };
    },
  );

  app.delete(
    '/session',
    {
      config: { access: 'person' },
      schema: {
        operationId: 'signOut',
        tags,
        summary: 'Sign out',
        response: responses({ 204: Type.Null({ description: 'Signed out' }) }, 401, 403),
      },
    },
    async (request, reply) => {
      if (request.sessionToken !== null) await sessions.end(request.sessionToken);
      clearSessionCookie(request, reply);
      return reply.code(204).send(null);
    },
  );
}
