import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { OpenFeature } from '@openfeature/server-sdk';
import { OpenFeature as OpenFeatureWeb, ProviderEvents as WebEvents } from '@openfeature/web-sdk';
import { EventSource } from 'eventsource';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changeFlag, makeFlag, makeKey, split } from '../processes/flags.ts';
import { type HttpProxy, startHttpProxy } from '../processes/http-proxy.ts';
import { startServer, type TestServer } from '../processes/server.ts';
import { waitFor } from '../processes/wait.ts';

/** The providers as they come from npm, against the server in a process of its own. */
let server: TestServer;

beforeEach(async () => {
  server = await startServer();
});
afterEach(async () => {
  await OpenFeature.close();
  await OpenFeatureWeb.close();
  await server.remove();
});

const variants = [
  { name: 'blue', value: 'blue' },
  { name: 'red', value: 'red' },
];

test('the OFREP provider for servers answers as the rules say, with reasons and errors', async () => {
  const { secret } = await makeKey(server.api, 'server');
  const nl = { id: 'nl', when: { attribute: 'country', operator: 'in', values: ['NL'] }, serve: { variant: 'red' } };
  await makeFlag(server.api, { key: 'color', type: 'string', variants } as never, { enabled: true, rules: [nl] });
  await makeFlag(
    server.api,
    { key: 'half', type: 'boolean' },
    { enabled: true, defaultRule: split({ on: 50, off: 50 }) },
  );
  await OpenFeature.setProviderAndWait(
    new OFREPProvider({ baseUrl: server.url, headers: [['Authorization', `Bearer ${secret}`]] }),
  );
  const client = OpenFeature.getClient();
  expect(await client.getStringDetails('color', 'none', { targetingKey: 'a', country: 'NL' })).toMatchObject({
    value: 'red',
    variant: 'red',
    reason: 'TARGETING_MATCH',
    flagMetadata: { ruleId: 'nl' },
  });
  expect(await client.getStringValue('color', 'none', { targetingKey: 'a' })).toBe('blue');
  expect(await client.getBooleanDetails('half', true)).toMatchObject({
    value: true,
    errorCode: 'TARGETING_KEY_MISSING',
  });
  expect(await client.getBooleanDetails('nope', true)).toMatchObject({ value: true, errorCode: 'FLAG_NOT_FOUND' });
  expect(await client.getBooleanDetails('color', false, { targetingKey: 'a' })).toMatchObject({
    value: false,
    errorCode: 'TYPE_MISMATCH',
  });
});

test('the OFREP provider for pages follows changes by the event stream, without polling', async () => {
  const { secret } = await makeKey(server.api, 'client');
  await makeFlag(server.api, { key: 'color', type: 'string', clientVisible: true, variants } as never, {
    enabled: true,
  });
  (globalThis as { EventSource?: unknown }).EventSource = EventSource;
  await OpenFeatureWeb.setContext({ targetingKey: 'ann' });
  await OpenFeatureWeb.setProviderAndWait(
    new OFREPWebProvider({ baseUrl: server.url, headers: [['Authorization', `Bearer ${secret}`]] }),
  );
  const client = OpenFeatureWeb.getClient();
  expect(client.getStringDetails('color', 'none')).toMatchObject({ value: 'blue', reason: 'STATIC' });
  let changes = 0;
  client.addHandler(WebEvents.ConfigurationChanged, () => {
    changes += 1;
  });
  await changeFlag(server.api, 'color', { defaultRule: { variant: 'red' } });
  await waitFor('the page to answer red', () => client.getStringValue('color', 'none') === 'red');
  await waitFor('the change to be told', () => changes > 0);
  await OpenFeatureWeb.setContext({ targetingKey: 'bob' });
  expect(client.getStringValue('color', 'none')).toBe('red');
});

test('a refused key is fatal to the providers, as it should be', async () => {
  const wrong: [string, string][] = [['Authorization', 'Bearer bnt_cli_wrong']];
  const failed = new Promise((resolve) => OpenFeatureWeb.addHandler(WebEvents.Error, resolve));
  await expect(
    OpenFeatureWeb.setProviderAndWait(new OFREPWebProvider({ baseUrl: server.url, headers: wrong })),
  ).rejects.toThrow();
  await failed;
  await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl: server.url, headers: wrong }));
  expect(await OpenFeature.getClient().getBooleanDetails('x', true)).toMatchObject({ value: true, reason: 'ERROR' });
});

describe('a server that bounds evaluations', () => {
  let bounded: TestServer;
  let proxy: HttpProxy;
  beforeEach(async () => {
    // Two at once, then one a second.
    bounded = await startServer({ env: { BUNTING_EVALUATIONS_PER_KEY_PER_SECOND: '1' } });
    proxy = await startHttpProxy(bounded.url);
    await makeFlag(bounded.api, { key: 'on', type: 'boolean', clientVisible: true } as never, { enabled: true });
  });
  afterEach(async () => {
    await OpenFeature.close();
    await OpenFeatureWeb.close();
    await proxy.close();
    await bounded.remove();
  });
  const statuses = () => proxy.passed.filter(({ method }) => method === 'POST').map(({ status }) => status);

  test('lets the provider for servers wait until it may ask again, and not ask meanwhile', async () => {
    const { secret } = await makeKey(bounded.api, 'server');
    const headers: [string, string][] = [['Authorization', `Bearer ${secret}`]];
    await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl: proxy.url, headers }));
    const client = OpenFeature.getClient();
    for (let i = 0; i < 20; i++) await client.getBooleanValue('on', false);
    expect(statuses()).toEqual([200, 200, 429]);
    expect(await client.getBooleanDetails('on', false)).toMatchObject({
      value: false,
      errorMessage: expect.stringContaining('TooManyRequests'),
    });
    await waitFor('the provider to ask again', () => client.getBooleanValue('on', false));
    expect(statuses()).toEqual([200, 200, 429, 200]);
  });

  test('lets the provider for pages pause its polls until then', async () => {
    const { secret } = await makeKey(bounded.api, 'client');
    const headers: [string, string][] = [['Authorization', `Bearer ${secret}`]];
    await OpenFeatureWeb.setContext({ targetingKey: 'ann' });
    const options = { baseUrl: proxy.url, headers, pollInterval: 20, changeDetection: 'polling' as const };
    await OpenFeatureWeb.setProviderAndWait(new OFREPWebProvider(options));
    const startedMs = performance.now();
    await waitFor('the polls to go on', () => statuses().filter((status) => status === 429).length === 3);
    expect(performance.now() - startedMs).toBeGreaterThan(1_500);
    expect(statuses().length).toBeLessThan(12);
    expect(OpenFeatureWeb.getClient().getBooleanValue('on', false)).toBe(true);
  });
});
