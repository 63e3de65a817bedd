import { Type } from '@sinclair/typebox';
import { callerOf } from '../access/guard.ts';
import type { App } from '../http/app-types.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { IdentityProviderInput, IdentityProviderSchema, ProviderParams } from './schemas.ts';
import type { IdentityProviders, Provider } from './service.ts';

const tags = ['identity providers'];
const config = { access: 'installation:write' } as const;

/** @param callbackUrlOf where a provider is to send people back to, by its key */
export function identityProviderRoutes(
  app: App,
  providers: IdentityProviders,
  callbackUrlOf: (key: string, request: { readonly protocol: string; readonly host: string }) => string,
): void {
  const show = ({ key, settings, createdAt, updatedAt }: Provider, request: Parameters<typeof callbackUrlOf>[1]) => ({
    key,
    ...settings,
    callbackUrl: callbackUrlOf(key, request),
    createdAt,
    updatedAt,
  });

  app.get(
    '/identity-providers',
    {
      config,
      schema: {
        operationId: 'listIdentityProviders',
        tags,
        summary: 'List the providers of single sign-on, by key',
        response: responses(
          { 200: Type.Object({ items: Type.Array(refTo(IdentityProviderSchema)) }, { additionalProperties: false }) },
          401,
          403,
        ),
      },
    },
    async (request) => ({ items: (await providers.list()).map((provider) => show(provider, request)) }),
  );

  app.put(
    '/identity-providers/:provider',
    {
      config,
      schema: {
        operationId: 'saveIdentityProvider',
        tags,
        summary: 'Make or change a provider of single sign-on (OpenID Connect)',
        description: 'The provider is asked who it is before it is saved.',
        params: ProviderParams,
        body: refTo(IdentityProviderInput),
        response: responses({ 200: refTo(IdentityProviderSchema) }, 401, 403),
      },
    },
    async (request) => show(await providers.save(callerOf(request), request.params.provider, request.body), request),
  );

  app.delete(
    '/identity-providers/:provider',
    {
      config,
      schema: {
        operationId: 'removeIdentityProvider',
        tags,
        summary: 'Remove a provider of single sign-on; accounts stay',
        params: ProviderParams,
        response: responses({ 204: Type.Null({ description: 'Removed' }) }, 401, 403, 404, 409),
      },
    },
    async (request, reply) => {
      await providers.remove(callerOf(request), request.params.provider);
      return reply.code(204).send(null);
    },
  );
}
