import { CLOSE, type EvaluatedValue, type Json, type Revision, type ValuesMessage } from '@bunting/core';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Client } from './client.ts';
import { connect } from './connect.ts';
import type { Flags, FlagsEventName, FlagsEvents } from './flags.ts';
import { TIMING, type Timing } from './link.ts';
import type { ConnectOptions } from './options.ts';
import { type Peer, ScriptedServer } from './test/scripted-server.ts';
import { SDK } from './version.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function startServer(): Promise<ScriptedServer> {
  const server = await ScriptedServer.start();
  cleanups.push(() => server.kill());
  return server;
}

function startPage(server: ScriptedServer, options: Partial<ConnectOptions> = {}, timing: Partial<Timing> = {}) {
  const lines: string[] = [];
  const logger = { warn: (line: string) => void lines.push(line) };
  const all = { url: server.url, clientKey: 'bnt_cli_1', context: { targetingKey: 'ann' }, logger, ...options };
  const flags: Flags = new Client(all, { ...TIMING, backoffMinMs: 5, backoffMaxMs: 20, ...timing });
  cleanups.push(() => flags.close());
  return { flags, lines };
}

const revision = (number: number): Revision => ({ incarnation: 'first', number, hash: `hash-${number}` });

function values(
  number: number,
  served: Readonly<Record<string, Json>>,
  more: Partial<ValuesMessage> = {},
): ValuesMessage {
  const evaluated = Object.entries(served).map(([key, value]): [string, EvaluatedValue] => {
    return [key, { value, variant: JSON.stringify(value), reason: 'STATIC' }];
  });
  return {
    type: 'values',
    revision: revision(number),
    committedAtMs: 1000 + number,
    timeMs: Date.now(),
    whole: true,
    values: Object.fromEntries(evaluated),
    delete: [],
    ...more,
  };
}

const differences = { whole: false } as const;

function once<Name extends FlagsEventName>(flags: Flags, name: Name): Promise<FlagsEvents[Name]> {
  return new Promise((resolve) => {
    const off = flags.on(name, (event) => {
      off();
      resolve(event);
    });
  });
}

async function startLive(options?: Partial<ConnectOptions>, timing?: Partial<Timing>) {
  const server = await startServer();
  const page = startPage(server, options, timing);
  const peer = await server.next();
  peer.send(values(1, { a: true, theme: 'dark' }));
  await page.flags.ready();
  return { server, peer, ...page };
}

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
    peer.send(values(2, { b: 1, theme: 'dark' }, { ...differences, delete: ['a'] }));
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
    peer.send({ type: 'heartbeat' }, { type: 'heartbeat' }, values(2, { a: false }, differences));
    await once(flags, 'change');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(peer.said.filter(({ type }) => type === 'heartbeat')).toHaveLength(1);
  });

  it('lets messages pass that do not concern it', async () => {
    const { server, flags, peer } = await startLive();
    peer.send({ type: 'kill', flag: 'a', epoch: 1, engaged: true }, values(2, { a: false }, differences));
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
    peer.send(values(2, { a: false }, differences));
    const again = await server.next();
    again.send(values(2, { a: true }));
    expect(await flags.ready()).toMatchObject({ state: 'live' });
    expect(server.accepted).toBe(2);
    expect(again.hello.context).toEqual({ targetingKey: 'bob' });
  });
});

describe('a page that lost its connection', () => {
  it('goes on answering, comes back, and takes whole values', async () => {
    const { server, flags, peer } = await startLive();
    peer.terminate();
    const again = await server.next();
    expect(flags.isEnabled('a')).toBe(true);
    const change = once(flags, 'change');
    again.send(values(5, { a: false, theme: 'dark' }));
    expect(await change).toMatchObject({ revision: revision(5), keys: ['a'] });
  });

  it('leaves a server that has fallen silent', async () => {
    const { server, flags } = await startLive({}, { silenceTimeoutMs: 80 });
    expect(await once(flags, 'error')).toMatchObject({ code: 'connection_failed' });
    await server.next();
    expect(flags.isEnabled('a')).toBe(true);
  });

  it('turns stale and is ready again when the server confirms', async () => {
    const { server, flags, peer } = await startLive({ staleAfterMs: 80 }, { backoffMinMs: 250, backoffMaxMs: 250 });
    const stale = once(flags, 'stale');
    peer.terminate();
    expect((await stale).dataAgeMs).toBeGreaterThanOrEqual(80);
    const again = await server.next();
    const ready = once(flags, 'ready');
    again.send(values(1, { a: true, theme: 'dark' }));
    await ready;
    again.send({ type: 'heartbeat', dataAgeMs: 5000 });
    await once(flags, 'stale');
  });

  it('comes back after a goodbye, no sooner than asked', async () => {
    const { server, peer, lines } = await startLive();
    const leftAtMs = performance.now();
    peer.send({ type: 'goodbye', retryAfterMs: 100 });
    await server.next();
    expect(performance.now() - leftAtMs).toBeGreaterThanOrEqual(99);
    expect(lines).toEqual([]);
  });

  it('tries at once when the browser is online again', async () => {
    const target = new EventTarget();
    Object.assign(globalThis, {
      addEventListener: target.addEventListener.bind(target),
      removeEventListener: target.removeEventListener.bind(target),
    });
    cleanups.push(() => {
      for (const name of ['addEventListener', 'removeEventListener']) Reflect.deleteProperty(globalThis, name);
    });
    const { server, flags, peer } = await startLive({}, { refusedMs: 60_000 });
    const error = once(flags, 'error');
    peer.close(CLOSE.keyRefused);
    await error;
    target.dispatchEvent(new Event('online'));
    await server.next();
    flags.close();
    target.dispatchEvent(new Event('online'));
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(server.accepted).toBe(2);
  });

  it.each<[string, (peer: Peer) => void]>([
    ['a frame that is not JSON', (peer) => peer.sendFrame('{')],
    ['a binary frame', (peer) => peer.sendFrame(Buffer.from([1]))],
    ['a message without a type', (peer) => peer.sendFrame('[]')],
    ['malformed values', (peer) => peer.sendFrame('{"type":"values","whole":true,"values":{"a":7}}')],
    ['a heartbeat from nowhere', (peer) => peer.sendFrame('{"type":"heartbeat","dataAgeMs":"old"}')],
  ])('reports %s, keeps its values and reconnects', async (_, misbehave) => {
    const { server, flags, peer } = await startLive();
    const error = once(flags, 'error');
    misbehave(peer);
    expect((await error).code).toBe('message_unusable');
    expect(flags.isEnabled('a')).toBe(true);
    await server.next();
    await peer.closed;
    expect(server.open).toBe(1);
  });

  it('refuses differences to values that it never got', async () => {
    const server = await startServer();
    const { flags } = startPage(server);
    const error = once(flags, 'error');
    (await server.next()).send(values(2, { a: true }, differences));
    expect((await error).message).toContain('differences to values that never came');
    expect(flags.state).toBe('default');
  });

  it('says a refused key once, ends the wait for readiness, and works as soon as the key does', async () => {
    const server = await startServer();
    const { flags, lines } = startPage(server, {}, { refusedMs: 10 });
    const waiting = flags.ready({ timeoutMs: 60_000 });
    for (let i = 0; i < 3; i++) {
      const peer = await server.next();
      peer.send({ type: 'error', code: 'key_unknown', message: 'No such key', requestId: 'r1' });
      peer.close(CLOSE.keyRefused);
    }
    expect(await waiting).toMatchObject({ state: 'default', error: { code: 'key_refused' } });
    expect(flags.getBooleanDetails('a', true)).toMatchObject({ value: true, errorCode: 'PROVIDER_FATAL' });
    const ready = once(flags, 'ready');
    (await server.next()).send(values(1, { a: true }));
    await ready;
    expect(flags.isEnabled('a')).toBe(true);
    expect(lines).toEqual([expect.stringMatching(/No such key \(key_unknown\).*Set clientKey/)]);
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
    peer.send(values(2, { a: false }, differences));
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
