import { decodeServerMessage } from '@bunting/core';
import { createTestFlags, type TestFlags } from '@bunting/node/testing';
import { handlersFor } from '@bunting/node/testing/msw';
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature } from '@openfeature/server-sdk';
import { OpenFeature as OpenFeatureWeb } from '@openfeature/web-sdk';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeFlag, makeKey, split } from '../processes/flags.ts';
import { startServer, type TestServer } from '../processes/server.ts';

/** The kit for tests, beside the server that it stands for: with the very documents that the server sends. */
const kitUrl = 'https://flags.example.com';
const variants = ['blue', 'red'].map((name) => ({ name, value: name }));
const dutch = { id: 'nl', when: { attribute: 'country', operator: 'in', values: ['NL'] }, serve: { variant: 'red' } };
const intercepted = setupServer();
let server: TestServer;
let keys: Readonly<Record<'server' | 'client', string>>;
let flags: TestFlags;

beforeAll(async () => {
  server = await startServer();
  keys = {
    server: (await makeKey(server.api, 'server')).secret,
    client: (await makeKey(server.api, 'client')).secret,
  };
  const shown = { clientVisible: true };
  const half = { enabled: true, defaultRule: split({ on: 50, off: 50 }) };
  await makeFlag(server.api, { key: 'color', type: 'string', variants, ...shown }, { enabled: true, rules: [dutch] });
  await makeFlag(server.api, { key: 'half', type: 'boolean', ...shown }, half);
  await makeFlag(server.api, { key: 'hidden', type: 'boolean' }, { enabled: true });
  const headers = { authorization: `Bearer ${keys.server}` };
  const snapshot = decodeServerMessage(await (await fetch(`${server.url}/stream/snapshot`, { headers })).text());
  if (!snapshot.ok || snapshot.message.type !== 'snapshot') throw new Error('the server sent no snapshot');
  flags = createTestFlags(Object.fromEntries(snapshot.message.items.map(({ key, json }) => [key, JSON.parse(json)])));
  intercepted.use(...handlersFor(flags, { url: kitUrl }));
  intercepted.listen({ onUnhandledFrame: 'bypass' });
});
afterAll(async () => {
  intercepted.close();
  await server.remove();
});

describe('the kit answers as the server does', () => {
  const everyone = ['/ofrep/v1/evaluate/flags', '/ofrep/v1/evaluate/flags/color', '/ofrep/v1/evaluate/flags/half'];
  const paths = [...everyone, '/ofrep/v1/evaluate/flags/hidden', '/ofrep/v1/evaluate/flags/nothing', '/stream/values'];
  const bodies = [
    '{"context":{"targetingKey":"a","country":"NL"}}',
    '{"context":{"targetingKey":"b"}}',
    '{"context":{}}',
    '{"context":7}',
    '{}',
    '{"context":',
  ];
  const asked = paths.flatMap((path) =>
    (['client', 'server', 'unknown'] as const).flatMap((kind) => bodies.map((body) => ({ path, kind, body }))),
  );

  test.each(asked)('$path to a key of kind $kind about $body', async ({ path, kind, body }) => {
    const key = kind === 'unknown' ? 'nobody' : keys[kind];
    const [real, kit] = await Promise.all([server.url, kitUrl].map((url) => ask(url + path, key, body)));
    expect(kit).toEqual(real);
  });
});

test('the OFREP providers from npm evaluate by it, unchanged', async () => {
  const headers: [string, string][] = [['Authorization', `Bearer ${keys.client}`]];
  await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl: kitUrl, headers }));
  const color = await OpenFeature.getClient().getStringDetails('color', 'none', { targetingKey: 'a', country: 'NL' });
  expect(color).toMatchObject({ value: 'red', reason: 'TARGETING_MATCH', flagMetadata: { ruleId: 'nl' } });

  await OpenFeatureWeb.setContext({ targetingKey: 'a' });
  await OpenFeatureWeb.setProviderAndWait(new OFREPWebProvider({ baseUrl: kitUrl, headers, pollInterval: 50 }));
  const page = OpenFeatureWeb.getClient();
  expect(page.getStringValue('color', 'none')).toBe('blue');
  flags.set('color', 'green');
  await expect.poll(() => page.getStringValue('color', 'none')).toBe('green');
  await OpenFeatureWeb.close();
  await OpenFeature.close();
});

/** What comes back, without what differs from answer to answer, and the words of errors. */
async function ask(url: string, key: string, body: string): Promise<object> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body });
  const {
    metadata,
    eventStreams,
    revision,
    committedAtMs,
    timeMs,
    message,
    requestId,
    errorDetails,
    details,
    ...rest
  } = (await response.json()) as Record<string, unknown>;
  const ofOneFlag = 'reason' in rest ? { metadata } : {};
  return { status: response.status, hasEtag: response.headers.has('etag'), ...rest, ...ofOneFlag };
}
