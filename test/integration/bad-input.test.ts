import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from '../processes/server.ts';

const flags = '/projects/default/flags';
const target = `${flags}/target/environments/development`;
let server: TestServer;

beforeAll(async () => {
  server = await startServer();
  await server.api.call('POST', flags, { key: 'target', type: 'boolean' });
});
afterAll(() => server.remove());

/** Everything that a refused request must leave alone. */
async function everything(): Promise<unknown> {
  const [projects, list, audit] = await Promise.all(
    ['/projects', flags, '/audit'].map((path) => server.api.call('GET', path)),
  );
  return { projects, list, audit };
}

const weights = (...pairs: [string, number][]) => ({
  split: { weights: pairs.map(([variant, weightPer100k]) => ({ variant, weightPer100k })) },
});

describe.each([
  ['a key with capitals', 'POST', flags, { key: 'Target', type: 'boolean' }, 400, 'validation_failed'],
  ['an unknown field', 'POST', flags, { key: 'a', type: 'boolean', colour: 'red' }, 400, 'validation_failed'],
  ['a type that does not exist', 'POST', flags, { key: 'a', type: 'date' }, 400, 'validation_failed'],
  ['a key that is taken', 'POST', flags, { key: 'target', type: 'boolean' }, 409, 'conflict'],
  ['a string flag without variants', 'POST', flags, { key: 'a', type: 'string' }, 400, 'validation_failed'],
  [
    'a value of another type than the flag',
    'POST',
    flags,
    { key: 'a', type: 'number', variants: [{ name: 'one', value: '1' }] },
    400,
    'validation_failed',
  ],
  ['text where a boolean belongs', 'PATCH', target, { enabled: 'true' }, 400, 'validation_failed'],
  ['an unknown variant', 'PATCH', target, { defaultRule: { variant: 'maybe' } }, 400, 'validation_failed'],
  ['weights that miss 100 %', 'PATCH', target, { defaultRule: weights(['on', 99_999]) }, 400, 'validation_failed'],
  [
    'a negative weight',
    'PATCH',
    target,
    { defaultRule: weights(['on', 100_001], ['off', -1]) },
    400,
    'validation_failed',
  ],
  ['an array as the body', 'PATCH', target, [], 400, 'validation_failed'],
  ['JSON that ends too early', 'PATCH', target, '{"enabled": tr', 400, 'malformed_json'],
  ['a prototype in JSON', 'PATCH', target, '{"__proto__": {"enabled": true}}', 400, 'malformed_json'],
  ['an empty body', 'PATCH', target, '', 400, 'malformed_json'],
  ['JSON of a thousand levels', 'PATCH', target, '['.repeat(1_000) + ']'.repeat(1_000), 400, 'malformed_json'],
  [
    'a body of 2 MB',
    'POST',
    flags,
    { key: 'a', type: 'boolean', description: 'x'.repeat(2_000_000) },
    413,
    'payload_too_large',
  ],
  [
    'a flag that does not exist',
    'PATCH',
    `${flags}/nothing/environments/development`,
    { enabled: true },
    404,
    'not_found',
  ],
  [
    'an environment that does not exist',
    'PATCH',
    `${flags}/target/environments/mars`,
    { enabled: true },
    404,
    'not_found',
  ],
  ['an unknown query parameter', 'GET', `${flags}?colour=red`, undefined, 400, 'validation_failed'],
  ['a limit that is too high', 'GET', `${flags}?limit=201`, undefined, 400, 'validation_failed'],
  ['an invented cursor', 'GET', `${flags}?cursor=x`, undefined, 400, 'validation_failed'],
  ['an address that cannot be decoded', 'GET', '/projects/%zz', undefined, 400, 'bad_request'],
  ['an address with a part of 300 letters', 'GET', `/projects/${'a'.repeat(300)}`, undefined, 404, 'not_found'],
  ['an address that is not there', 'GET', '/nothing', undefined, 404, 'not_found'],
] as const)('%s', (_name, method, path, sent, status, code) => {
  test(`is answered ${status} ${code} in the API's form, and nothing is written`, async () => {
    const before = await everything();
    const answer = await server.api.request(method, path, sent);
    expect(answer).toMatchObject({ status, body: { code } });
    expect(answer.headers.get('content-type')).toContain('application/json');
    const body = answer.body as Record<string, unknown>;
    expect(Object.keys(body).filter((name) => name !== 'details')).toEqual(['code', 'message', 'requestId']);
    expect(body.message).toMatch(/\w+ \w+/);
    expect(body.requestId).toBe(answer.headers.get('x-request-id'));
    expect(await everything()).toEqual(before);
  });
});

test('the details of a validation name each place that is wrong', async () => {
  const answer = await server.api.request('POST', flags, { key: 'Upper', type: 'boolean', tags: [''] });
  const details = (answer.body as { details: { path: string; message: string }[] }).details;
  expect(details.map(({ path }) => path).sort()).toEqual(['key', 'tags[0]']);
});

test('another content type is refused', async () => {
  const answer = await server.api.request('POST', flags, 'key=a', {
    'content-type': 'application/x-www-form-urlencoded',
  });
  expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
});

describe('who may ask', () => {
  test.each([
    ['nobody', {}],
    ['a made-up key', { authorization: `Bearer bnt_adm_${'A'.repeat(43)}` }],
    ['another scheme', { authorization: 'Basic YTpi' }],
    ['a made-up session', { cookie: 'bunting_session=abcdef' }],
  ])('%s is answered 401', async (_name, headers: Record<string, string>) => {
    const response = await fetch(`${server.url}/api/v1/projects`, { headers });
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'unauthenticated' });
  });

  test('an SDK key does not open the API', async () => {
    const { secret } = await server.api.call<{ secret: string }>(
      'POST',
      '/projects/default/environments/development/keys',
      { kind: 'server', name: 'x' },
    );
    const response = await fetch(`${server.url}/api/v1/projects`, { headers: { authorization: `Bearer ${secret}` } });
    expect([401, 403]).toContain(response.status);
  });

  test('a version that is not the stored one is refused, with the stored one', async () => {
    const answer = await server.api.request('PATCH', target, { enabled: true }, { 'if-match': '"999"' });
    expect(answer).toMatchObject({
      status: 412,
      body: { code: 'version_mismatch', details: { version: expect.any(Number), changes: [] } },
    });
  });
});
