import { Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import { originOf } from '../audit/origin.ts';
import type { App } from '../http/app-types.ts';
import { MAX_CREDENTIALS_BYTES } from '../http/json-body.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { setSessionCookie } from '../sessions/cookie.ts';
import type { Credentials } from '../sessions/credentials.ts';
import { signedInUser } from '../sessions/signed-in-user.ts';
import { PersonParams } from '../users/schemas.ts';
import {
  CodeProof,
  EnrolmentSchema,
  FullProof,
  PasswordProof,
  RecoveryCodesSchema,
  SecondFactorSchema,
} from './schemas.ts';
import type { SecondFactors } from './service.ts';

const tags = ['session'];
const config = { access: 'person', whileWeak: true } as const;
const bodyLimit = MAX_CREDENTIALS_BYTES;

export function secondFactorRoutes(app: App, factors: SecondFactors, credentials: Credentials): void {
  app.get(
    '/second-factor',
    {
      config,
      schema: {
        operationId: 'getSecondFactor',
        tags,
        summary: 'Whether the caller has a second factor',
        response: responses({ 200: refTo(SecondFactorSchema) }, 401, 403),
      },
    },
    (request) => factors.get(signedInUser(request).id),
  );

  app.post(
    '/second-factor',
    {
      config,
      bodyLimit,
      schema: {
        operationId: 'beginSecondFactor',
        tags,
        summary: 'Make a secret for an authenticator app (TOTP, RFC 6238)',
        description: 'It counts when a code of it was confirmed. Until then another call makes another one.',
        body: refTo(PasswordProof),
        response: responses({ 201: refTo(EnrolmentSchema) }, 401, 403, 409, 429),
      },
    },
    async (request, reply) => {
      const user = signedInUser(request);
      await credentials.checkPassword(user.email, request.body.password, request.ip);
      return reply.code(201).send(await factors.begin(user));
    },
  );

  app.post(
    '/second-factor/confirm',
    {
      config,
      bodyLimit,
      schema: {
        operationId: 'confirmSecondFactor',
        tags,
        summary: 'Turn the second factor on, by a code of it',
        description: 'Ends all other sessions of the person, and begins this one anew.',
        body: refTo(CodeProof),
        response: responses({ 200: refTo(RecoveryCodesSchema) }, 401, 403, 409, 429),
      },
    },
    async (request, reply) => {
      const { recoveryCodes, session } = await factors.confirm(callerOf(request), request.body.code);
      setSessionCookie(request, reply, session.token);
      return { recoveryCodes };
    },
  );

  app.post(
    '/second-factor/recovery-codes',
    {
      config,
      bodyLimit,
      schema: {
        operationId: 'renewRecoveryCodes',
        tags,
        summary: 'Make ten recovery codes in place of those that are left',
        body: refTo(FullProof),
        response: responses({ 201: refTo(RecoveryCodesSchema) }, 401, 403, 409, 429),
      },
    },
    async (request, reply) => {
      const row = await credentials.checkPassword(signedInUser(request).email, request.body.password, request.ip);
      await factors.check(row, request.body.code, { requestId: request.id, origin: originOf(request) });
      return reply.code(201).send({ recoveryCodes: await factors.renewRecoveryCodes(callerOf(request)) });
    },
  );

  app.post(
    '/second-factor/remove',
    {
      config,
      bodyLimit,
      schema: {
        operationId: 'removeSecondFactor',
        tags,
        summary: 'Remove the own second factor',
        description: 'Ends all other sessions of the person, and begins this one anew.',
        body: refTo(FullProof),
        response: responses({ 204: Type.Null({ description: 'Removed' }) }, 401, 403, 429),
      },
    },
    async (request, reply) => {
      const row = await credentials.checkPassword(signedInUser(request).email, request.body.password, request.ip);
      await factors.check(row, request.body.code, { requestId: request.id, origin: originOf(request) });
      setSessionCookie(request, reply, (await factors.remove(callerOf(request))).token);
      return reply.code(204).send(null);
    },
  );

  app.delete(
    '/users/:user/second-factor',
    {
      config: { access: 'people:write' },
      schema: {
        operationId: 'resetSecondFactor',
        tags: ['people'],
        summary: 'Remove the second factor of someone who lost it, and sign them out',
        description: 'Not of those who may do more.',
        params: PersonParams,
        response: responses({ 204: Type.Null({ description: 'Removed' }) }, 401, 403, 404),
      },
    },
    async (request, reply) => {
      await factors.reset(callerOf(request), request.params.user);
      return reply.code(204).send(null);
    },
  );
}
