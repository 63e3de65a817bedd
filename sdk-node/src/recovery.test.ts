import { gzipSync } from 'node:zlib';
import { CLOSE, encodeItem } from '@bunting/core';
import { describe, expect, it } from 'vitest';
import { changes, offFlag, onFlag, revision, snapshot } from './test/documents.ts';
import { HEARTBEAT, once, startClient, startLive, startServer } from './test/live-client.ts';
import type { Peer } from './test/scripted-server.ts';

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
      peer.send(HEARTBEAT);
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
    again.send(HEARTBEAT);
    await again.receive('heartbeat');
    expect(flags.state).toBe('stale');
    again.send(changes(1, 1, []));
    await ready;
    expect(flags.state).toBe('live');
  });

  it('is never live, not even for a moment, with data that is old when it comes', async () => {
    const server = await startServer();
    const { flags } = startClient(server);
    let ready = 0;
    flags.on('ready', () => ready++);
    (await server.next()).send({ ...snapshot(1, [onFlag('a')]), dataAgeMs: 90_000 });
    expect(await flags.ready()).toMatchObject({ state: 'stale', revision: revision(1) });
    expect(flags.isEnabled('a')).toBe(true);
    expect(ready).toBe(0);
  });

  it('believes a relay that its data is old', async () => {
    const { flags, peer } = await startLive();
    const stale = once(flags, 'stale');
    peer.send({ ...HEARTBEAT, dataAgeMs: 90_000 });
    expect((await stale).dataAgeMs).toBeGreaterThanOrEqual(90_000);
    expect(flags.state).toBe('stale');
  });
});

describe('a client that is sent something unusable', () => {
  it.each<[string, (peer: Peer) => void]>([
    ['a frame that is not JSON', (peer) => peer.sendFrame('hello?')],
    ['a message without a type', (peer) => peer.sendFrame('{"revision":2}')],
    ['an empty frame', (peer) => peer.sendFrame('')],
    ['a binary frame that is no gzip', (peer) => peer.sendFrame(Buffer.from([1, 2, 3]))],
    ['a packed frame that is not UTF-8', (peer) => peer.sendFrame(gzipSync(Buffer.from([0xff])))],
    ['a packed frame of 64 MiB and more', (peer) => peer.sendFrame(gzipSync(Buffer.alloc(64 * 1024 * 1024 + 1)))],
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

  it('gets on with a newer server: it ignores messages, fields and items that it does not know', async () => {
    const { server, flags, peer } = await startLive();
    let errors = 0;
    flags.on('error', () => errors++);
    peer.sendFrame('{"type":"surprise","revision":null}\nlines of its own');
    const { items, ...header } = changes(1, 2, [offFlag('a')]);
    const newer = { ...header, hint: 'soon', revision: { ...header.revision, signature: 's' } };
    const change = once(flags, 'change');
    peer.sendFrame([JSON.stringify(newer), 'mobile m {}', ...items.map(encodeItem)].join('\n'));
    expect((await change).keys).toEqual(['a']);
    expect(flags.isEnabled('a')).toBe(false);
    expect(errors).toBe(0);
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
