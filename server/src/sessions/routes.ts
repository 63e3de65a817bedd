import { Type } from '@sinclair/typebox';
import { originOf } from '../audit/origin.ts';
import type { App } from '../http/app-types.ts';
import { MAX_CREDENTIALS_BYTES } from '../http/json-body.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import type { SecondFactors } from '../second-factors/service.ts';
import type { SignInPolicies } from '../sign-in-policy/service.ts';
import { toUser } from '../users/repository.ts';
import { clearSessionCookie, setSessionCookie } from './cookie.ts';
import type { Credentials } from './credentials.ts';
import { OpenSessionList, SessionParams, SessionSchema, SignInInput } from './schemas.ts';
import type { Sessions } from './service.ts';
import { signedInUser } from './signed-in-user.ts';

const tags = ['session'];

export function sessionRoutes(
  app: App,
  sessions: Sessions,
  credentials: Credentials,
  factors: SecondFactors,
  policies: SignInPolicies,
): void {
  app.post(
    '/session',
    {
      config: { access: 'public' },
      bodyLimit: MAX_CREDENTIALS_BYTES,
      schema: {
        operationId: 'signIn',
        tags,
        summary: 'Sign in; the session is a cookie',
        description:
          'Who has a second factor is refused without a code (`second_factor_required`), and sends all again with it.',
        body: refTo(SignInInput),
        response: responses({ 200: refTo(SessionSchema) }, 401, 403, 429),
      },
    },
    async (request, reply) => {
      const { email, password, code } = request.body;
      const row = await credentials.checkPassword(email, password, request.ip);
      await policies.requirePasswordAllowed(row.id);
      const origin = originOf(request);
      const isStrong = await factors.check(row, code, { requestId: request.id, origin });
      const { token, mustEnrol } = await sessions.begin(row.id, origin, { isStrong });
      setSessionCookie(request, reply, token);
      return { user: toUser(row), mustEnrol };
    },
  );

  app.get(
    '/session',
    {
      config: { access: 'person', whileWeak: true },
      schema: {
        operationId: 'getSession',
        tags,
        summary: 'Who is signed in',
        response: responses({ 200: refTo(SessionSchema) }, 401, 403),
      },
    },
    async (request) => ({ user: signedInUser(request), mustEnrol: request.mustEnrol }),
  );

  app.delete(
    '/session',
    {
      config: { access: 'person', whileWeak: true },
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

  app.get(
    '/sessions',
    {
      config: { access: 'person' },
      schema: {
        operationId: 'listSessions',
        tags,
        summary: 'Where the caller is signed in, newest first',
        response: responses({ 200: refTo(OpenSessionList) }, 401, 403),
      },
    },
    async (request) => ({
      items: await sessions.list(signedInUser(request).id, request.sessionToken ?? undefined),
    }),
  );

  app.delete(
    '/sessions',
    {
      config: { access: 'person' },
      schema: {
        operationId: 'endOtherSessions',
        tags,
        summary: 'Sign out everywhere but here',
        response: responses({ 204: Type.Null({ description: 'Signed out' }) }, 401, 403),
      },
    },
    async (request, reply) => {
      await sessions.endOthers(signedInUser(request).id, request.sessionToken ?? '');
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/sessions/:session',
    {
      config: { access: 'person' },
      schema: {
        operationId: 'endSession',
        tags,
        summary: 'End one of the own sessions',
        params: SessionParams,
        response: responses({ 204: Type.Null({ description: 'Ended' }) }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      await sessions.endOne(signedInUser(request).id, request.params.session);
      return reply.code(204).send(null);
    },
  );
}
