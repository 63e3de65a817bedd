import { CLOSE } from '@bunting/core';
import { afterEach, describe, expect, it } from 'vitest';
import { Client } from './client.ts';
import { TIMING, type Timing } from './connection/timing.ts';
import type { FlagsEventName, FlagsEvents } from './events.ts';
import type { Flags } from './flags.ts';
import { readOptions } from './options.ts';
import { changes, flagOf, offFlag, onFlag, revision, snapshot } from './test/documents.ts';
import { type Peer, ScriptedServer } from './test/scripted-server.ts';
import { SDK } from './version.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function startServer(port?: number): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(port);
  cleanups.push(() => server.kill().catch(() => {}));
  return server;
}

interface Tuning {
  readonly timing?: Partial<Timing>;
  readonly staleAfterMs?: number;
}

function startClient(server: { readonly url: string }, { timing, staleAfterMs }: Tuning = {}) {
  const lines: string[] = [];
  const keep = (line: string) => lines.push(line);
  const settings = readOptions({
    url: server.url,
    sdkKey: 'bnt_srv_secret',
    app: 'shop',
    instanceId: 'shop-1',
    deploy: { version: '1.4.0' },
    staleAfterMs,
    logger: { info: keep, warn: keep, error: keep },
  });
  const flags: Flags = new Client(settings, { ...TIMING, backoffMinMs: 5, backoffMaxMs: 20, ...timing });
  cleanups.push(() => flags.close());
  return { flags, lines };
}

function once<Name extends FlagsEventName>(flags: Flags, name: Name): Promise<FlagsEvents[Name]> {
  return new Promise((resolve) => {
    const off = flags.on(name, (event) => {
      off();
      resolve(event);
    });
  });
}

/** A client that has a snapshot of revision 1 with flag `a` on. */
async function startLive(tuning?: Tuning) {
  const server = await startServer();
  const { flags, lines } = startClient(server, tuning);
  const peer = await server.next();
  peer.send(snapshot(1, [onFlag('a'), onFlag('b')]));
  await flags.ready();
  return { server, flags, lines, peer };
}

const heartbeat = { type: 'heartbeat', timeMs: Date.now(), dataAgeMs: 0 } as const;

describe('a client that connects', () => {
  it('introduces itself and asks for a snapshot', async () => {
    const server = await startServer();
    startClient(server);
    const peer = await server.next();
    expect(await peer.hello).toEqual({
      type: 'hello',
      protocol: 1,
      key: 'bnt_srv_secret',
      sdk: SDK,
      instance: { id: 'shop-1', app: 'shop', host: expect.any(String) },
      deploy: { version: '1.4.0' },
      have: null,
    });
  });

  it('answers by the snapshot, tells that it is ready, and sends a receipt', async () => {
    const server = await startServer();
    const { flags } = startClient(server);
    const ready = once(flags, 'ready');
    const peer = await server.next();
    expect(flags).toMatchObject({ state: 'default', revision: undefined, dataAgeMs: undefined });
    expect(flags.isEnabled('a')).toBe(false);
    peer.send(snapshot(7, [onFlag('a')]));
    expect(await ready).toEqual({ revision: revision(7) });
    expect(flags.isEnabled('a')).toBe(true);
    expect(flags).toMatchObject({ state: 'live', revision: revision(7) });
    expect(flags.dataAgeMs).toBeLessThan(1000);
    expect(await peer.receive('receipt')).toEqual({
      type: 'receipt',
      revision: revision(7),
      broken: { count: 0, keys: [] },
    });
  });

  it('applies changes as a whole and names the changed flags', async () => {
    const { flags, peer } = await startLive();
    await peer.receive('receipt');
    const change = once(flags, 'change');
    const sent = changes(1, 2, [offFlag('a'), onFlag('c')], ['b']);
    peer.send(sent);
    expect(await change).toEqual({
      revision: revision(2),
      keys: ['a', 'c', 'b'],
      committedAtMs: sent.committedAtMs,
    });
    expect(['a', 'b', 'c'].map((key) => flags.isEnabled(key))).toEqual([false, false, true]);
    expect(await peer.receive('receipt')).toMatchObject({ revision: { number: 2 } });
  });

  it('has the change in effect when it tells of it', async () => {
    const { flags, peer } = await startLive();
    const seen = new Promise((resolve) => flags.on('change', () => resolve(flags.isEnabled('a'))));
    peer.send(changes(1, 2, [offFlag('a')]));
    expect(await seen).toBe(false);
  });

  it('obeys a kill and a re-arm, outside the revisions', async () => {
    const { flags, peer } = await startLive();
    const killed = once(flags, 'change');
    peer.send({ type: 'kill', flag: 'a', epoch: 1, engaged: true });
    expect(await killed).toMatchObject({ revision: revision(1), keys: ['a'] });
    expect(flags.isEnabled('a')).toBe(false);
    const rearmed = once(flags, 'change');
    peer.send({ type: 'kill', flag: 'a', epoch: 2, engaged: false });
    await rearmed;
    expect(flags.isEnabled('a')).toBe(true);
  });

  it('answers heartbeats, and not each of a flood', async () => {
    const { peer, flags } = await startLive();
    peer.send(heartbeat, heartbeat, heartbeat, changes(1, 2, []));
    await once(flags, 'change');
    await peer.receive('heartbeat');
    expect(peer.said.filter(({ type }) => type === 'heartbeat')).toHaveLength(1);
  });

  it('takes a ruleset of 10 000 flags and sends the receipt when it has looked at all of them', async () => {
    const server = await startServer();
    const { flags } = startClient(server);
    const peer = await server.next();
    const many = Array.from({ length: 10_000 }, (_, i) => onFlag(`flag-${i}`));
    const message = snapshot(1, many);
    const broken = { kind: 'flag', key: 'flag-9999', json: '{"key":"flag-9999"}' } as const;
    peer.send({ ...message, items: [...message.items.slice(0, -1), broken] });
    expect(await flags.ready()).toMatchObject({ state: 'live' });
    expect(flags.isEnabled('flag-9998')).toBe(true);
    expect((await peer.receive('receipt')).broken).toEqual({ count: 1, keys: ['flag-9999'] });
  });

  it('names flags that it cannot understand, to the server and to the operator, and serves the others', async () => {
    const server = await startServer();
    const { flags, lines } = startClient(server);
    const error = once(flags, 'error');
    const peer = await server.next();
    const bad = Array.from({ length: 25 }, (_, i) => ({ kind: 'flag', key: `bad-${i}`, json: 'not json' }) as const);
    const message = snapshot(1, [onFlag('a')]);
    peer.send({ ...message, items: [...message.items, ...bad] });
    const receipt = await peer.receive('receipt');
    expect(receipt.broken.count).toBe(25);
    expect(receipt.broken.keys).toHaveLength(20);
    expect(await error).toMatchObject({ code: 'flags_broken', message: expect.stringContaining('and 5 more') });
    expect(lines).toHaveLength(1);
    expect(flags.isEnabled('a')).toBe(true);
    expect(flags.getBooleanDetails('bad-0', true)).toMatchObject({ value: true, errorCode: 'PARSE_ERROR' });
  });
});

describe('a client that lost its connection', () => {
  it('goes on answering, resumes from the revision it has, and catches up', async () => {
    const { server, flags, peer } = await startLive();
    peer.terminate();
    const again = await server.next();
    expect(flags.isEnabled('a')).toBe(true);
    expect((await again.hello).have).toEqual(revision(1));
    const change = once(flags, 'change');
    again.send(changes(1, 4, [offFlag('a')]));
    expect(await change).toMatchObject({ revision: revision(4), keys: ['a'] });
    expect((await again.receive('receipt')).revision).toEqual(revision(4));
  });

  it('tells of no change when there was none', async () => {
    const { server, flags, peer } = await startLive();
    let told = 0;
    flags.on('change', () => told++);
    peer.terminate();
    const again = await server.next();
    again.send(changes(1, 1, []));
    await again.receive('receipt');
    expect(told).toBe(0);
  });

  it('takes a snapshot of another incarnation, even with a lower number', async () => {
    const { server, flags, peer } = await startLive();
    peer.send(changes(1, 9, []));
    await once(flags, 'change');
    peer.terminate();
    const again = await server.next();
    const change = once(flags, 'change');
    again.send(snapshot(2, [onFlag('a'), offFlag('b')], 'second'));
    expect(await change).toMatchObject({ revision: revision(2, 'second'), keys: ['b'] });
  });

  it('finds a server that was killed and restarted on the same port', async () => {
    const { server, flags, lines } = await startLive();
    const { port } = server;
    const error = once(flags, 'error');
    await server.kill();
    expect((await error).code).toBe('connection_lost');
    expect(flags.isEnabled('a')).toBe(true);
    const restarted = await startServer(port);
    (await restarted.next()).send(changes(1, 2, [offFlag('a')]));
    await once(flags, 'change');
    expect(flags.isEnabled('a')).toBe(false);
    expect(lines.at(-1)).toContain('live again');
  });

  it('says each problem once until it is overcome', async () => {
    const { server, flags } = await startLive();
    const codes: string[] = [];
    flags.on('error', ({ code }) => codes.push(code));
    const { port } = server;
    await server.kill();
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(codes).toEqual(['connection_lost', 'connection_failed']);
    const restarted = await startServer(port);
    const peer = await restarted.next();
    peer.send(changes(1, 2, []));
    await once(flags, 'change');
    peer.terminate();
    await restarted.next();
    expect(codes).toEqual(['connection_lost', 'connection_failed', 'connection_lost']);
  });

  it('comes back after a goodbye, no sooner than asked and without an error', async () => {
    const { server, flags, peer } = await startLive();
    let errors = 0;
    flags.on('error', () => errors++);
    const leftAtMs = performance.now();
    peer.send({ type: 'goodbye', retryAfterMs: 120 });
    await peer.closed;
    await server.next();
    expect(performance.now() - leftAtMs).toBeGreaterThanOrEqual(119);
    expect(errors).toBe(0);
  });

  it('leaves a server that has fallen silent', async () => {
    const { server, flags, peer } = await startLive({ timing: { silenceTimeoutMs: 150 } });
    peer.fallSilent();
    expect((await once(flags, 'error')).message).toContain('the server said nothing for 150 ms');
    (await server.next()).send(changes(1, 2, []));
    await once(flags, 'change');
    expect(server.accepted).toBe(2);
    peer.terminate();
  });

  it('stays with a server that only sends heartbeats', async () => {
    const { server, peer, flags } = await startLive({ timing: { silenceTimeoutMs: 150 } });
    for (let i = 0; i < 8; i++) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      peer.send(heartbeat);
    }
    expect(server.accepted).toBe(1);
    expect(flags.state).toBe('live');
  });

  it('turns stale, says so once, keeps answering, and is ready again when confirmed', async () => {
    const { server, flags, peer, lines } = await startLive({
      staleAfterMs: 120,
      timing: { backoffMinMs: 300, backoffMaxMs: 300 },
    });
    const stale = once(flags, 'stale');
    peer.terminate();
    expect((await stale).dataAgeMs).toBeGreaterThanOrEqual(120);
    expect(flags.state).toBe('stale');
    expect(flags.isEnabled('a')).toBe(true);
    expect(flags.getBooleanDetails('a', false)).toMatchObject({ value: true, reason: 'STATIC', state: 'stale' });
    expect(lines.filter((line) => line.includes('stale'))).toHaveLength(1);
    const ready = once(flags, 'ready');
    const again = await server.next();
    again.send(heartbeat);
    again.send(changes(1, 1, []));
    await ready;
    expect(flags.state).toBe('live');
  });

  it('believes a relay that its data is old', async () => {
    const { flags, peer } = await startLive();
    const stale = once(flags, 'stale');
    peer.send({ ...heartbeat, dataAgeMs: 90_000 });
    expect((await stale).dataAgeMs).toBeGreaterThanOrEqual(90_000);
    expect(flags.state).toBe('stale');
  });
});

describe('a client that is sent something unusable', () => {
  it.each<[string, (peer: Peer) => void]>([
    ['a frame that is not JSON', (peer) => peer.sendFrame('hello?')],
    ['an unknown message', (peer) => peer.sendFrame('{"type":"nonsense"}')],
    ['an empty frame', (peer) => peer.sendFrame('')],
    ['a binary frame', (peer) => peer.sendFrame(Buffer.from([1, 2, 3]))],
    ['text that is not UTF-8', (peer) => peer.sendFrame(Buffer.from([0xff]), false)],
    [
      'a snapshot with a broken line',
      (peer) => peer.sendFrame(`${JSON.stringify({ ...snapshot(2, []), items: undefined })}\nflag`),
    ],
    ['changes that do not follow', (peer) => peer.send(changes(5, 6, [offFlag('a')]))],
    ['changes of another incarnation', (peer) => peer.send({ ...changes(1, 2, []), revision: revision(2, 'second') })],
  ])('reports %s, keeps its flags and reconnects for a snapshot', async (_, misbehave) => {
    const { server, flags, peer } = await startLive();
    const error = once(flags, 'error');
    misbehave(peer);
    expect((await error).code).toBe('message_unusable');
    expect(flags.isEnabled('a')).toBe(true);
    const again = await server.next();
    expect((await again.hello).have).toBeNull();
    expect(server.open).toBe(1);
    const change = once(flags, 'change');
    again.send(snapshot(6, [offFlag('a'), onFlag('b')]));
    expect(await change).toMatchObject({ revision: revision(6), keys: ['a'] });
  });

  it('ignores what does not concern it', async () => {
    const { server, flags, peer } = await startLive();
    const header = { revision: revision(3), committedAtMs: 0, timeMs: Date.now() };
    peer.send({ type: 'values', ...header, whole: true, values: {}, delete: [] });
    peer.send(changes(1, 2, []));
    await once(flags, 'change');
    expect(server.accepted).toBe(1);
  });
});

describe('a client whose key is refused', () => {
  it('says so once with the fix, ends the wait for readiness, and works as soon as the key does', async () => {
    const server = await startServer();
    const { flags, lines } = startClient(server, { timing: { refusedMinMs: 20, refusedMaxMs: 30 } });
    const waiting = flags.ready({ timeoutMs: 60_000 });
    for (let i = 0; i < 3; i++) {
      const peer = await server.next();
      peer.send({ type: 'error', code: 'key_unknown', message: 'No such key', requestId: `r${i}` });
      peer.close(CLOSE.keyRefused);
      await peer.closed;
    }
    expect(await waiting).toMatchObject({ state: 'default', error: { code: 'key_refused' } });
    expect(lines).toEqual([expect.stringMatching(/refused the SDK key.*No such key \(key_unknown\).*Set sdkKey/)]);
    expect(lines[0]).not.toContain('secret');
    expect(flags.getBooleanDetails('a', true)).toMatchObject({ value: true, errorCode: 'PROVIDER_FATAL' });
    expect(await flags.ready({ timeoutMs: 60_000 })).toMatchObject({ waitedMs: 0 });

    const ready = once(flags, 'ready');
    (await server.next()).send(snapshot(1, [onFlag('a')]));
    await ready;
    expect(flags.isEnabled('a')).toBe(true);
    expect((await flags.ready()).error).toBeUndefined();
  });

  it('keeps answering from memory when the key is revoked while it runs', async () => {
    const { server, flags, peer } = await startLive({ timing: { refusedMinMs: 20, refusedMaxMs: 30 } });
    const error = once(flags, 'error');
    peer.close(CLOSE.keyRefused);
    expect((await error).code).toBe('key_refused');
    expect(flags.isEnabled('a')).toBe(true);
    expect((await (await server.next()).hello).have).toEqual(revision(1));
  });

  it('says what to do when the server does not speak its protocol', async () => {
    const server = await startServer();
    const { flags } = startClient(server);
    const error = once(flags, 'error');
    (await server.next()).close(CLOSE.protocolUnsupported);
    expect(await error).toMatchObject({
      code: 'protocol_unsupported',
      fatal: true,
      message: expect.stringContaining('Upgrade'),
    });
  });
});

describe('telemetry', () => {
  it('is sent on close, with what was counted over changes and under what each was served', async () => {
    const { flags, peer } = await startLive();
    for (let i = 0; i < 3; i++) flags.isEnabled('a');
    flags.getStringValue('a', 'x');
    flags.isEnabled('typo');
    peer.send(changes(1, 2, [offFlag('a')]));
    await once(flags, 'change');
    flags.isEnabled('a');
    flags.getBooleanDetails('a', true);
    await flags.close();
    const { exposures } = await peer.receive('telemetry');
    expect(exposures).toHaveLength(4);
    expect(exposures).toEqual(
      expect.arrayContaining([
        { flag: 'a', variant: 'on', reason: 'STATIC', count: 3 },
        { flag: 'a', variant: 'off', reason: 'DISABLED', count: 2 },
        { flag: 'a', reason: 'ERROR', count: 1 },
        { flag: 'typo', reason: 'ERROR', count: 1 },
      ]),
    );
  });

  it('is not sent when there is nothing to tell', async () => {
    const { flags, peer } = await startLive();
    await flags.close();
    await peer.closed;
    expect(peer.said.map(({ type }) => type)).toEqual(['hello', 'receipt']);
  });
});

describe('closing', () => {
  it('closes the socket, reconnects no more, and leaves the flags answering', async () => {
    const { server, flags, peer } = await startLive();
    const first = flags.close();
    expect(flags.close()).toBe(first);
    await first;
    expect(await peer.closed).toBe(1000);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(server.accepted).toBe(1);
    expect(flags.isEnabled('a')).toBe(true);
    expect(await flags.ready()).toMatchObject({ state: 'live', waitedMs: 0 });
  });

  it('does not wait long for a server that does not answer', async () => {
    const { flags, peer } = await startLive();
    peer.fallSilent();
    const startedMs = performance.now();
    await flags.close();
    expect(performance.now() - startedMs).toBeLessThan(3000);
    peer.terminate();
  });

  it('may happen in a listener, and before anything has connected', async () => {
    const { server, flags, peer } = await startLive();
    const closed = new Promise((resolve) => flags.on('change', () => resolve(flags.close())));
    peer.send(changes(1, 2, [offFlag('a')]));
    await closed;
    expect(server.open).toBe(0);

    const early = startClient(server).flags;
    const waiting = early.ready();
    await early.close();
    expect(await waiting).toMatchObject({ state: 'default', revision: undefined });
    expect(early.getBooleanDetails('a', true)).toMatchObject({ value: true, errorCode: 'PROVIDER_NOT_READY' });
  });
});

describe('readiness', () => {
  it('is bounded, and says why there is nothing', async () => {
    const server = await startServer();
    const { flags } = startClient(server);
    const result = await flags.ready({ timeoutMs: 50 });
    expect(result).toMatchObject({ state: 'default', revision: undefined, error: undefined });
    expect(result.waitedMs).toBeGreaterThanOrEqual(49);

    const nobody = startClient({ url: 'http://127.0.0.1:9' }).flags;
    expect(await nobody.ready({ timeoutMs: 50 })).toMatchObject({ error: { code: 'connection_failed' } });
  });

  it('after a time out is not the end: the flags become live when the server comes', async () => {
    const server = await startServer();
    const { flags } = startClient(server);
    await flags.ready({ timeoutMs: 1 });
    const ready = once(flags, 'ready');
    (await server.next()).send(snapshot(1, [flagOf('s', 'string', { one: 'uno' })]));
    await ready;
    expect(flags.getStringValue('s', 'none')).toBe('uno');
  });

  it('is told to listeners that come late', async () => {
    const { flags } = await startLive();
    expect(await once(flags, 'ready')).toEqual({ revision: revision(1) });
    let heard = 0;
    flags.on('ready', () => heard++)();
    await Promise.resolve();
    expect(heard).toBe(0);
  });
});
