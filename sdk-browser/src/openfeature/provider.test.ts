import { OpenFeature, ProviderEvents } from '@openfeature/web-sdk';
import { afterEach, describe, expect, test } from 'vitest';
import { CLOSE } from '../protocol.ts';
import { cleanups, DIFFERENCES, revision, startServer, values } from '../test/page.ts';
import { BuntingWebProvider, type WebProviderOptions } from './provider.ts';

afterEach(async () => {
  await OpenFeature.close();
  await OpenFeature.clearContexts();
  OpenFeature.clearHandlers();
});

type Options = ConstructorParameters<typeof BuntingWebProvider>[0];

async function start(more: Partial<Options> = {}, wait: WebProviderOptions = {}) {
  const server = await startServer();
  const options = { url: server.url, clientKey: 'bnt_cli_1', logger: {}, cache: false as const, ...more };
  const provider = new BuntingWebProvider(options, wait);
  cleanups.push(() => provider.onClose());
  return { server, provider, client: OpenFeature.getClient() };
}

/** A provider that has values, and the events from then on: first that it is ready. */
async function startReady(more?: Partial<Options>) {
  const { server, provider, client } = await start(more);
  await OpenFeature.setContext({ targetingKey: 'ann' });
  const ready = OpenFeature.setProviderAndWait(provider);
  const peer = await server.next();
  peer.send(values(1, { a: true, theme: 'dark', limit: 7, layout: { columns: 3 } }));
  await ready;
  const events: string[] = [];
  for (const name of Object.values(ProviderEvents)) client.addHandler(name, () => void events.push(name));
  return { server, peer, client, events };
}

describe('answers (2.2)', () => {
  test('come at once, of each type, for the global context', async () => {
    const { client, peer } = await startReady();
    expect(peer.hello.context).toEqual({ targetingKey: 'ann' });
    expect(client.getBooleanDetails('a', false)).toMatchObject({ value: true, variant: 'true', reason: 'STATIC' });
    expect(client.getStringValue('theme', 'light')).toBe('dark');
    expect(client.getNumberValue('limit', 1)).toBe(7);
    expect(client.getObjectValue('layout', {})).toEqual({ columns: 3 });
  });

  test('of what cannot be resolved are the default, with the error code', async () => {
    const { client } = await startReady();
    expect(client.getBooleanDetails('nope', true)).toMatchObject({ value: true, errorCode: 'FLAG_NOT_FOUND' });
    expect(client.getNumberDetails('theme', 4)).toMatchObject({ value: 4, errorCode: 'TYPE_MISMATCH' });
  });
});

describe('life (2.4, 2.5, 5.3)', () => {
  test('ready, configuration change, stale and ready again are told once each', async () => {
    const { events, peer } = await startReady({ staleAfterMs: 80 });
    await expect.poll(() => events).toEqual([ProviderEvents.Ready]);
    peer.send(values(2, { a: false }, DIFFERENCES));
    await expect.poll(() => events[1]).toBe(ProviderEvents.ConfigurationChanged);
    await expect.poll(() => events[2]).toBe(ProviderEvents.Stale);
    peer.send({ type: 'heartbeat' });
    await expect.poll(() => events[3]).toBe(ProviderEvents.Ready);
    expect(events).toHaveLength(4);
  });

  test('another context reconciles; of two, the last one counts', async () => {
    const { events, server, client } = await startReady();
    await expect.poll(() => events).toHaveLength(1);
    const bob = OpenFeature.setContext({ targetingKey: 'bob' });
    expect(client.getBooleanValue('a', false)).toBe(true);
    const cid = OpenFeature.setContext({ targetingKey: 'cid' });
    for (;;) {
      const peer = await server.next();
      if (peer.hello.context?.targetingKey !== 'cid') continue;
      peer.send(values(1, { a: false }));
      break;
    }
    await Promise.all([bob, cid]);
    expect(client.getBooleanValue('a', true)).toBe(false);
    expect(events).toContain(ProviderEvents.Reconciling);
    expect(events.filter((name) => name === ProviderEvents.ContextChanged)).toHaveLength(1);
    expect(client.providerStatus).toBe('READY');
  });

  test('values that come too late for initialize make the provider ready all the same', async () => {
    const { server, provider, client } = await start({}, { readyTimeoutMs: 20 });
    await expect(OpenFeature.setProviderAndWait(provider)).rejects.toThrow('no values came in time');
    expect(client.providerStatus).toBe('ERROR');
    (await server.next()).send(values(1, { a: true }));
    await expect.poll(() => client.providerStatus).toBe('READY');
    expect(client.getBooleanValue('a', false)).toBe(true);
  });

  test('a refused key is fatal', async () => {
    const { server, provider, client } = await start();
    const ready = OpenFeature.setProviderAndWait(provider);
    (await server.next()).close(CLOSE.keyRefused);
    await expect(ready).rejects.toThrow(/key/i);
    expect(client.providerStatus).toBe('FATAL');
  });

  test('a page that was given its values is ready before the server answers', async () => {
    const bootstrap = {
      revision: revision(1),
      values: { a: { value: true, variant: 'on', reason: 'SPLIT' as const } },
      timeMs: Date.now(),
    };
    const { provider, client } = await start({ bootstrap });
    await OpenFeature.setProviderAndWait(provider);
    expect(client.getBooleanValue('a', false)).toBe(true);
  });
});
