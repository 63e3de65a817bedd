import type { InjectOptions } from 'fastify';
import { beforeAll, describe, expect, test } from 'vitest';
import { buildApp } from '../app.ts';
import { readConfig } from '../config/read-config.ts';
import { ADMIN_KEY, newFolder } from '../testing/start-app.ts';

const FLAGS = '/projects/default/flags';
const PRODUCTION = `${FLAGS}/a/environments/production`;
const KEYS = '/projects/default/environments/production/keys';
const ON = { name: 'on', value: true };
const OFF = { name: 'off', value: false };
const half = { variant: 'on', weightPer100k: 50_000 };

type Case = [name: string, request: string, body: unknown, status: number, code: string, path?: string];

/** What is wrong, where it is sent, and the answer. With a path, details must name it. */
const CASES: Case[] = [
  ['an unknown field', `POST ${FLAGS}`, { key: 'b', type: 'boolean', color: 'red' }, 400, 'validation_failed', 'color'],
  ['a missing field', `POST ${FLAGS}`, { key: 'b' }, 400, 'validation_failed', 'type'],
  ['a wrong type', `POST ${FLAGS}`, { key: 'b', type: 'boolean', name: 7 }, 400, 'validation_failed', 'name'],
  ['a number as text', `POST ${FLAGS}`, { key: 7, type: 'boolean' }, 400, 'validation_failed', 'key'],
  ['true as text', `PATCH ${PRODUCTION}`, { enabled: 'true' }, 400, 'validation_failed', 'enabled'],
  ['a malformed key', `POST ${FLAGS}`, { key: 'New Checkout', type: 'boolean' }, 400, 'validation_failed', 'key'],
  ['an unknown choice', `POST ${FLAGS}`, { key: 'b', type: 'date' }, 400, 'validation_failed', 'type'],
  ['a list as the body', `POST ${FLAGS}`, [], 400, 'validation_failed'],
  ['null as the body', `POST ${FLAGS}`, 'null', 400, 'validation_failed'],
  ['no variants', `POST ${FLAGS}`, { key: 'b', type: 'string' }, 400, 'validation_failed', 'variants'],
  ['empty variants', `POST ${FLAGS}`, { key: 'b', type: 'string', variants: [] }, 400, 'validation_failed', 'variants'],
  [
    'a value of another type',
    `POST ${FLAGS}`,
    { key: 'b', type: 'string', variants: [{ name: 'x', value: 1 }] },
    400,
    'validation_failed',
    'variants[0].value',
  ],
  [
    'two variants of one name',
    `POST ${FLAGS}`,
    { key: 'b', type: 'number', variants: ['x', 'x'].map((name) => ({ name, value: 1 })) },
    400,
    'validation_failed',
    'variants[1].name',
  ],
  ['an unknown field deep inside', `PATCH ${PRODUCTION}`, rule({ mood: 1 }), 400, 'validation_failed', 'rules[0].mood'],
  ['an unknown variant', `PATCH ${PRODUCTION}`, { offVariant: 'maybe' }, 400, 'validation_failed', 'offVariant'],
  [
    'an unknown operator',
    `PATCH ${PRODUCTION}`,
    rule({ when: { attribute: 'a', operator: 'like', values: ['x'] } }),
    400,
    'validation_failed',
    'rules[0].when.operator',
  ],
  ['an empty condition', `PATCH ${PRODUCTION}`, rule({ when: {} }), 400, 'validation_failed', 'rules[0].when'],
  [
    'a condition of two kinds',
    `PATCH ${PRODUCTION}`,
    rule({ when: { all: [], any: [] } }),
    400,
    'validation_failed',
    'rules[0].when.any',
  ],
  [
    'two rules of one id',
    `PATCH ${PRODUCTION}`,
    { rules: [...rule({}).rules, ...rule({}).rules] },
    400,
    'validation_failed',
    'rules[1].id',
  ],
  [
    'weights that do not add up',
    `PATCH ${PRODUCTION}`,
    { defaultRule: { split: { weights: [half] } } },
    400,
    'validation_failed',
    'defaultRule.split.weights',
  ],
  [
    'two weights of one variant',
    `PATCH ${PRODUCTION}`,
    { defaultRule: { split: { weights: [half, half] } } },
    400,
    'validation_failed',
    'defaultRule.split.weights',
  ],
  [
    'a weight out of range',
    `PATCH ${PRODUCTION}`,
    { defaultRule: { split: { weights: [{ variant: 'on', weightPer100k: 100_001 }] } } },
    400,
    'validation_failed',
    'defaultRule.split.weights[0].weightPer100k',
  ],
  [
    'weights and ranges together',
    `PATCH ${PRODUCTION}`,
    { defaultRule: { split: { weights: [half], ranges: [] } } },
    400,
    'validation_failed',
  ],
  [
    'ranges that overlap',
    `PATCH ${PRODUCTION}`,
    { defaultRule: { split: { ranges: [range('on', 0, 60_000), range('off', 50_000, 100_000)] } } },
    400,
    'validation_failed',
    'defaultRule.split.ranges[1]',
  ],
  [
    'a range that ends before it begins',
    `PATCH ${PRODUCTION}`,
    { defaultRule: { split: { ranges: [range('on', 5, 4)] } } },
    400,
    'validation_failed',
    'defaultRule.split.ranges[0]',
  ],
  ['a variant that is served', `PATCH ${FLAGS}/a`, { variants: [{ name: 'on', value: true }] }, 409, 'variant_in_use'],
  ['a key that is taken', `POST ${FLAGS}`, { key: 'a', type: 'boolean' }, 409, 'conflict'],
  ['a project key that is taken', 'POST /projects', { key: 'default', name: 'x' }, 409, 'conflict'],
  [
    'an environment key that is taken',
    'POST /projects/default/environments',
    { key: 'production', name: 'x' },
    409,
    'conflict',
  ],
  ['an unknown project', 'POST /projects/none/flags', { key: 'b', type: 'boolean' }, 404, 'not_found'],
  ['an unknown flag', `PATCH ${FLAGS}/none`, { name: 'x' }, 404, 'not_found'],
  ['an unknown environment', `PATCH ${FLAGS}/a/environments/none`, { enabled: true }, 404, 'not_found'],
  ['an unknown key', `DELETE ${KEYS}/none`, undefined, 404, 'not_found'],
  ['a malformed key in the path', 'GET /projects/UPPER', undefined, 400, 'validation_failed', 'project'],
  ['an admin key to be made', `POST ${KEYS}`, { kind: 'admin', name: 'x' }, 400, 'validation_failed', 'kind'],
  ['an empty name', `POST ${KEYS}`, { kind: 'server', name: '' }, 400, 'validation_failed', 'name'],
  ['a schema that is none', `POST ${FLAGS}`, withSchema({ type: 'text' }), 400, 'validation_failed', 'schema'],
  ['a schema that is text', `POST ${FLAGS}`, withSchema('boolean'), 400, 'validation_failed', 'schema'],
  [
    'a schema elsewhere',
    `PATCH ${FLAGS}/a`,
    { schema: { $ref: 'https://example.com/x' } },
    400,
    'validation_failed',
    'schema',
  ],
  [
    'a value that the new schema refuses',
    `PATCH ${FLAGS}/a`,
    { schema: { const: true } },
    400,
    'validation_failed',
    'variants[1].value',
  ],
  [
    'a value that does not match',
    `POST ${FLAGS}`,
    withSchema({ const: false }),
    400,
    'validation_failed',
    'variants[0].value',
  ],
  [
    'a version floor that is none',
    `PATCH ${FLAGS}/a`,
    { variants: [{ name: 'on', value: true, requires: { attribute: 'v', atLeast: 'new' } }, OFF] },
    400,
    'validation_failed',
    'variants[0].requires.atLeast',
  ],
  [
    'a version floor on the off variant',
    `PATCH ${FLAGS}/a`,
    { variants: [ON, { ...OFF, requires: { attribute: 'v', atLeast: '2.0' } }] },
    400,
    'validation_failed',
    'variants[1].requires',
  ],
  [
    'a target of an unknown variant',
    `PATCH ${PRODUCTION}`,
    { targets: [{ values: ['u'], variant: 'maybe' }] },
    400,
    'validation_failed',
    'targets[0].variant',
  ],
  [
    'a target without subjects',
    `PATCH ${PRODUCTION}`,
    { targets: [{ variant: 'on' }] },
    400,
    'validation_failed',
    'targets[0].values',
  ],
  [
    'an unknown prerequisite',
    `PATCH ${PRODUCTION}`,
    { prerequisites: [{ flag: 'none', state: 'on' }] },
    400,
    'validation_failed',
    'prerequisites[0].flag',
  ],
  [
    'a flag that depends on itself',
    `PATCH ${PRODUCTION}`,
    { prerequisites: [{ flag: 'a', state: 'on' }] },
    400,
    'validation_failed',
    'prerequisites[0].flag',
  ],
  [
    'a prerequisite that demands nothing',
    `PATCH ${PRODUCTION}`,
    { prerequisites: [{ flag: 'a' }] },
    400,
    'validation_failed',
    'prerequisites[0]',
  ],
  [
    'a prerequisite that demands two things',
    `PATCH ${PRODUCTION}`,
    { prerequisites: [{ flag: 'a', state: 'on', variants: ['on'] }] },
    400,
    'validation_failed',
  ],
  ['no JSON', `POST ${FLAGS}`, '{"key": ', 400, 'malformed_json'],
  ['no body', `POST ${FLAGS}`, '', 400, 'malformed_json'],
  ['a body that poisons prototypes', `POST ${FLAGS}`, '{"__proto__": {"key": "b"}}', 400, 'malformed_json'],
  ['too deep a body', `POST ${FLAGS}`, nested(50_000), 400, 'malformed_json'],
  ['too large a body', `PATCH ${FLAGS}/a`, { description: 'x'.repeat(1024 * 1024) }, 413, 'payload_too_large'],
  ['an unknown query field', `GET ${FLAGS}?colour=red`, undefined, 400, 'validation_failed', 'colour'],
  ['a limit that is no number', `GET ${FLAGS}?limit=many`, undefined, 400, 'validation_failed', 'limit'],
  ['a limit of 0', `GET ${FLAGS}?limit=0`, undefined, 400, 'validation_failed', 'limit'],
  ['a limit of 201', `GET ${FLAGS}?limit=201`, undefined, 400, 'validation_failed', 'limit'],
  ['a made-up cursor', `GET ${FLAGS}?cursor=abc`, undefined, 400, 'validation_failed', 'cursor'],
  ['a cursor of another list', `GET ${FLAGS}?cursor=WzFd`, undefined, 400, 'validation_failed', 'cursor'],
  ['a field twice in the query', `GET ${FLAGS}?limit=1&limit=2`, undefined, 400, 'validation_failed', 'limit'],
  ['a short password', 'POST /setup', setup({ password: 'short' }), 400, 'validation_failed', 'password'],
  ['a long password', 'POST /setup', setup({ password: 'x'.repeat(257) }), 400, 'validation_failed', 'password'],
  ['no email', 'POST /setup', setup({ email: 'ada' }), 400, 'validation_failed', 'email'],
  ['a large sign-in', 'POST /session', { email: 'a', password: 'x'.repeat(20_000) }, 413, 'payload_too_large'],
  ['an unknown path', 'GET /nothing', undefined, 404, 'not_found'],
  ['an unknown method', 'PUT /projects', {}, 404, 'not_found'],
];

function withSchema(schema: unknown) {
  return { key: 'b', type: 'boolean', schema };
}

function nested(depth: number) {
  return `${'{"not":'.repeat(depth)}1${'}'.repeat(depth)}`;
}

function rule(fields: object) {
  const when = { attribute: 'country', operator: 'in', values: ['CH'] };
  return { rules: [{ id: 'r', when, serve: { variant: 'on' }, ...fields }] };
}

function range(variant: string, from: number, to: number) {
  return { variant, from, to };
}

function setup(fields: object) {
  return { token: 'x', name: 'Ada', email: 'ada@example.com', password: 'x'.repeat(12), ...fields };
}

describe('bad input', () => {
  let app: Awaited<ReturnType<typeof buildApp>>;
  const call = (request: Omit<InjectOptions, 'path'>) =>
    app.inject({ ...request, headers: { authorization: `Bearer ${ADMIN_KEY}`, ...request.headers } });
  /** Everything in the database, as text. */
  const dump = async () => {
    const tables = [
      'users',
      'projects',
      'environments',
      'flags',
      'flag_environments',
      'ruleset_items',
      'changes',
      'keys',
      'audit_events',
    ] as const;
    const rows = await Promise.all(tables.map((table) => app.bunting.database.selectFrom(table).selectAll().execute()));
    return JSON.stringify(rows);
  };

  beforeAll(async () => {
    let removeFolder = () => {};
    const dataDir = newFolder((remove) => (removeFolder = remove));
    const config = { ...readConfig(), dataDir, logLevel: 'silent', bootstrapAdminKey: ADMIN_KEY } as const;
    app = await buildApp(config, { checkResponses: true });
    const url = `/api/v1${FLAGS}`;
    expect((await call({ method: 'POST', url, payload: { key: 'a', type: 'boolean' } })).statusCode).toBe(201);
    return () => app.close().then(removeFolder);
  });

  test.each(CASES)('%s (%s) is refused, and nothing is written', async (_, request, body, status, code, path) => {
    const before = await dump();
    const [method, url] = request.split(' ');
    const response = await call({
      method: method as InjectOptions['method'],
      url: `/api/v1${url}`,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const answer = response.json();
    expect(answer).toEqual({
      code,
      message: expect.stringMatching(/.{20,}/),
      ...(answer.details === undefined ? {} : { details: expect.any(Array) }),
      requestId: response.headers['x-request-id'],
    });
    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toBe('application/json; charset=utf-8');
    if (path !== undefined) expect(answer.details.map((detail: { path: string }) => detail.path)).toContain(path);
    expect(await dump()).toBe(before);
  });

  test.each(['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded'])(
    'a body of type %s is refused',
    async (type) => {
      const headers = { 'content-type': type };
      const response = await call({ method: 'POST', url: `/api/v1${FLAGS}`, headers, payload: '{"key":"b"}' });
      expect([response.statusCode, response.json().code]).toEqual([415, 'unsupported_media_type']);
    },
  );

  test('where nothing is asked for, an empty body is none, whatever its type is said to be', async () => {
    const headers = { 'content-type': 'application/json' };
    const { id } = (
      await call({ method: 'POST', url: `/api/v1${KEYS}`, payload: { kind: 'server', name: 'x' } })
    ).json();
    for (const [method, url, status] of [
      ['DELETE', `${KEYS}/${id}`, 204],
      ['POST', `${FLAGS}/a/archive`, 200],
      ['POST', `${FLAGS}/a/restore`, 200],
      ['GET', `${FLAGS}/a`, 200],
    ] as const) {
      expect((await call({ method, url: `/api/v1${url}`, headers, payload: '' })).statusCode).toBe(status);
    }
  });

  test('an If-Match that is no version is refused', async () => {
    const headers = { 'if-match': '3' };
    const response = await call({ method: 'PATCH', url: `/api/v1${PRODUCTION}`, headers, payload: { enabled: true } });
    expect(response.json()).toMatchObject({ code: 'validation_failed', details: [{ path: 'headers.if-match' }] });
  });

  test('a request id that is safe to log is kept, another replaced', async () => {
    const ask = async (id: string) =>
      (await call({ method: 'GET', url: '/api/v1/nothing', headers: { 'x-request-id': id } })).headers['x-request-id'];
    expect(await ask('trace-1:a.b')).toBe('trace-1:a.b');
    expect(await ask('a b')).toMatch(/^[0-9a-f-]{36}$/);
    expect(await ask('x'.repeat(101))).toMatch(/^[0-9a-f-]{36}$/);
  });
});
