import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../audit/actor.ts';
import { commentOf, documentComment } from '../audit/comment.ts';
import { originOf } from '../audit/origin.ts';
import { ApiError, notFound } from '../http/api-error.ts';
import type { App } from '../http/app-types.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { SESSION_COOKIE, setSessionCookie } from '../sessions/cookie.ts';
import type { Sessions } from '../sessions/service.ts';
import type { User } from '../users/user.ts';
import { describePlace, type Permission, type Place } from './permissions.ts';
import { isSameOrigin } from './same-origin.ts';

/**
 * Who may call a route. Every route of the API says so in its `config`; one that does not cannot be registered.
 * - `public`: anyone
 * - `person`: a signed-in user
 * - a permission: whoever has it where the route's parameters `project` and `environment` say; a route without them is of
 *   the whole installation
 */
type Access = 'public' | 'person' | Permission;

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** True: it is enough to have the permission in some place. The route leaves out what is elsewhere. */
    anywhere?: boolean;
    /** True: who is known from memory is let in while the database fails. */
    withoutDatabase?: boolean;
  }
  interface FastifyRequest {
    caller: Caller | null;
    user: User | null;
    /** The token of the session cookie that the request was let in by. */
    sessionToken: string | null;
  }
}

export interface GuardOptions {
  readonly sessions: Sessions;
  readonly keys: KeyRing;
  readonly publicUrl: string | undefined;
}

/** Makes an API scope private: who calls is found out before anything else, and routes say who may. */
export function guard(app: App, { sessions, keys, publicUrl }: GuardOptions): void {
  app.decorateRequest('caller', null);
  app.decorateRequest('user', null);
  app.decorateRequest('sessionToken', null);

  app.addHook('onRoute', (route) => {
    if (route.config?.access === undefined)
      throw new Error(`${route.method} ${route.url} does not say who may call it`);
    documentComment(route);
  });

  app.addHook('onRequest', async (request, reply) => {
    const access = request.routeOptions.config.access;
    const isUnsafe = request.method !== 'GET' && request.method !== 'HEAD';
    if (access === 'public') {
      // A foreign page must not even sign someone in. Programs send no origin and are fine.
      if (isUnsafe && isSameOrigin(request, publicUrl) === false) throw crossOrigin();
      return;
    }
    const bearer = bearerOf(request);
    if (bearer !== undefined) admitKey(request, keys, bearer);
    else await admitUser(request, reply, sessions, isUnsafe, publicUrl);
    if (access === 'person') {
      if (request.user !== null) return;
      throw new ApiError('forbidden', 'This is for signed-in people only; admin keys cannot do it.');
    }
    if (access === undefined) throw new Error(`${request.routeOptions.url} does not say who may call it`);
    const place = request.params as Place;
    requirePermission(callerOf(request), access, request.routeOptions.config.anywhere === true ? 'anywhere' : place);
  });
}

/**
 * For what a route's parameters do not tell.
 * @throws {ApiError} `forbidden`; `not_found`, as if it were not there, for a project that the caller may not even read
 */
export function requirePermission(caller: Caller, permission: Permission, place: Place | 'anywhere'): void {
  if (caller.can(permission, place)) return;
  const { project, environment } = place === 'anywhere' ? {} : place;
  if (project !== undefined && !caller.can('project:read', { project })) throw notFound(`project "${project}"`);
  const where = place === 'anywhere' ? 'any project' : describePlace(place);
  throw new ApiError(
    'forbidden',
    `This needs the permission ${permission} in ${where}. Ask someone who manages access for a role that has it.`,
    { permission, project, environment },
  );
}

/** Who makes the request, from where and why. @throws when the route is public: a mistake in our own code */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Error(`${request.routeOptions.url} is public and has no caller`);
  const comment = commentOf(request);
  return { ...request.caller, origin: originOf(request), ...(comment === undefined ? {} : { comment }) };
}

function bearerOf(request: FastifyRequest): string | undefined {
  const header = request.headers.authorization;
  if (header === undefined) return undefined;
  const [scheme, credentials] = header.split(' ', 2);
  if (scheme?.toLowerCase() === 'bearer' && credentials !== undefined) return credentials;
  throw new ApiError('unauthenticated', 'Send the Authorization header as: Bearer <admin key>.');
}

function admitKey(request: FastifyRequest, keys: KeyRing, secret: string): void {
  const key = keys.find(secret);
  if (key === undefined) {
    throw new ApiError('unauthenticated', 'The key is unknown or was revoked. Use a valid admin key (bnt_adm_...).');
  }
  if (key.kind !== 'admin') {
    throw new ApiError('forbidden', `A ${key.kind} key only opens the stream. Use an admin key (bnt_adm_...) here.`);
  }
  request.caller = { actor: { kind: 'key', id: key.id, name: key.name }, requestId: request.id, can: () => true };
}

async function admitUser(
  request: FastifyRequest,
  reply: FastifyReply,
  sessions: Sessions,
  isUnsafe: boolean,
  publicUrl: string | undefined,
): Promise<void> {
  const token = request.cookies[SESSION_COOKIE];
  const session = token === undefined ? undefined : await findSession(request, sessions, token);
  if (token === undefined || session === undefined) {
    throw new ApiError('unauthenticated', 'Sign in first, or send an admin key as a bearer token.');
  }
  // Cookies travel by themselves, so whoever changes something must show that the page asking is ours.
  if (isUnsafe && isSameOrigin(request, publicUrl) !== true) throw crossOrigin();
  if (session.isExtended) setSessionCookie(request, reply, token);
  const { user } = session;
  request.user = user;
  request.sessionToken = token;
  request.caller = { actor: { kind: 'user', id: user.id, name: user.name }, requestId: request.id, can: () => true };
}

async function findSession(request: FastifyRequest, sessions: Sessions, token: string) {
  const isKill = request.routeOptions.config.withoutDatabase === true;
  return isKill ? sessions.findOrRecall(token) : sessions.find(token);
}

function crossOrigin(): ApiError {
  return new ApiError(
    'cross_origin',
    'The request does not come from a page of this server. Scripts: use an admin key. Behind a proxy: pass the Host header on, or set BUNTING_PUBLIC_URL.',
  );
}
