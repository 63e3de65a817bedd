import { createHash } from 'node:crypto';
import { Type } from '@sinclair/typebox';
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify';
import { callerOf } from '../access/guard.ts';
import type { Attempt } from '../audit/actor.ts';
import { ApiError, validationFailed } from '../http/api-error.ts';
import type { App } from '../http/app-types.ts';
import { responses } from '../http/responses.ts';
import { newId } from '../store/new-id.ts';
import type { IdempotencyKeyRow } from '../store/tables/installation.ts';
import type { Database } from '../store/tables.ts';
import {
  deleteAttempt,
  deleteAttemptsBefore,
  findAttempt,
  insertAttempt,
  replaceAttempt,
  saveAnswer,
} from './repository.ts';
import type { UnderWay } from './under-way.ts';

const HEADER = 'idempotency-key';

/** How long an answer is kept. */
const KEPT_MS = 24 * 60 * 60 * 1000;
/** After this long without an answer it is asked whether any server is still at an attempt. */
const ASK_AFTER_MS = 2_000;

declare module 'fastify' {
  interface FastifyRequest {
    attempt: Attempt | null;
  }
}

export interface IdempotencyDependencies {
  readonly database: Database;
  readonly underWay: UnderWay;
  readonly now: () => number;
}

/**
 * Lets whoever POSTs send a key of their own, and repeat the request as often as they like: it is carried out once, and
 * its answer repeated for a day. What was refused or has failed changed nothing, and is tried anew.
 *
 * That it is carried out once is kept by the change's own transaction (`Changes` marks the attempt), so it holds however
 * servers die; an attempt that no server is at any more is made anew by who repeats the request. Routes that work without the database (kills) ignore the key: they may be repeated anyway.
 */
export function takeIdempotencyKeys(app: App, dependencies: IdempotencyDependencies): void {
  app.decorateRequest('attempt', null);
  app.addHook('onRoute', documentKey);
  app.addHook('preHandler', async (request, reply) => {
    const key = request.headers[HEADER];
    const { config } = request.routeOptions;
    if (typeof key !== 'string' || request.method !== 'POST' || request.caller === null) return;
    if (config.withoutDatabase === true) return;
    await begin(dependencies, request, reply, key);
  });
  app.addHook('onSend', async (request, reply, payload) => {
    await end(dependencies, request, reply, payload);
    return payload;
  });
}

async function begin(
  dependencies: IdempotencyDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  key: string,
): Promise<void> {
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw validationFailed([
      { path: `headers.${HEADER}`, message: 'must be 1 to 200 visible ASCII characters, such as a UUID' },
    ]);
  }
  const { database, underWay, now } = dependencies;
  const { actor } = callerOf(request);
  const nowMs = now();
  const row: IdempotencyKeyRow = {
    caller: `${actor.kind}:${actor.id}`,
    key,
    request_hash: hashRequest(request),
    attempt: newId(nowMs),
    started_at: nowMs,
    committed: 0,
    status: null,
    body: null,
  };
  await deleteAttemptsBefore(database, nowMs - KEPT_MS);
  const { caller, attempt } = row;
  // Before others can read of it.
  underWay.begin(attempt);
  let kept: KeptAnswer | undefined;
  try {
    kept = await take(dependencies, row);
  } catch (error) {
    underWay.end(attempt);
    throw error;
  }
  if (kept !== undefined) {
    underWay.end(attempt);
    return repeat(reply, kept);
  }
  request.attempt = { caller, key, attempt };
  if (request.caller !== null) request.caller = { ...request.caller, attempt: request.attempt };
}

interface KeptAnswer {
  readonly status: number;
  readonly body: string | null;
}

/**
 * Makes `row` the attempt of its key.
 * @returns the answer that an earlier attempt was given, if one was
 * @throws {ApiError} when another attempt stands in the way
 */
async function take(
  { database, underWay }: IdempotencyDependencies,
  row: IdempotencyKeyRow,
): Promise<KeptAnswer | undefined> {
  if (await insertAttempt(database, row)) return undefined;
  const before = await findSame(database, row);
  if (before.status !== null) return { status: before.status, body: before.body };
  const isYoung = row.started_at - before.started_at < ASK_AFTER_MS;
  if (isYoung || (await underWay.isAnywhere(before.attempt))) throw inProgress();
  // It may have been answered before it was asked for.
  const { attempt, status, body, committed } = await findSame(database, row);
  if (status !== null) return { status, body };
  if (committed === 1 && attempt === before.attempt) throw answerLost();
  if (!(await replaceAttempt(database, before, row))) throw inProgress();
  return undefined;
}

/** The attempt that the key has. @throws {ApiError} when it is of another request, or came to nothing at this very moment */
async function findSame(database: Database, { caller, key, request_hash }: IdempotencyKeyRow) {
  const found = await findAttempt(database, caller, key);
  if (found === undefined) throw inProgress();
  if (found.request_hash !== request_hash) throw otherRequest();
  return found;
}

/** Keeps what is answered, before it is sent. An answer that cannot be kept is sent all the same. */
async function end(
  { database, underWay }: IdempotencyDependencies,
  request: FastifyRequest,
  { statusCode }: FastifyReply,
  payload: unknown,
): Promise<void> {
  const { attempt } = request;
  if (attempt === null) return;
  try {
    if (statusCode >= 300) await deleteAttempt(database, attempt);
    else await saveAnswer(database, attempt, statusCode, toStorable(payload));
  } catch (error) {
    request.log.error({ err: error }, 'the answer to an idempotency key could not be kept');
  } finally {
    underWay.end(attempt.attempt);
  }
}

/** Secrets are told once and stored nowhere. Fields of that name that are none cost only the repetition. */
function toStorable(payload: unknown): string | null {
  return typeof payload === 'string' && !/"(?:secret|token)":"|"recoveryCodes":\[/.test(payload) ? payload : null;
}

function repeat(reply: FastifyReply, { status, body }: KeptAnswer): void {
  if (body === null && status !== 204) {
    throw new ApiError(
      'idempotency_secret',
      'This was carried out already, and its answer held a secret, which is told only once. If you do not have it, make another one and revoke this one.',
    );
  }
  reply.code(status).header('idempotency-replayed', 'true');
  if (body !== null) reply.type('application/json; charset=utf-8');
  // What is stored is text already.
  reply.serializer((text: unknown) => text as string).send(body ?? undefined);
}

/** What must be the same for it to be the same request. */
function hashRequest({ method, url, body, headers }: FastifyRequest): string {
  const said = JSON.stringify([method, url, body ?? null, headers['if-match'] ?? null]);
  return createHash('sha256').update(said).digest('hex');
}

function otherRequest(): ApiError {
  return new ApiError(
    'idempotency_mismatch',
    'This Idempotency-Key came with another request before. Use a new key for each request, and the same one only to repeat it as it was.',
  );
}

function inProgress(): ApiError {
  const message = 'A request with this Idempotency-Key is being carried out. Repeat it in a moment for its answer.';
  return new ApiError('idempotency_in_progress', message, undefined, { 'retry-after': '1' });
}

function answerLost(): ApiError {
  return new ApiError(
    'idempotency_answer_lost',
    'This was carried out, but the server that did it was lost before it could answer. Read what is there now.',
  );
}

function documentKey(route: RouteOptions): void {
  if (![route.method].flat().includes('POST') || route.config?.access === 'public' || route.config?.withoutDatabase)
    return;
  const headers = (route.schema?.headers ?? Type.Object({})) as { readonly properties: object };
  const description =
    'Of your own making, such as a UUID: the request is carried out once however often it is repeated with it within 24 hours';
  const properties = { ...headers.properties, [HEADER]: Type.Optional(Type.String({ maxLength: 200, description })) };
  const answers = responses({}, 409, 422);
  const response = { ...answers, ...(route.schema?.response ?? {}) };
  route.schema = { ...route.schema, headers: { ...headers, properties }, response };
}
