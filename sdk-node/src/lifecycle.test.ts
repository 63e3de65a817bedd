import { describe, expect, it } from 'vitest';
import { changes, flagOf, offFlag, revision, snapshot } from './test/documents.ts';
import { once, startClient, startLive, startServer } from './test/live-client.ts';

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
    // Said to subscribe to nothing.
    flags.on('ready', () => heard++, { key: 'a' });
    await Promise.resolve();
    expect(heard).toBe(0);
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
    const unreadable = {
      get timeoutMs(): number {
        throw new Error('not to be read');
      },
    };
    const waiting = early.ready(unreadable);
    await early.close();
    const result = await waiting;
    expect(result).toMatchObject({ state: 'default', revision: undefined });
    expect(result.waitedMs).toBeLessThan(2500);
    expect(early.getBooleanDetails('a', true)).toMatchObject({ value: true, errorCode: 'PROVIDER_NOT_READY' });
  });
});
