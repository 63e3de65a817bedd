import type { Json, TelemetryMessage } from '@bunting/core';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { connect } from './connect.ts';
import type { ConnectOptions } from './options.ts';
import { DIFFERENCES, once, revision, startLive, startPage, startServer, values } from './test/page.ts';
import type { Peer } from './test/scripted-server.ts';
import { SDK } from './version.ts';

describe('a page that connects', () => {
  it('introduces itself with its client key and its context', async () => {
    const server = await startServer();
    startPage(server, { app: 'shop' });
    expect((await server.next()).hello).toEqual({
      type: 'hello',
      protocol: 1,
      key: 'bnt_cli_1',
      sdk: SDK,
      instance: { id: expect.any(String), app: 'shop' },
      context: { targetingKey: 'ann' },
      have: null,
    });
  });

  it('says which revision it has seen when it comes back, and none for someone else', async () => {
    const { server, flags, peer } = await startLive();
    peer.terminate();
    const again = await server.next();
    expect(again.hello).toMatchObject({ have: revision(1) });
    void flags.identify({ targetingKey: 'bob' });
    expect((await server.next()).hello).toMatchObject({ context: { targetingKey: 'bob' }, have: null });
  });

  it('answers defaults until its values come, then by them', async () => {
    const server = await startServer();
    const { flags } = startPage(server);
    expect(flags.state).toBe('default');
    expect(flags.isEnabled('a')).toBe(false);
    expect(flags.getBooleanDetails('a', true)).toMatchObject({ value: true, errorCode: 'PROVIDER_NOT_READY' });
    const peer = await server.next();
    const ready = once(flags, 'ready');
    peer.send(values(3, { a: true, theme: 'dark', limit: 7, layout: { columns: 3 } }));
    expect(await ready).toEqual({ revision: revision(3) });
    expect(flags).toMatchObject({ state: 'live', revision: revision(3) });
    expect(flags.isEnabled('a')).toBe(true);
    expect(flags.getBooleanValue('a', false)).toBe(true);
    expect(flags.getStringValue('theme', 'light')).toBe('dark');
    expect(flags.getNumberValue('limit', 1)).toBe(7);
    expect(flags.getObjectValue<Json>('layout', null)).toEqual({ columns: 3 });
  });

  it('explains its answers', async () => {
    const { flags } = await startLive();
    expect(flags.getStringDetails('theme', 'light')).toEqual({
      key: 'theme',
      value: 'dark',
      variant: '"dark"',
      reason: 'STATIC',
      errorCode: undefined,
      errorMessage: undefined,
      flagMetadata: {},
      state: 'live',
      dataAgeMs: expect.any(Number),
    });
    expect(flags.getNumberDetails('theme', 4)).toMatchObject({ value: 4, reason: 'ERROR', errorCode: 'TYPE_MISMATCH' });
    expect(flags.getObjectDetails('nope', [1])).toMatchObject({ value: [1], errorCode: 'FLAG_NOT_FOUND' });
    expect(flags.isEnabled('theme', true)).toBe(true);
  });

  it('applies differences and names the flags that changed', async () => {
    const { flags, peer } = await startLive();
    const change = once(flags, 'change');
    peer.send(values(2, { b: 1, theme: 'dark' }, { ...DIFFERENCES, delete: ['a'] }));
    expect(await change).toEqual({ revision: revision(2), keys: ['a', 'b'], committedAtMs: 1002 });
    expect(flags.isEnabled('a')).toBe(false);
    expect(flags.getStringValue('theme', 'light')).toBe('dark');
    peer.send(values(3, { c: true }));
    await once(flags, 'change');
    expect(flags.getBooleanDetails('theme', true).errorCode).toBe('FLAG_NOT_FOUND');
    await expect.poll(() => peer.said.filter(({ type }) => type === 'receipt')).toHaveLength(3);
  });

  it('answers heartbeats, and not each of a flood', async () => {
    const { flags, peer } = await startLive();
    peer.send({ type: 'heartbeat' }, { type: 'heartbeat' }, values(2, { a: false }, DIFFERENCES));
    await once(flags, 'change');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(peer.said.filter(({ type }) => type === 'heartbeat')).toHaveLength(1);
  });

  it('lets messages pass that do not concern it', async () => {
    const { server, flags, peer } = await startLive();
    peer.send({ type: 'kill', flag: 'a', epoch: 1, engaged: true }, values(2, { a: false }, DIFFERENCES));
    await once(flags, 'change');
    expect(server.accepted).toBe(1);
  });
});

describe('identifying someone else', () => {
  it('serves the earlier values as stale until the new ones are there', async () => {
    const { server, flags, peer } = await startLive();
    const stale = once(flags, 'stale');
    const identified = flags.identify({ targetingKey: 'bob' });
    await stale;
    expect(flags.state).toBe('stale');
    expect(flags.isEnabled('a')).toBe(true);
    await peer.closed;
    const again = await server.next();
    expect(again.hello.context).toEqual({ targetingKey: 'bob' });
    const change = once(flags, 'change');
    again.send(values(1, { a: false, theme: 'dark' }));
    expect(await identified).toMatchObject({ state: 'live' });
    expect((await change).keys).toEqual(['a']);
    expect(flags.isEnabled('a')).toBe(false);
  });

  it('lets the last call win, even when answers to the earlier ones still arrive', async () => {
    const { server, flags } = await startLive();
    const results = ['bob', 'cleo', 'dan'].map((targetingKey) => flags.identify({ targetingKey }));
    let peer: Peer;
    do {
      peer = await server.next();
      peer.send(values(1, { who: peer.hello.context?.targetingKey ?? '' }));
    } while (peer.hello.context?.targetingKey !== 'dan');
    for (const result of await Promise.all(results)) expect(result.state).toBe('live');
    expect(flags.getStringValue('who', 'nobody')).toBe('dan');
  });

  it('takes the context as it was when it was given', async () => {
    const { server, flags } = await startLive();
    const context = { targetingKey: 'bob', plan: 'pro' };
    void flags.identify(context);
    context.plan = 'free';
    expect((await server.next()).hello.context).toEqual({ targetingKey: 'bob', plan: 'pro' });
  });

  it('ignores a context that cannot be sent, and says so', async () => {
    const { server, flags, lines } = await startLive();
    const circular: Record<string, unknown> = {};
    circular.self = circular;
    for (const context of [circular, { big: 1n }, null, 'bob', []]) await flags.identify(context as never);
    expect(lines).toHaveLength(5);
    expect(server.accepted).toBe(1);
    expect(flags.state).toBe('live');
  });

  it('may happen in a listener', async () => {
    const { server, flags, peer } = await startLive();
    const off = flags.on('change', () => {
      off();
      void flags.identify({ targetingKey: 'bob' });
    });
    peer.send(values(2, { a: false }, DIFFERENCES));
    const again = await server.next();
    again.send(values(2, { a: true }));
    expect(await flags.ready()).toMatchObject({ state: 'live' });
    expect(server.accepted).toBe(2);
    expect(again.hello.context).toEqual({ targetingKey: 'bob' });
  });
});

describe('a page', () => {
  it('waits for readiness no longer than it is told', async () => {
    const { flags } = startPage(await startServer());
    const result = await flags.ready({ timeoutMs: 40 });
    expect(result).toMatchObject({ state: 'default', revision: undefined });
    expect(result.waitedMs).toBeGreaterThanOrEqual(39);
  });

  it('connects no more once closed, also from within a listener', async () => {
    const { server, flags, peer } = await startLive();
    flags.on('error', () => flags.close());
    peer.terminate();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(server.accepted).toBe(1);
    expect(await flags.identify({ targetingKey: 'bob' })).toMatchObject({ state: 'live' });
    expect(server.accepted).toBe(1);
  });

  it('tells listeners that come late what already is', async () => {
    const { flags } = await startLive();
    expect(await once(flags, 'ready')).toEqual({ revision: revision(1) });
  });

  it('survives listeners that throw or reject', async () => {
    const { flags, peer, lines } = await startLive();
    flags.on('change', () => {
      throw new Error('boom');
    });
    flags.on('change', (async () => {
      throw new Error('later');
    }) as unknown as () => void);
    const change = once(flags, 'change');
    peer.send(values(2, { a: false }, DIFFERENCES));
    await change;
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(lines.join()).toMatch(/boom.*later/);
  });

  it('never throws, whatever it is given', async () => {
    const { flags } = await startLive();
    const untyped = flags as unknown as Record<string, (...args: unknown[]) => unknown>;
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (key, fallback) => {
        for (const type of ['Boolean', 'String', 'Number', 'Object']) {
          expect(untyped[`get${type}Value`]?.(key, fallback)).toBe(fallback);
          untyped[`get${type}Details`]?.(key, fallback);
        }
        untyped.on?.(key, fallback);
        void untyped.ready?.(fallback);
      }),
    );
  });

  it('counts what is tracked by name, adds up usable values, and bounds names', async () => {
    const { flags, peer } = await startLive();
    for (const value of [2.5, -1, Number.NaN, Number.POSITIVE_INFINITY, 1e300, '7', undefined]) {
      flags.track('order', { value } as never);
    }
    for (const name of ['', 'x'.repeat(101), undefined, {}]) flags.track(name as never);
    flags.track('other', null as never);
    for (let i = 0; i < 300; i++) flags.track(`made-up-${i}`);
    peer.send({ type: 'heartbeat' });
    await expect.poll(() => peer.said.find(({ type }) => type === 'telemetry')).toBeDefined();
    const { events = [] } = peer.said.find(({ type }) => type === 'telemetry') as TelemetryMessage;
    expect(events.slice(0, 2)).toEqual([
      { name: 'order', count: 7, sum: 1.5 },
      { name: 'other', count: 1, sum: 0 },
    ]);
    expect(events).toHaveLength(100);
  });

  it('never throws for its options, and says once what is wrong with them', async () => {
    const hostile = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    );
    const lines: string[] = [];
    const logger = { warn: (line: string) => void lines.push(line) };
    const nowhere = { url: 'nowhere', clientKey: 'k', logger };
    const odd = { url: 'ftp://a.example', clientKey: 'k', logger };
    const keyless = { url: 'https://a.example', logger };
    const secret = { url: 'https://a.example', clientKey: 'bnt_srv_1', logger };
    for (const options of [nowhere, odd, keyless, secret]) {
      const flags = connect(options as unknown as ConnectOptions);
      const error = once(flags, 'error');
      expect(await flags.ready()).toMatchObject({ state: 'default', waitedMs: 0, error: { code: 'options_invalid' } });
      expect((await error).message).toContain('Pass url, such as');
    }
    expect(lines).toHaveLength(4);
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    for (const options of [undefined, null, 7, hostile]) connect(options as unknown as ConnectOptions).close();
    await Promise.resolve();
    expect(warn).toHaveBeenCalledTimes(4);
    warn.mockRestore();
  });
});
