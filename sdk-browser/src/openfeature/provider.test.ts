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

describe('the provider', () => {
  test('names itself, and says where it runs (2.1.1)', async () => {
    const { provider } = await start();
    expect(provider.metadata.name).toBe('bunting');
    expect(provider.runsOn).toBe('client');
  });

  test('answers nothing before it was initialized, nor after it was closed (1.7.6, 2.5.2)', async () => {
    const { server, provider } = await start();
    expect(provider.resolveBooleanEvaluation('a', true)).toEqual({ value: true, errorCode: 'PROVIDER_NOT_READY' });
    const ready = provider.initialize({ targetingKey: 'ann' });
    const peer = await server.next();
    peer.send(values(1, { a: false }));
    await ready;
    expect(provider.resolveBooleanEvaluation('a', true).value).toBe(false);
    await provider.onClose();
    await peer.closed;
    expect(provider.resolveBooleanEvaluation('a', true)).toEqual({ value: true, errorCode: 'PROVIDER_NOT_READY' });
  });
});

describe('answers (2.2)', () => {
  test('come at once, of each type, for the global context (2.2.1 to 2.2.6)', async () => {
    const { client, peer } = await startReady();
    expect(peer.hello.context).toEqual({ targetingKey: 'ann' });
    expect(client.getBooleanDetails('a', false)).toMatchObject({ value: true, variant: 'true', reason: 'STATIC' });
    expect(client.getStringValue('theme', 'light')).toBe('dark');
    expect(client.getNumberValue('limit', 1)).toBe(7);
    expect(client.getObjectValue('layout', {})).toEqual({ columns: 3 });
  });

  test('of what cannot be resolved are the default, with the error code and what is wrong (2.2.7, 2.3.3, 1.4.8, 1.4.9)', async () => {
    const { client } = await startReady();
    expect(client.getBooleanDetails('nope', true)).toMatchObject({ value: true, errorCode: 'FLAG_NOT_FOUND' });
    expect(client.getNumberDetails('theme', 4)).toMatchObject({
      value: 4,
      errorCode: 'TYPE_MISMATCH',
      reason: 'ERROR',
      errorMessage: expect.stringContaining('string'),
    });
  });

  test('say in their metadata how much they can be trusted (2.2.9, 2.2.10, 1.4.14)', async () => {
    const { client } = await startReady({ staleAfterMs: 60 });
    expect(client.getBooleanDetails('a', false).flagMetadata).toEqual({ state: 'live' });
    await expect.poll(() => client.getBooleanDetails('a', false).flagMetadata).toEqual({ state: 'stale' });
  });

  test('pass through hooks, which see the provider and the context (4.1.2, 4.3)', async () => {
    const { client } = await startReady();
    const seen: unknown[] = [];
    client.addHooks({
      before: ({ flagKey, context, providerMetadata }) => void seen.push([flagKey, context, providerMetadata.name]),
      after: (_hookContext, { value, variant }) => void seen.push([value, variant]),
      error: () => void seen.push('error'),
    });
    client.getBooleanValue('a', false);
    client.getBooleanValue('nope', false);
    expect(seen).toEqual([
      ['a', { targetingKey: 'ann' }, 'bunting'],
      [true, 'true'],
      ['nope', { targetingKey: 'ann' }, 'bunting'],
      'error',
    ]);
  });
});

describe('life (2.4, 2.5, 5.3)', () => {
  test('ready, configuration change, stale and ready again are told once each (5.1.1, 5.3.1)', async () => {
    const { events, peer } = await startReady({ staleAfterMs: 80 });
    await expect.poll(() => events).toEqual([ProviderEvents.Ready]);
    peer.send(values(2, { a: false }, DIFFERENCES));
    await expect.poll(() => events[1]).toBe(ProviderEvents.ConfigurationChanged);
    await expect.poll(() => events[2]).toBe(ProviderEvents.Stale);
    peer.send({ type: 'heartbeat' });
    await expect.poll(() => events[3]).toBe(ProviderEvents.Ready);
    expect(events).toHaveLength(4);
  });

  test('another context reconciles; of two, the last one counts (2.6.1, 5.3.4.1, 5.3.4.2)', async () => {
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

  test('while a context is reconciled, nothing else is told (5.3.4.1, 5.3.4.2)', async () => {
    const { events, server, client } = await startReady();
    await expect.poll(() => events).toHaveLength(1);
    const bob = OpenFeature.setContext({ targetingKey: 'bob' });
    const peer = await server.next();
    expect(client.providerStatus).toBe('RECONCILING');
    peer.send(values(1, { a: true }));
    await bob;
    expect(events.slice(1)).toEqual([
      ProviderEvents.Reconciling,
      ProviderEvents.ConfigurationChanged,
      ProviderEvents.ContextChanged,
    ]);
  });

  test('values that come too late for initialize make the provider ready all the same (2.4.2.1, 5.3.2)', async () => {
    const { server, provider, client } = await start({}, { readyTimeoutMs: 20 });
    await expect(OpenFeature.setProviderAndWait(provider)).rejects.toThrow('no values came in time');
    expect(client.providerStatus).toBe('ERROR');
    (await server.next()).send(values(1, { a: true }));
    await expect.poll(() => client.providerStatus).toBe('READY');
    expect(client.getBooleanValue('a', false)).toBe(true);
  });

  test('a refused key is fatal (2.4.2.1, 5.1.4)', async () => {
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

test('a context whose values do not come is an error that says so, until they come (5.3.4.3, 5.1.5)', async () => {
  const { server, provider, client } = await start({}, { readyTimeoutMs: 60 });
  const ready = OpenFeature.setProviderAndWait(provider);
  (await server.next()).send(values(1, { a: true }));
  await ready;
  const errors: (string | undefined)[] = [];
  client.addHandler(ProviderEvents.Error, (details) => void errors.push(details?.message));
  await OpenFeature.setContext({ targetingKey: 'bob' });
  expect(client.providerStatus).toBe('ERROR');
  expect(errors).toEqual([expect.stringContaining('did not come in time')]);
  expect(client.getBooleanValue('a', false)).toBe(true);
  (await server.next()).send(values(1, { a: false }));
  await expect.poll(() => client.providerStatus).toBe('READY');
  expect(client.getBooleanValue('a', true)).toBe(false);
});

test('providers of two domains have contexts, values and events of their own (1.1.3, 3.2.4.1, 5.1.3)', async () => {
  const shop = await start();
  const forum = await start();
  const told: string[] = [];
  for (const domain of ['shop', 'forum']) {
    OpenFeature.getClient(domain).addHandler(ProviderEvents.ConfigurationChanged, () => void told.push(domain));
  }
  await OpenFeature.setContext('shop', { targetingKey: 'ann' });
  await OpenFeature.setContext({ targetingKey: 'anyone' });
  const ready = [
    OpenFeature.setProviderAndWait('shop', shop.provider),
    OpenFeature.setProviderAndWait('forum', forum.provider),
  ];
  const [shopPeer, forumPeer] = [await shop.server.next(), await forum.server.next()];
  shopPeer.send(values(1, { a: true }));
  forumPeer.send(values(1, { a: false }));
  await Promise.all(ready);
  expect([shopPeer.hello.context, forumPeer.hello.context]).toEqual([
    { targetingKey: 'ann' },
    { targetingKey: 'anyone' },
  ]);
  expect(OpenFeature.getClient('shop').getBooleanValue('a', false)).toBe(true);
  expect(OpenFeature.getClient('forum').getBooleanValue('a', true)).toBe(false);
  forumPeer.send(values(2, { a: true }, DIFFERENCES));
  await expect.poll(() => told).toEqual(['forum']);
});

test('what is tracked is counted by name, and told with what was evaluated (2.7.1, 6.1.2.1)', async () => {
  const { client, peer } = await startReady();
  client.track('order', { value: 19.5, currency: 'EUR' });
  client.track('order', { value: 5 });
  client.track('visit');
  peer.send({ type: 'heartbeat' });
  await expect
    .poll(() => peer.said.find((message) => message.type === 'telemetry'))
    .toMatchObject({
      events: [
        { name: 'order', count: 2, sum: 24.5 },
        { name: 'visit', count: 1, sum: 0 },
      ],
    });
});

test('the host is asked to prove each context; a proof that comes late is not used for another one', async () => {
  const slow: (() => void)[] = [];
  const proveContext = ({ targetingKey }: { targetingKey?: string }) =>
    targetingKey === 'slow'
      ? new Promise<string>((resolve) => slow.push(() => resolve('hash of slow')))
      : `hash of ${targetingKey}`;
  const { server, provider } = await start({}, { proveContext });
  await OpenFeature.setContext({ targetingKey: 'ann' });
  const ready = OpenFeature.setProviderAndWait(provider);
  const first = await server.next();
  expect(first.hello.contextHash).toBe('hash of ann');
  first.send(values(1, { a: true }));
  await ready;
  const isSlow = OpenFeature.setContext({ targetingKey: 'slow' });
  const isLast = OpenFeature.setContext({ targetingKey: 'bob' });
  await expect.poll(() => slow.length).toBe(1);
  slow[0]?.();
  const last = await server.next();
  expect(last.hello).toMatchObject({ context: { targetingKey: 'bob' }, contextHash: 'hash of bob' });
  last.send(values(1, { a: false }));
  await Promise.all([isSlow, isLast]);
  expect(server.accepted).toBe(2);
});

test('a context that changes while the first one is being proved is the one that is asked for', async () => {
  const proofs: (() => void)[] = [];
  const proveContext = ({ targetingKey }: { targetingKey?: string }) =>
    new Promise<string>((resolve) => proofs.push(() => resolve(`hash of ${targetingKey}`)));
  const { server, provider } = await start({}, { proveContext });
  const ready = provider.initialize({ targetingKey: 'ann' });
  await provider.onContextChange({ targetingKey: 'ann' }, { targetingKey: 'bob' });
  proofs[0]?.();
  await expect.poll(() => proofs.length).toBe(2);
  proofs[1]?.();
  const peer = await server.next();
  expect(peer.hello).toMatchObject({ context: { targetingKey: 'bob' }, contextHash: 'hash of bob' });
  peer.send(values(1, { a: true }));
  await ready;
});

test('a provider that is closed while a context is being proved opens no connection', async () => {
  let prove = (_hash: string) => {};
  const proveContext = () => new Promise<string>((resolve) => (prove = resolve));
  const { server, provider } = await start({}, { proveContext });
  const ready = provider.initialize({ targetingKey: 'ann' });
  await provider.onClose();
  prove('hash of ann');
  await expect(ready).rejects.toThrow('closed');
  expect(server.accepted).toBe(0);
  expect(provider.resolveBooleanEvaluation('a', true)).toEqual({ value: true, errorCode: 'PROVIDER_NOT_READY' });
});
