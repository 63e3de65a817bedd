import { Type } from '@sinclair/typebox';
import type { FastifyContextConfig, FastifyRequest } from 'fastify';
import { callerOf } from '../access/guard.ts';
import { Id } from '../grants/schemas.ts';
import type { App } from '../http/app-types.ts';
import { PageOf, PageQuery } from '../http/page.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import type { HolderId } from './repository.ts';
import { NewTokenSchema, TokenInput, TokenSchema } from './schemas.ts';
import type { Tokens } from './service.ts';

const tags = ['tokens'];
const querystring = Type.Object(PageQuery, { additionalProperties: false });

/** Whose tokens they are: where they are found, and who may look at them and change them. */
interface Shelf {
  readonly name: 'Own' | 'User' | 'ServiceAccount';
  readonly path: string;
  readonly params: Record<string, typeof Id>;
  readonly read: FastifyContextConfig;
  readonly write: FastifyContextConfig;
  readonly what: string;
  holderOf(request: FastifyRequest): HolderId;
}

const BY_OTHERS = { read: { access: 'people:read' }, write: { access: 'people:write' } } as const;

const SHELVES: readonly Shelf[] = [
  {
    name: 'Own',
    path: '/tokens',
    params: {},
    read: { access: 'person' },
    write: { access: 'person' },
    what: 'own tokens',
    holderOf: (request) => ({ kind: 'user', id: callerOf(request).actor.id }),
  },
  {
    name: 'User',
    path: '/users/:user/tokens',
    params: { user: Id },
    ...BY_OTHERS,
    what: 'tokens of a person',
    holderOf: ({ params }) => ({ kind: 'user', id: (params as { user: string }).user }),
  },
  {
    name: 'ServiceAccount',
    path: '/service-accounts/:account/tokens',
    params: { account: Id },
    ...BY_OTHERS,
    what: 'tokens of a service account',
    holderOf: ({ params }) => ({ kind: 'service-account', id: (params as { account: string }).account }),
  },
];

export function tokenRoutes(app: App, tokens: Tokens): void {
  for (const { name, path, params, read, write, what, holderOf } of SHELVES) {
    app.get(
      path,
      {
        config: read,
        schema: {
          operationId: `list${name}Tokens`,
          tags,
          summary: `List ${what}, also revoked ones, oldest first`,
          params: Type.Object(params, { additionalProperties: false }),
          querystring,
          response: responses({ 200: PageOf(refTo(TokenSchema)) }, 401, 403, 404),
        },
      },
      (request) => tokens.list(holderOf(request), request.query),
    );

    // Nobody makes a token in the name of another person.
    if (name !== 'User') {
      app.post(
        path,
        {
          config: write,
          schema: {
            operationId: `create${name}Token`,
            tags,
            summary:
              name === 'Own' ? 'Make a token that calls the API as oneself' : 'Make a token of a service account',
            description: 'The answer is the only place where its secret is shown.',
            params: Type.Object(params, { additionalProperties: false }),
            body: refTo(TokenInput),
            response: responses({ 201: refTo(NewTokenSchema) }, 401, 403, 404),
          },
        },
        async (request, reply) =>
          reply.code(201).send(await tokens.create(callerOf(request), holderOf(request), request.body)),
      );
    }

    app.delete(
      `${path}/:token`,
      {
        config: write,
        schema: {
          operationId: `revoke${name}Token`,
          tags,
          summary: 'Revoke a token, at once',
          params: Type.Object({ ...params, token: Id }, { additionalProperties: false }),
          response: responses({ 204: Type.Null({ description: 'Revoked' }) }, 401, 403, 404),
        },
      },
      async (request, reply) => {
        const { token } = request.params as { token: string };
        await tokens.revoke(callerOf(request), holderOf(request), token);
        return reply.code(204).send(null);
      },
    );
  }
}
