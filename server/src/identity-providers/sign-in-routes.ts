import { Type } from '@sinclair/typebox';
import type { FastifyReply } from 'fastify';
import { originOf } from '../audit/origin.ts';
import { ApiError } from '../http/api-error.ts';
import type { App } from '../http/app-types.ts';
import { basePathOf } from '../http/base-path.ts';
import { refTo } from '../http/ref.ts';
import { responses } from '../http/responses.ts';
import { setSessionCookie } from '../sessions/cookie.ts';
import type { Sessions } from '../sessions/service.ts';
import type { SignInPolicies } from '../sign-in-policy/service.ts';
import type { Arrivals } from './arrivals.ts';
import type { FlowCookie } from './flow-cookie.ts';
import type { Oidc } from './oidc.ts';
import { readClaims } from './person.ts';
import { CallbackQuery, ProviderParams, SignInWaysSchema, StartQuery } from './schemas.ts';
import { type IdentityProviders, reasonOf } from './service.ts';
import { SignInFailed } from './sign-in-failed.ts';

const tags = ['session'];
const config = { access: 'public' } as const;
const redirect = { 302: Type.Null({ description: 'To where the browser goes on' }) };

export interface SignInDependencies {
  readonly providers: IdentityProviders;
  readonly oidc: Oidc;
  readonly arrivals: Arrivals;
  readonly flowCookie: FlowCookie;
  readonly sessions: Sessions;
  readonly policies: SignInPolicies;
  readonly publicUrl: string | undefined;
}

/** The pages of a browser on its way through a provider of single sign-on. */
export function signInRoutes(app: App, dependencies: SignInDependencies): void {
  const { providers, oidc, arrivals, flowCookie, sessions, policies, publicUrl } = dependencies;
  const basePath = basePathOf(publicUrl);

  app.get(
    '/sign-in',
    {
      config,
      schema: {
        operationId: 'listSignInWays',
        tags,
        summary: 'How people may sign in',
        response: responses({ 200: refTo(SignInWaysSchema) }),
      },
    },
    async () => {
      const { passwords } = await policies.get();
      const shown = (await providers.list()).map(({ key, settings }) => ({
        key,
        name: settings.name,
        path: `${basePath}/api/v1/sign-in/${key}`,
      }));
      return { passwords, providers: shown };
    },
  );

  app.get(
    '/sign-in/:provider',
    {
      config,
      schema: {
        operationId: 'beginSignIn',
        tags,
        summary: 'Send a browser to a provider of single sign-on',
        params: ProviderParams,
        querystring: StartQuery,
        response: responses(redirect, 404),
      },
    },
    async (request, reply) => {
      const { provider, ...client } = await providers.clientOf(request.params.provider);
      const next = pathWithin(request.query.next);
      try {
        const callbackUrl = callbackUrlOf(publicUrl, provider.key, request);
        const { url, checks } = await oidc.begin(client, callbackUrl, provider.settings.scopes);
        flowCookie.set(request, reply, { provider: provider.key, next, ...checks });
        return reply.redirect(url.href);
      } catch (error) {
        if (error instanceof ApiError) throw error;
        request.log.warn({ reason: reasonOf(error), provider: provider.key }, 'a provider of single sign-on fails');
        return backToSignIn(reply, basePath, 'provider_failed', next);
      }
    },
  );

  app.get(
    '/sign-in/:provider/callback',
    {
      config,
      schema: {
        operationId: 'finishSignIn',
        tags,
        summary: 'Where a provider sends the browser back to; begins the session',
        params: ProviderParams,
        querystring: CallbackQuery,
        response: responses(redirect, 404),
      },
    },
    async (request, reply) => {
      const { provider, ...client } = await providers.clientOf(request.params.provider);
      const flow = flowCookie.take(request, reply);
      if (flow === undefined || flow.provider !== provider.key) return backToSignIn(reply, basePath, 'expired', '/');
      try {
        const url = new URL(callbackUrlOf(publicUrl, provider.key, request));
        url.search = new URL(request.url, url).search;
        const vouched = readClaims(await oidc.finish(client, url, flow), provider.settings);
        const origin = originOf(request);
        const user = await arrivals.admit(provider, vouched, { requestId: request.id, origin });
        // What more is asked for than a password is the provider's business.
        const { token } = await sessions.begin(user.id, origin, { isStrong: true });
        setSessionCookie(request, reply, token);
        return reply.redirect(`${basePath}${flow.next}`);
      } catch (error) {
        const problem = error instanceof SignInFailed ? error.problem : 'provider_failed';
        request.log.warn({ reason: reasonOf(error), problem, provider: provider.key }, 'a single sign-on failed');
        return backToSignIn(reply, basePath, problem, flow.next);
      }
    },
  );
}

/** The address that is registered at the provider. Without a public URL the one that the browser uses. */
export function callbackUrlOf(
  publicUrl: string | undefined,
  key: string,
  { protocol, host }: { readonly protocol: string; readonly host: string },
): string {
  return `${publicUrl ?? `${protocol}://${host}`}/api/v1/sign-in/${key}/callback`;
}

function backToSignIn(reply: FastifyReply, basePath: string, problem: string, next: string): FastifyReply {
  const query = new URLSearchParams({ problem, ...(next === '/' ? {} : { next }) });
  return reply.redirect(`${basePath}/sign-in?${query}`);
}

/** A path of this server, as browsers read it: whatever would lead elsewhere becomes the start page. */
export function pathWithin(next = '/'): string {
  const here = 'http://here';
  if (!next.startsWith('/') || !URL.canParse(next, here)) return '/';
  const url = new URL(next, here);
  // A path that begins with two slashes would name a host.
  return url.origin === here && !url.pathname.startsWith('//') ? `${url.pathname}${url.search}${url.hash}` : '/';
}
