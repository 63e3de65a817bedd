import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { connect } from '../../connect.ts';
import { rolloutFlag } from '../../test/documents.ts';
import { createTestFlags } from '../test-flags.ts';
import { handlersFor } from './handlers-for.ts';

const url = 'https://flags.example.com';
const hidden = rolloutFlag('hidden', 100_000);
const flags = createTestFlags({ shown: true, hidden });
const server = setupServer(...handlersFor(flags, { url }));

beforeAll(() => server.listen({ onUnhandledFrame: 'error' }));
afterEach(() => flags.reset());
afterAll(() => server.close());

function ask(path: string, { key = 'bnt_cli_1', body = '{"context":{"targetingKey":"a"}}', tag = '' } = {}) {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json', 'if-none-match': tag };
  return fetch(`${url}${path}`, { method: 'POST', headers, body });
}

it('serves the SDK for servers by polling, changes too', async () => {
  const client = connect({ url, sdkKey: 'bnt_srv_1', transports: ['polling'], pollIntervalMs: 1_000 });
  expect(await client.ready()).toMatchObject({ state: 'live', error: undefined });
  expect(client.isEnabled('shown')).toBe(true);
  flags.set('shown', false);
  await expect.poll(() => client.isEnabled('shown')).toBe(false);
  expect(client.state).toBe('live');
  await client.close();
});

it('gives pages the values that they may see, once for an ETag', async () => {
  const response = await ask('/stream/values');
  const on = { value: true, variant: 'on', reason: 'STATIC' };
  expect(await response.json()).toMatchObject({ type: 'values', whole: true, values: { shown: on }, delete: [] });
  const tag = response.headers.get('etag') ?? '';
  expect((await ask('/stream/values', { tag })).status).toBe(304);
  flags.set('shown', false);
  expect((await ask('/stream/values', { tag })).status).toBe(200);
});

it('records what is asked for by name, with its context', async () => {
  await ask('/ofrep/v1/evaluate/flags/shown');
  flags.expectExposed('shown', true);
  expect(flags.exposures).toEqual([{ key: 'shown', value: true, variant: 'on', context: { targetingKey: 'a' } }]);
});

it('shows client keys only what pages may see, and refuses keys of the wrong kind and none', async () => {
  expect((await ask('/ofrep/v1/evaluate/flags/hidden')).status).toBe(404);
  expect((await ask('/ofrep/v1/evaluate/flags/hidden', { key: 'bnt_srv_1' })).status).toBe(200);
  expect((await ask('/stream/values', { key: 'bnt_srv_1' })).status).toBe(403);
  for (const path of ['/ofrep/v1/evaluate/flags', '/ofrep/v1/evaluate/flags/shown', '/stream/values']) {
    expect((await ask(path, { key: 'unknown' })).status).toBe(401);
  }
});

it('takes only flags of the kit', () => {
  expect(() => handlersFor({} as never)).toThrow('createTestFlags()');
});
