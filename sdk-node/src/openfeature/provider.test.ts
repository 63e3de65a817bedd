import { CLOSE, type Flag } from '@bunting/core';
import {
  type EvaluationContext,
  type EvaluationDetails,
  type FlagValue,
  type Hook,
  OpenFeature,
  ProviderEvents,
} from '@openfeature/server-sdk';
import { afterEach, describe, expect, test } from 'vitest';
import { changes, flagOf, offFlag, onFlag, revision, rolloutFlag, snapshot } from '../test/documents.ts';
import { HEARTBEAT, startClient, startLive, startServer } from '../test/live-client.ts';
import { BuntingProvider } from './provider.ts';
import { type EvaluationEvent, TelemetryHook } from './telemetry-hook.ts';

afterEach(async () => {
  await OpenFeature.close();
  OpenFeature.clearHooks();
  OpenFeature.clearHandlers();
  OpenFeature.setContext({});
});

/** OpenFeature on a provider whose flags are live, and what events came from then on: first that it is ready. */
async function startReady(tuning?: Parameters<typeof startLive>[0]) {
  const live = await startLive(tuning);
  await OpenFeature.setProviderAndWait(new BuntingProvider(live.flags));
  const events: string[] = [];
  const client = OpenFeature.getClient();
  for (const name of Object.values(ProviderEvents)) {
    client.addHandler(name, (event) => {
      const changed = event && 'flagsChanged' in event ? ` ${event.flagsChanged}` : '';
      events.push(`${name}${changed}`);
    });
  }
  return { ...live, client, events };
}

describe('answers (2.2)', () => {
  test('come with value, variant, reason and metadata of each type (2.2.1 to 2.2.5)', async () => {
    const { client, peer, flags } = await startReady();
    const words = flagOf('words', 'string', { a: 'first', b: 'second' });
    const count = flagOf('count', 'number', { a: 0.5, b: 2 });
    const config = flagOf('config', 'object', { a: { deep: [1, null] }, b: {} });
    peer.send(changes(1, 2, [words, count, config, rolloutFlag('half', 50_000)]));
    await expect.poll(() => flags.revision?.number).toBe(2);
    expect(await client.getBooleanDetails('a', false)).toEqual({
      flagKey: 'a',
      value: true,
      variant: 'on',
      reason: 'STATIC',
      flagMetadata: { version: '2' },
    });
    expect(await client.getStringValue('words', 'x')).toBe('first');
    expect(await client.getNumberValue('count', 7)).toBe(0.5);
    expect(await client.getObjectValue('config', {})).toEqual({ deep: [1, null] });
    const { reason } = await client.getBooleanDetails('half', false, { targetingKey: 'ann' });
    expect(reason).toBe('SPLIT');
  });

  test('of what cannot be resolved are the default, with the error code (2.2.6, 2.2.7)', async () => {
    const { client } = await startReady();
    expect(await client.getStringDetails('a', 'x')).toMatchObject({ value: 'x', errorCode: 'TYPE_MISMATCH' });
    const unknown = await client.getBooleanDetails('nope', true);
    expect(unknown).toMatchObject({ value: true, reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND' });
    expect(unknown.errorMessage).toMatch(/\w/);
  });

  test('go by the context, where the call, the client and OpenFeature have one (2.2.1, 3.2.2, 3.2.3)', async () => {
    const { client, peer, flags } = await startReady();
    const when = {
      all: ['country', 'plan', 'age'].map((attribute) => ({ attribute, operator: 'in', values: ['x', 5] })),
    };
    const rules = [{ id: 'all-three', when, serve: { variant: 'on' } }];
    peer.send(changes(1, 2, [{ ...onFlag('aware'), rules, defaultRule: { variant: 'off' } } as Flag]));
    await expect.poll(() => flags.revision?.number).toBe(2);
    const ask = (context: EvaluationContext) => client.getBooleanDetails('aware', false, context);
    OpenFeature.setContext({ country: 'x', plan: 'overridden' });
    client.setContext({ plan: 'x', age: 0 });
    expect(await ask({ age: 5 })).toMatchObject({ value: true, variant: 'on', reason: 'TARGETING_MATCH' });
    expect(await ask({ age: 6 })).toMatchObject({ value: false, variant: 'off', reason: 'DEFAULT' });
    OpenFeature.setContext({});
    expect((await ask({ age: 5 })).value).toBe(false);
  });

  test('pass through hooks, which see the provider and how it ended (4.1.2, 4.3)', async () => {
    const { client } = await startReady();
    const seen: unknown[] = [];
    const hook: Hook = {
      before: ({ flagKey, providerMetadata }) => void seen.push(['before', flagKey, providerMetadata.name]),
      after: (_call, { value, variant }) => void seen.push(['after', value, variant]),
      error: (_call, error) => void seen.push(['error', String(error)]),
      finally: (_call, { value, reason, errorCode }) => void seen.push(['finally', value, reason, errorCode]),
    };
    client.addHooks(hook);
    await client.getBooleanValue('a', false);
    await client.getStringValue('a', 'x');
    expect(seen).toEqual([
      ['before', 'a', 'bunting'],
      ['after', true, 'on'],
      ['finally', true, 'STATIC', undefined],
      ['before', 'a', 'bunting'],
      ['error', expect.stringContaining('of type boolean')],
      ['finally', 'x', 'ERROR', 'TYPE_MISMATCH'],
    ]);
  });
});

test('what is tracked is counted by name, and told to the server (2.7.1, 6.1.1.1)', async () => {
  const { client, peer, flags } = await startReady();
  client.track('order', { targetingKey: 'ann' }, { value: 19.5, currency: 'EUR' });
  client.track('order', {}, { value: 0.5 });
  client.track('visit');
  await flags.close();
  expect((await peer.receive('telemetry')).events).toEqual([
    { name: 'order', count: 2, sum: 20 },
    { name: 'visit', count: 1, sum: 0 },
  ]);
});

describe('life (2.4, 2.5, 5.3)', () => {
  test('is stale while it answers by a bootstrap, and ready when the server has spoken', async () => {
    const server = await startServer();
    const bootstrap = { revision: revision(1), flags: [onFlag('a')] };
    const { flags } = startClient(server, { options: { bootstrap } });
    const events: string[] = [];
    for (const name of [ProviderEvents.Ready, ProviderEvents.Stale]) {
      OpenFeature.addHandler(name, () => void events.push(name));
    }
    await OpenFeature.setProviderAndWait(new BuntingProvider(flags, { readyTimeoutMs: 20 }));
    expect(await OpenFeature.getClient().getBooleanValue('a', false)).toBe(true);
    await expect.poll(() => events.at(-1)).toBe(ProviderEvents.Stale);
    expect(OpenFeature.getClient().providerStatus).toBe('STALE');
    (await server.next()).send(snapshot(2, [onFlag('a')]));
    await expect.poll(() => events.at(-1)).toBe(ProviderEvents.Ready);
  });

  test('ready, configuration change, stale and ready again are told once each', async () => {
    const { events, peer, client } = await startReady({ staleAfterMs: 80 });
    await expect.poll(() => events).toEqual([ProviderEvents.Ready]);
    peer.send(changes(1, 2, [offFlag('a')]));
    await expect.poll(() => events[1]).toBe(`${ProviderEvents.ConfigurationChanged} a`);
    expect(await client.getBooleanValue('a', true)).toBe(false);
    await expect.poll(() => events[2]).toBe(ProviderEvents.Stale);
    peer.send(HEARTBEAT);
    await expect.poll(() => events[3]).toBe(ProviderEvents.Ready);
  });

  test('a ruleset that comes too late for initialize makes the provider ready all the same', async () => {
    const server = await startServer();
    const { flags } = startClient(server);
    const provider = new BuntingProvider(flags, { readyTimeoutMs: 20 });
    await expect(OpenFeature.setProviderAndWait(provider)).rejects.toThrow('no ruleset came in time');
    const client = OpenFeature.getClient();
    expect(client.providerStatus).toBe('ERROR');
    expect(await client.getBooleanDetails('a', true)).toMatchObject({ value: true, errorCode: 'PROVIDER_NOT_READY' });
    (await server.next()).send(snapshot(1, [offFlag('a')]));
    await expect.poll(() => client.providerStatus).toBe('READY');
    expect(await client.getBooleanValue('a', true)).toBe(false);
  });

  test('a refused key is fatal, until it is accepted', async () => {
    const server = await startServer();
    const { flags } = startClient(server, { timing: { refusedMinMs: 5, refusedMaxMs: 10 } });
    const ready = OpenFeature.setProviderAndWait(new BuntingProvider(flags));
    (await server.next()).close(CLOSE.keyRefused);
    await expect(ready).rejects.toThrow(/key/i);
    const client = OpenFeature.getClient();
    expect(client.providerStatus).toBe('FATAL');
    (await server.next()).send(snapshot(1, [onFlag('a')]));
    await expect.poll(() => client.providerStatus).toBe('READY');
  });

  test('a connection of its own ends with the provider; one that is used elsewhere does not', async () => {
    const { peer, flags } = await startReady();
    await OpenFeature.close();
    peer.send(changes(1, 2, [offFlag('a')]));
    await expect.poll(() => flags.isEnabled('a')).toBe(false);

    const server = await startServer();
    const own = new BuntingProvider({ url: server.url, sdkKey: 'bnt_srv_x', logger: {} });
    const ready = OpenFeature.setProviderAndWait(own);
    const ownPeer = await server.next();
    ownPeer.send(snapshot(1, [onFlag('a')]));
    await ready;
    await OpenFeature.close();
    expect(await ownPeer.closed).toBe(1000);

    // As one that was never initialized (2.5.2).
    const again = own.initialize();
    (await server.next()).send(snapshot(2, [offFlag('a')]));
    await again;
    expect((await own.resolveBooleanEvaluation('a', true, {})).value).toBe(false);
    await own.onClose();
  });
});

test('the telemetry hook records each evaluation by the conventions, without its value', async () => {
  const { client } = await startReady();
  const records: EvaluationEvent[] = [];
  OpenFeature.addHooks(new TelemetryHook({ emit: (record) => records.push(record) }));
  await client.getBooleanValue('a', false, { targetingKey: 'ann' });
  await client.getBooleanValue('nope', false);
  expect(records).toEqual([
    {
      eventName: 'feature_flag.evaluation',
      attributes: {
        'feature_flag.key': 'a',
        'feature_flag.provider.name': 'bunting',
        'feature_flag.result.reason': 'static',
        'feature_flag.result.variant': 'on',
        'feature_flag.context.id': 'ann',
        'feature_flag.version': '1',
      },
    },
    {
      eventName: 'feature_flag.evaluation',
      attributes: expect.objectContaining({
        'feature_flag.key': 'nope',
        'feature_flag.result.reason': 'error',
        'error.type': 'flag_not_found',
        'feature_flag.error.message': expect.stringMatching(/\w/),
      }),
    },
  ]);
});

test('the hook fits what OpenFeature hands it, whatever the value', () => {
  const details: EvaluationDetails<FlagValue> = { flagKey: 'k', value: { deep: true }, flagMetadata: {} };
  const records: EvaluationEvent[] = [];
  const hook = new TelemetryHook({ emit: (record) => records.push(record) });
  hook.finally({ context: {}, providerMetadata: { name: 'p' } } as never, details);
  expect(records[0]?.attributes).toEqual({
    'feature_flag.key': 'k',
    'feature_flag.provider.name': 'p',
    'feature_flag.result.reason': 'unknown',
  });
});
