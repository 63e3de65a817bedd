import { CLOSE } from '@bunting/core';
import { describe, expect, it } from 'vitest';
import { cleanups, DIFFERENCES, once, revision, startLive, startPage, startServer, values } from './test/page.ts';
import type { Peer } from './test/scripted-server.ts';

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

  it('refuses differences on a new connection until whole values came', async () => {
    const { server, flags, peer } = await startLive();
    peer.terminate();
    const again = await server.next();
    again.send(values(2, { a: false }, DIFFERENCES));
    (await server.next()).send(values(2, { a: false }));
    await once(flags, 'change');
    expect(server.accepted).toBe(3);
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
    (await server.next()).send(values(2, { a: true }, DIFFERENCES));
    expect((await error).message).toContain('differences to values that never came');
    expect(flags.state).toBe('default');
  });

  it('takes no differences after a gap, and asks anew', async () => {
    const server = await startServer();
    const { flags } = startPage(server);
    const peer = await server.next();
    peer.send(values(2, { a: 1 }, { seq: 1 }), values(3, { a: 2 }, { seq: 2, whole: false }));
    const error = once(flags, 'error');
    peer.send(values(5, { a: 4 }, { seq: 4, whole: false }), values(4, { a: 3 }, { seq: 3, whole: false }));
    expect((await error).message).toContain('differences to values that never came');
    expect(flags.getNumberValue('a', 0)).toBe(2);
    (await server.next()).send(values(5, { a: 4 }, { seq: 1 }), values(6, { a: 5 }, { seq: 2, whole: false }));
    await expect.poll(() => flags.getNumberValue('a', 0)).toBe(5);
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
    const again = await server.next();
    again.send(values(1, { a: true }));
    await ready;
    expect(flags.isEnabled('a')).toBe(true);
    const lost = once(flags, 'error');
    again.terminate();
    await again.closed;
    expect((await lost).message).not.toContain('No such key');
    expect(lines).toEqual([
      expect.stringMatching(/No such key \(key_unknown\).*Set clientKey/),
      expect.stringContaining('closed with code 1006'),
    ]);
  });
});
