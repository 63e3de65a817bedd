import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Caller } from '../audit/actor.ts';
import { commentOf, documentComment } from '../audit/comment.ts';
import { type Origin, originOf } from '../audit/origin.ts';
import { ApiError, notFound } from '../http/api-error.ts';
import type { App } from '../http/app-types.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { Lease } from '../receipts/event-stream.ts';
import { readSessionCookie, setSessionCookie } from '../sessions/cookie.ts';
import type { Sessions } from '../sessions/service.ts';
import type { User } from '../users/user.ts';
import type { AccessBook } from './access-book.ts';
import { breaksGlass, documentBreakGlass } from './break-glass.ts';
import type { LastUse } from './last-use.ts';
import { type LeaseSource, leaseFor } from './lease.ts';
import { describePlace, type Permission, type Place } from './permissions.ts';
import { ALL_POWERS } from './powers.ts';
import type { Quota, RequestRates } from './request-rates.ts';
import { isSameOrigin } from './same-origin.ts';
import { hashSecret } from './secrets.ts';

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
    /** True: also for who has still to set up the second factor that is required. */
    whileWeak?: boolean;
    /** True: who is known from memory is let in while the database fails. */
    withoutDatabase?: boolean;
    /** What requests count for; `caller` as a rule. */
    quota?: Quota;
    /** True: also a token that is the password of an HTTP Basic credential, for who can send nothing but a URL. */
    takesBasic?: boolean;
  }
  interface FastifyRequest {
    caller: Caller | null;
    user: User | null;
    /** The token of the session cookie that the request was let in by. */
    sessionToken: string | null;
    /** Whether the session lacks the second factor that is required. */
    mustEnrol: boolean;
    /** What the request was let in by. */
    credential: LeaseSource | null;
  }
}

export interface GuardOptions {
  readonly sessions: Sessions;
  readonly keys: KeyRing;
  readonly book: AccessBook;
  readonly tokenUse: LastUse;
  readonly rates: RequestRates;
  readonly publicUrl: string | undefined;
}

/** Makes an API scope private: who calls is found out before anything else, and routes say who may. */
export function guard(app: App, options: GuardOptions): void {
  const { publicUrl, rates } = options;
  app.decorateRequest('caller', null);
  app.decorateRequest('user', null);
  app.decorateRequest('sessionToken', null);
  app.decorateRequest('mustEnrol', false);
  app.decorateRequest('credential', null);

  app.addHook('onRoute', (route) => {
    if (route.config?.access === undefined)
      throw new Error(`${route.method} ${route.url} does not say who may call it`);
    if (route.config.access === 'public') return;
    documentComment(route);
    documentBreakGlass(route);
  });

  app.addHook('onRequest', async (request, reply) => {
    const access = request.routeOptions.config.access;
    const isUnsafe = request.method !== 'GET' && request.method !== 'HEAD';
    if (access === 'public') {
      // A foreign page must not even sign someone in. Programs send no origin and are fine.
      if (isUnsafe && isSameOrigin(request, publicUrl) === false) throw crossOrigin();
      reply.headers(rates.take('address', request.ip) ?? {});
      return;
    }
    try {
      const bearer = bearerOf(request);
      if (bearer !== undefined) admitBearer(request, options, bearer);
      else await admitUser(request, reply, options, isUnsafe);
    } catch (error) {
      if (error instanceof ApiError) {
        if (error.status === 401) reply.header('www-authenticate', 'Bearer');
        rates.take('address', request.ip);
      }
      throw error;
    }
    const { quota = 'caller' } = request.routeOptions.config;
    reply.headers(rates.take(quota, credentialOf(request).name) ?? {});
    if (access === 'person') {
      if (request.user !== null) return;
      throw new ApiError('forbidden', 'This is for signed-in people only; keys and tokens cannot do it.');
    }
    const { permission, place } = needOf(request);
    const caller = callerOf(request);
    requirePermission(caller, permission, place);
    const { project } = request.params as Place;
    // What is had elsewhere tells nothing of a project that one may not read.
    if (project !== undefined && !caller.can('project:read', { project })) throw notFound(`project "${project}"`);
  });
}

/** What the route needs, where the request's path says. */
function needOf({ routeOptions, params }: FastifyRequest): { permission: Permission; place: Place | 'anywhere' } {
  const { access, anywhere } = routeOptions.config;
  if (access === undefined || access === 'public' || access === 'person') {
    throw new Error(`${routeOptions.url} needs no permission`);
  }
  return { permission: access, place: anywhere === true ? 'anywhere' : (params as Place) };
}

/** Until when an answer that goes on may go on: while its reader would still be let in. */
export function leaseOf(request: FastifyRequest): Lease {
  const { permission, place } = needOf(request);
  return leaseFor(credentialOf(request), (powers) => powers.can(permission, place));
}

/** Whether the reader of an answer that goes on has a permission at the moment that it is asked. */
export function mayNow(request: FastifyRequest, permission: Permission, place: Place): () => boolean {
  const credential = credentialOf(request);
  return () => credential.powers()?.can(permission, place) ?? false;
}

function credentialOf({ credential, routeOptions }: FastifyRequest): LeaseSource {
  if (credential === null) throw new Error(`${routeOptions.url} is public and takes no credential`);
  return credential;
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
    `This needs the permission ${permission} in ${where}. Ask someone who manages access for a role that has it; ` +
      'a token may be made for less than its holder may do.',
    { permission, project, environment },
  );
}

/** Who makes the request, from where and why. @throws when the route is public: a mistake in our own code */
export function callerOf(request: FastifyRequest): Caller & { readonly origin: Origin } {
  if (request.caller === null) throw new Error(`${request.routeOptions.url} is public and has no caller`);
  const comment = commentOf(request);
  return {
    ...request.caller,
    origin: originOf(request),
    ...(comment === undefined ? {} : { comment }),
    ...(breaksGlass(request, comment) ? { breaksGlass: true } : {}),
  };
}

function bearerOf(request: FastifyRequest): string | undefined {
  const header = request.headers.authorization;
  if (header === undefined) return undefined;
  const [scheme, credentials] = header.split(' ', 2);
  if (scheme?.toLowerCase() === 'bearer' && credentials !== undefined) return credentials;
  if (scheme?.toLowerCase() === 'basic' && request.routeOptions.config.takesBasic === true) {
    return Buffer.from(credentials ?? '', 'base64')
      .toString()
      .replace(/^[^:]*:/, '');
  }
  throw new ApiError('unauthenticated', 'Send the Authorization header as: Bearer <token or admin key>.');
}

function admitBearer(request: FastifyRequest, { keys, book, tokenUse }: GuardOptions, secret: string): void {
  const key = keys.find(secret);
  if (key?.kind === 'admin') {
    const { id, name } = key;
    request.credential = {
      name: `key:${id}`,
      powers: () => (keys.findById(id) === undefined ? undefined : ALL_POWERS),
      watch: (listener) => keys.onRevoke(listener),
    };
    request.caller = { actor: { kind: 'key', id, name }, requestId: request.id, ...ALL_POWERS };
    return;
  }
  if (key !== undefined) {
    const message = `A ${key.kind} key only opens the stream. Use a token (bnt_pat_... or bnt_svc_...) or an admin key here.`;
    throw new ApiError('forbidden', message);
  }
  const hash = hashSecret(secret);
  const token = book.findToken(hash);
  if (token === undefined) {
    const message = 'The token or key is unknown, has expired or was revoked. Make a new one.';
    throw new ApiError('unauthenticated', message);
  }
  tokenUse.note(token.id);
  const powers = () => {
    const now = book.findToken(hash);
    return now && book.powersOfToken(now);
  };
  request.credential = { name: `token:${token.id}`, powers, watch: (listener) => book.onChange(listener) };
  const { kind, id, name } = token.holder;
  request.caller = {
    actor: { kind: kind === 'user' ? 'user' : 'key', id, name: `${name} (token ${token.name})` },
    requestId: request.id,
    ...book.powersOfToken(token),
  };
}

async function admitUser(
  request: FastifyRequest,
  reply: FastifyReply,
  { sessions, book, publicUrl }: GuardOptions,
  isUnsafe: boolean,
): Promise<void> {
  const token = readSessionCookie(request);
  const session = token === undefined ? undefined : await findSession(request, sessions, token);
  if (token === undefined || session === undefined) {
    throw new ApiError('unauthenticated', 'Sign in first, or send a token or an admin key as a bearer token.');
  }
  // Cookies travel by themselves, so whoever changes something must show that the page asking is ours.
  if (isUnsafe && isSameOrigin(request, publicUrl) !== true) throw crossOrigin();
  const { user, lifetimeMs, mustEnrol } = session;
  if (mustEnrol && request.routeOptions.config.whileWeak !== true) {
    const message = 'This installation requires a second factor. Set one up (POST /second-factor), then go on.';
    throw new ApiError('second_factor_missing', message);
  }
  request.mustEnrol = mustEnrol;
  if (lifetimeMs !== undefined) setSessionCookie(request, reply, token, lifetimeMs);
  request.user = user;
  request.sessionToken = token;
  const powers = book.powersOf('user', user.id);
  request.credential = {
    name: `user:${user.id}`,
    powers: () => book.powersOf('user', user.id),
    watch: (listener) => book.onChange(listener),
    session: sessions.lease(token),
  };
  request.caller = { actor: { kind: 'user', id: user.id, name: user.name }, requestId: request.id, ...powers };
}

async function findSession(request: FastifyRequest, sessions: Sessions, token: string) {
  const isKill = request.routeOptions.config.withoutDatabase === true;
  return isKill ? sessions.findOrRecall(token) : sessions.find(token);
}

function crossOrigin(): ApiError {
  return new ApiError(
    'cross_origin',
    'The request does not come from a page of this server. Scripts: use a token. Behind a proxy: pass the Host header on, or set BUNTING_PUBLIC_URL.',
  );
}
