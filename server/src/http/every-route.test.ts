import type { InjectOptions } from 'fastify';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildApp } from '../app.ts';
import { readConfig } from '../config/read-config.ts';
import { badBodies, strangeBodies } from '../testing/bad-values.ts';
import { signedIn } from '../testing/browser.ts';
import { type Operation, readOperations, requestOf, type Schema } from '../testing/operations.ts';
import { startProgram } from '../testing/programs.ts';
import { ADMIN_KEY, newFolder, toAnswer } from '../testing/start-app.ts';
import { engine, newDatabase } from '../testing/test-database.ts';

/*
 * Every operation that the OpenAPI document describes is sent what it does not take, made from its own schema: a new route
 * is covered by being there.
 */

const FOUND = { project: 'default', environment: 'production', flag: 'a', segment: 's', key: 'a' };
const JSON_TYPE = { 'content-type': 'application/json' };
const DEEP = `${'['.repeat(65)}${']'.repeat(65)}`;

/** Large enough for every route's bound but that of key lists. */
const TOO_LARGE = JSON.stringify({ x: 'x'.repeat(1024 * 1024) });
const TAKES_LARGE = 'POST /api/v1/projects/{project}/environments/{environment}/segments/{segment}/keys';

let app: Awaited<ReturnType<typeof buildApp>>;
let operations: readonly Operation[];
let resolve: (schema: Schema) => Schema;
let serverKey: string;
let clientKey: string;
let session: string;

interface Answered {
  readonly status: number;
  readonly code: unknown;
}

/** What credential an operation takes. */
function credentialOf({ path, access }: Operation): Record<string, string> {
  if (access === 'person') return { cookie: session, 'sec-fetch-site': 'same-origin' };
  if (path.startsWith('/api/') || path.startsWith('/scim/')) return { authorization: `Bearer ${ADMIN_KEY}` };
  return { authorization: `Bearer ${path.startsWith('/stream/values') ? clientKey : serverKey}` };
}

/** Sends a request. Fails on an answer of 500 or more, and on an error in another form than that of all. */
async function send(operation: Operation, request: Omit<InjectOptions, 'path'>): Promise<Answered> {
  const response = await app.inject({
    ...request,
    headers: { ...credentialOf(operation), ...request.headers },
    payloadAsStream: true,
  });
  const { statusCode: status, headers } = response;
  const what = `${operation.name} ${request.url} ${String(request.payload ?? '').slice(0, 200)}`;
  if (status < 400) {
    // What it would stream is not waited for.
    response.stream().destroy();
    return { status, code: undefined };
  }
  let text = '';
  for await (const chunk of response.stream()) text += chunk;
  const body = JSON.parse(text);
  if (status >= 500) throw new Error(`${what}: ${status} ${text}`);
  if (operation.path.startsWith('/ofrep/') && 'errorCode' in body) return { status, code: body.errorCode };
  if (operation.path.startsWith('/scim/')) {
    const { scimType: _, ...error } = body;
    const schemas = ['urn:ietf:params:scim:api:messages:2.0:Error'];
    expect([what, headers['content-type'], error]).toEqual([
      what,
      'application/scim+json; charset=utf-8',
      { schemas, status: String(status), detail: expect.stringMatching(/\w+ \w+/) },
    ]);
    return { status, code: body.scimType };
  }
  const { details, ...rest } = body;
  expect([what, rest]).toEqual([
    what,
    { code: expect.any(String), message: expect.stringMatching(/\w+ \w+/), requestId: headers['x-request-id'] },
  ]);
  return { status, code: body.code };
}

/** What was written so far, as one text. */
async function written(): Promise<string> {
  const { database } = app.bunting;
  const events = await database.selectFrom('audit_events').select(['id', 'action']).execute();
  const changes = await database.selectFrom('changes').selectAll().execute();
  return JSON.stringify([events, changes]);
}

beforeAll(async () => {
  const unbounded = {
    requestsPerCallerPerSecond: 0,
    requestsPerAddressPerSecond: 0,
    evaluationsPerAddressPerSecond: 0,
  };
  const ends: (() => unknown)[] = [];
  const database = engine === 'postgres' ? { databaseUrl: await newDatabase({ onEnd: (end) => ends.push(end) }) } : {};
  const config = {
    ...readConfig(),
    ...unbounded,
    ...database,
    masterKey: Buffer.alloc(32).toString('base64'),
    dataDir: newFolder((end) => ends.push(end)),
    bootstrapAdminKey: ADMIN_KEY,
  };
  app = await buildApp({ ...config, logLevel: 'silent', evaluationsPerKeyPerSecond: 0 }, { checkResponses: true });
  ({ operations, resolve } = await readOperations(app));
  const call = async (method: 'POST' | 'PUT', path: string, payload: object) => {
    const headers = { authorization: `Bearer ${ADMIN_KEY}` };
    const answer = toAnswer(await app.inject({ method, url: `/api/v1${path}`, headers, payload }));
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  await call('PUT', '/projects/default/environments/production/segments/s', {});
  const keys = '/projects/default/environments/production/keys';
  serverKey = (await call('POST', keys, { kind: 'server', name: 'x' })).secret;
  clientKey = (await call('POST', keys, { kind: 'client', name: 'x' })).secret;
  session = (await signedIn(app)).cookie ?? '';
  return async () => {
    await app.close();
    for (const end of ends) await end();
  };
});

test('there are operations, and they say what they take', () => {
  expect(operations.length).toBeGreaterThan(100);
  expect(operations.filter(({ body }) => body !== undefined).length).toBeGreaterThan(50);
});

describe('every operation', { timeout: 120_000 }, () => {
  test('refuses a body that it does not describe, and writes nothing', async () => {
    const before = await written();
    for (const operation of operations) {
      const { body, name } = operation;
      if (body === undefined) continue;
      const request = { ...requestOf(operation, FOUND), headers: JSON_TYPE };
      for (const [what, bad] of badBodies(body, resolve)) {
        const { status } = await send(operation, { ...request, payload: JSON.stringify(bad) });
        // What SDKs send may have fields of versions to come.
        const isIgnored = what === 'an unknown field' && !operation.path.startsWith('/api/') && status < 400;
        expect([name, what, isIgnored ? 400 : status]).toEqual([name, what, 400]);
      }
    }
    expect(await written()).toBe(before);
  });

  test('refuses what is no JSON, too deep, too large or of another type', async () => {
    const before = await written();
    for (const operation of operations) {
      const { body, name } = operation;
      if (body === undefined) continue;
      const request = requestOf(operation, FOUND);
      const ask = async (payload: string, type = 'application/json') =>
        (await send(operation, { ...request, headers: { 'content-type': type }, payload })).status;
      for (const broken of ['{"a": ', '{"__proto__": {}}', 'undefined', '', DEEP, '\ufeff{', '{"a":1}{"a":2}']) {
        expect([name, broken, await ask(broken)]).toEqual([name, broken, 400]);
      }
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml', 'nonsense']) {
        expect([name, type, await ask('{}', type)]).toEqual([name, type, 415]);
      }
      if (name !== TAKES_LARGE) expect([name, await ask(TOO_LARGE)]).toEqual([name, 413]);
    }
    expect(await written()).toBe(before);
  });

  test('refuses a query that it does not describe', async () => {
    for (const operation of operations) {
      const { url } = requestOf(operation, FOUND);
      if (!/^\/(api|scim)\//.test(operation.path)) continue;
      const ask = async (query: string) =>
        (await send(operation, { ...requestOf(operation, FOUND), url: `${url}?${query}` })).status;
      // Directories ask with more than is understood, such as sortBy, and identity providers answer with more.
      if (operation.path.startsWith('/api/') && !operation.path.endsWith('/callback')) {
        expect([operation.name, await ask('no-such-field=1')]).toEqual([operation.name, 400]);
      }
      for (const [name, schema] of Object.entries(operation.query)) {
        for (const strange of ['', '%00', '%ff', 'x'.repeat(5_000), '-1', '%27%20OR%201=1', '[]']) {
          await ask(`${name}=${strange}`);
        }
        const { type } = resolve(schema);
        if (type === 'integer' || type === 'number' || type === 'boolean') {
          expect([operation.name, name, await ask(`${name}=many`)]).toEqual([operation.name, name, 400]);
        }
      }
    }
  });

  test('survives names in its path that nothing has', async () => {
    for (const operation of operations) {
      for (const param of operation.params) {
        for (const strange of [
          'NONE',
          '%00',
          '..%2f..',
          '__proto__',
          'constructor',
          '%F0%9F%92%A9',
          '-1',
          'x'.repeat(190),
        ]) {
          const { status } = await send(operation, {
            ...requestOf(operation, { ...FOUND, [param]: strange }),
            // Where a body is needed, what is asked for is not reached without one; that is as well.
            ...(operation.body === undefined ? {} : { headers: JSON_TYPE, payload: '{}' }),
          });
          expect([operation.name, param, strange, status]).toEqual([
            operation.name,
            param,
            strange,
            expect.any(Number),
          ]);
        }
      }
    }
  });

  test('survives headers that cannot be meant', async () => {
    const before = await written();
    for (const operation of operations) {
      // Signing out would be meant, whatever the headers say.
      if (operation.access === 'person' && operation.method === 'DELETE') continue;
      for (const name of operation.headers) {
        for (const strange of ['', '%zz', 'x'.repeat(4_000), '"', 'W/"x"', '\u00ff']) {
          const headers = { ...(operation.body === undefined ? {} : JSON_TYPE), [name]: strange };
          // Nothing that is there is asked for, so that nothing is changed.
          const request = requestOf(operation, { project: 'nowhere' });
          await send(operation, {
            ...request,
            headers,
            ...(operation.body === undefined ? {} : { payload: '{"no such field": 1}' }),
          });
        }
      }
    }
    expect(await written()).toBe(before);
  });

  test("tells nobody whether another project's things are there", async () => {
    const call = async (method: InjectOptions['method'], path: string, payload?: object) =>
      toAnswer(
        await app.inject({
          method,
          url: `/api/v1${path}`,
          headers: { authorization: `Bearer ${ADMIN_KEY}` },
          ...(payload === undefined ? {} : { payload }),
        }),
      );
    await call('POST', '/projects', { key: 'shop', name: 'Shop' });
    await call('POST', '/projects/shop/flags', { key: 'secret-plan', type: 'boolean' });
    const { headers } = await startProgram({ call }, 'admin', { project: 'default' });
    const there = { project: 'shop', environment: 'production', flag: 'secret-plan' };
    const nowhere = { project: 'nope', environment: 'production', flag: 'secret-plan' };
    let asked = 0;
    for (const operation of operations) {
      if (!operation.params.includes('project') || !operation.path.startsWith('/api/')) continue;
      const ask = async (params: Record<string, string>) => {
        const response = await app.inject({ ...requestOf(operation, params), headers });
        const { requestId: _, ...body } = response.json();
        return JSON.stringify([response.statusCode, body]).replaceAll(params.project ?? '', 'PROJECT');
      };
      expect([operation.name, await ask(there)]).toEqual([operation.name, await ask(nowhere)]);
      asked += 1;
    }
    expect(asked).toBeGreaterThan(50);
  });

  test('survives bodies that are fine but for one strange value', async () => {
    // What removes comes last, so that the others find what they are of.
    const ordered = [
      ...operations.filter(({ method }) => method !== 'DELETE'),
      ...operations.filter(({ method }) => method === 'DELETE'),
    ];
    for (const operation of ordered) {
      if (operation.body === undefined) continue;
      const request = { ...requestOf(operation, FOUND), headers: JSON_TYPE };
      for (const [, body] of strangeBodies(operation.body, resolve)) {
        await send(operation, { ...request, payload: JSON.stringify(body) });
      }
    }
  });
});
