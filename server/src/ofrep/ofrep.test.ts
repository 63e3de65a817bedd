import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';

const EVALUATE = '/ofrep/v1/evaluate/flags';
const FLAGS = '/projects/default/flags';
const subject = { context: { targetingKey: 'ann', country: 'NL' } };

async function start(options: Parameters<typeof startApp>[0] = {}) {
  const server = await startApp(options);
  const keyOf = (kind: 'server' | 'client') =>
    server.app.bunting.firstKeys.find((key) => key.kind === kind && key.environment === 'production')?.secret ?? '';
  const ask = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await server.app.inject({
      method: 'POST',
      url: `${EVALUATE}${path}`,
      headers: { authorization: `Bearer ${keyOf('server')}`, 'content-type': 'application/json', ...headers },
      payload: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.statusCode, headers: response.headers, body: response.body && response.json() };
  };
  const change = (key: string, patch: object) => server.call('PATCH', `${FLAGS}/${key}/environments/production`, patch);
  return { ...server, keyOf, ask, change };
}

const byCountry = {
  enabled: true,
  defaultRule: { variant: 'off' },
  rules: [{ id: 'nl', when: { attribute: 'country', operator: 'in', values: ['NL'] }, serve: { variant: 'on' } }],
};

test('one flag is answered in the form of OFREP, with the reason and metadata', async () => {
  const { call, ask, change } = await start();
  await call('POST', FLAGS, { key: 'a', type: 'boolean' });
  await change('a', byCountry);
  const { status, body } = await ask('/a', subject);
  expect(status).toBe(200);
  expect(body).toEqual({
    key: 'a',
    value: true,
    reason: 'TARGETING_MATCH',
    variant: 'on',
    metadata: { ruleId: 'nl' },
  });
  expect((await ask('/a', {})).body).toMatchObject({ value: false, reason: 'DEFAULT' });
});

test('what cannot be evaluated says why, by status and error code', async () => {
  const { call, ask, change, keyOf } = await start();
  await call('POST', FLAGS, { key: 'half', type: 'boolean' });
  const weights = ['on', 'off'].map((variant) => ({ variant, weightPer100k: 50_000 }));
  await change('half', { enabled: true, defaultRule: { split: { weights } } });
  const cases: [path: string, body: unknown, status: number, code: string][] = [
    ['/nope', subject, 404, 'FLAG_NOT_FOUND'],
    ['/half', { context: { country: 'NL' } }, 400, 'TARGETING_KEY_MISSING'],
    ['/half', { context: 'ann' }, 400, 'INVALID_CONTEXT'],
    ['/half', { context: { targetingKey: {} } }, 400, 'TARGETING_KEY_MISSING'],
    ['/half', '{"context":', 400, 'PARSE_ERROR'],
    ['/half', '', 400, 'PARSE_ERROR'],
  ];
  for (const [path, body, status, errorCode] of cases) {
    const answer = await ask(path, body);
    expect([path, answer.status, answer.body]).toMatchObject([path, status, { key: path.slice(1), errorCode }]);
    expect(answer.body.errorDetails).toMatch(/\w/);
  }
  // A bad request as a whole has no flag to name; a bad flag among many leaves the others alone.
  expect((await ask('', '[')).body).toMatchObject({ errorCode: 'PARSE_ERROR' });
  expect((await ask('', {})).body.flags).toEqual([expect.objectContaining({ errorCode: 'TARGETING_KEY_MISSING' })]);
  expect((await ask('/half', subject, { authorization: '' })).status).toBe(401);
  expect((await ask('', subject, { authorization: `Bearer ${keyOf('server')}x` })).status).toBe(401);
});

test('a key may also come as X-API-Key, and an admin key evaluates nothing', async () => {
  const { ask, keyOf } = await start();
  expect((await ask('', subject, { authorization: '', 'x-api-key': keyOf('server') })).status).toBe(200);
  const admin = `Bearer bnt_adm_${'a'.repeat(43)}`;
  expect((await ask('', subject, { authorization: admin })).status).toBe(403);
});

test('all flags are answered at once, and not again while nothing moved', async () => {
  const { call, ask, change } = await start();
  for (const key of ['b', 'a']) await call('POST', FLAGS, { key, type: 'boolean' });
  await change('a', byCountry);
  const first = await ask('', subject);
  expect(first.body.flags.map(({ key, value }: { key: string; value: boolean }) => [key, value])).toEqual([
    ['a', true],
    ['b', false],
  ]);
  expect(first.body.metadata).toEqual({ project: 'default', environment: 'production' });
  const etag = String(first.headers.etag);
  expect(etag).toMatch(/^"[0-9a-f]{16}"$/);
  const same = await ask('', subject, { 'if-none-match': `W/"x", ${etag}` });
  expect([same.status, same.body, same.headers.etag]).toEqual([304, '', etag]);
  expect((await ask('', { context: { targetingKey: 'ann' } }, { 'if-none-match': etag })).status).toBe(200);
  // A change that moves nobody keeps the answers, and their ETag.
  await change('b', { rules: byCountry.rules.map((rule) => ({ ...rule, serve: { variant: 'off' } })) });
  expect((await ask('', subject, { 'if-none-match': etag })).status).toBe(304);
  await change('b', { enabled: true, rules: [], defaultRule: { variant: 'on' } });
  expect((await ask('', subject, { 'if-none-match': etag })).status).toBe(200);
});

test('the ETag changes when time alone moves an answer', async () => {
  let nowMs = Date.UTC(2026, 0, 1);
  const { call, ask, change } = await start({ now: () => nowMs });
  await call('POST', FLAGS, { key: 'later', type: 'boolean' });
  const when = { during: { from: '2026-01-02T00:00:00Z' } };
  await change('later', {
    enabled: true,
    defaultRule: { variant: 'off' },
    rules: [{ id: 'r', when, serve: { variant: 'on' } }],
  });
  const before = await ask('', subject);
  nowMs += 12 * 3_600_000;
  expect((await ask('', subject)).headers.etag).toBe(before.headers.etag);
  nowMs += 12 * 3_600_000;
  const after = await ask('', subject, { 'if-none-match': String(before.headers.etag) });
  expect([after.status, after.body.flags[0].value]).toEqual([200, true]);
});

test('a kill is answered at once', async () => {
  const { app, call, ask, change } = await start();
  await call('POST', FLAGS, { key: 'a', type: 'boolean' });
  await change('a', byCountry);
  const { headers } = await ask('', subject);
  const ruleset = [...app.bunting.rulesets.all()].find(({ environment }) => environment === 'production');
  app.bunting.rulesets.applyKill(ruleset?.environmentId ?? '', { flag: 'a', epoch: 1, engaged: true });
  const { body } = await ask('', subject, { 'if-none-match': String(headers.etag) });
  expect(body.flags).toMatchObject([{ key: 'a', value: false, reason: 'DISABLED', metadata: { cause: 'kill' } }]);
});

test('a client key sees the flags that pages may see, from any origin', async () => {
  const { app, call, ask, keyOf } = await start();
  await call('POST', FLAGS, { key: 'shown', type: 'boolean', clientVisible: true });
  await call('POST', FLAGS, { key: 'hidden', type: 'boolean' });
  const authorization = `Bearer ${keyOf('client')}`;
  const { body, headers } = await ask('', subject, { authorization, origin: 'https://shop.example.com' });
  expect(body.flags.map(({ key }: { key: string }) => key)).toEqual(['shown']);
  expect(headers).toMatchObject({ 'access-control-allow-origin': '*' });
  expect(headers['access-control-expose-headers']).toContain('etag');
  expect((await ask('/hidden', subject, { authorization })).status).toBe(404);
  const preflight = await app.inject({
    method: 'OPTIONS',
    url: EVALUATE,
    headers: { origin: 'https://shop.example.com' },
  });
  expect(preflight.statusCode).toBe(204);
  expect(preflight.headers['access-control-allow-headers']).toContain('if-none-match');
});

test('an event asks to evaluate again after a change, and the stream ends with its key', async () => {
  const { app, call, ask, keyOf } = await start();
  await call('POST', FLAGS, { key: 'a', type: 'boolean', clientVisible: true });
  const { body } = await ask('', subject, { authorization: `Bearer ${keyOf('client')}` });
  const { requestUri } = body.eventStreams[0].endpoint;
  await app.listen({ host: '127.0.0.1', port: 0 });
  const origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  let text = '';
  const status = await new Promise<number | undefined>((resolve) => {
    get(`${origin}${requestUri}`, (response) => {
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('close', () => {
        text += '[end]';
      });
      resolve(response.statusCode);
    });
  });
  expect(status).toBe(200);
  await expect.poll(() => text.match(/refetchEvaluation/g)?.length).toBe(1);
  await call('PATCH', `${FLAGS}/a/environments/production`, { enabled: true });
  await expect.poll(() => text.match(/refetchEvaluation/g)?.length).toBe(2);
  const data = JSON.parse(text.trim().split('data: ').at(-1) ?? '');
  const again = await ask(`?flagConfigEtag=${encodeURIComponent(data.etag)}`, subject);
  expect(again.status).toBe(200);
  const { items } = (await call('GET', '/projects/default/environments/production/keys')).body;
  const client = items.find(({ kind }: { kind: string }) => kind === 'client');
  await call('DELETE', `/projects/default/environments/production/keys/${client.id}`);
  await expect.poll(() => text).toContain('[end]');
  expect((await app.inject({ url: requestUri })).statusCode).toBe(401);
  expect((await app.inject({ url: '/ofrep/v1/events?ticket=x.y' })).statusCode).toBe(401);
});
