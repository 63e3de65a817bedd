import { describe, expect, it, vi } from 'vitest';
import { connect } from './connect.ts';
import type { CacheStorage } from './local-cache.ts';
import type { Bootstrap } from './options.ts';
import { DIFFERENCES, once, revision, startLive, startPage, startServer, values } from './test/page.ts';

class Shelf implements CacheStorage {
  readonly items = new Map<string, string>();
  getItem(name: string): string | null {
    return this.items.get(name) ?? null;
  }
  setItem(name: string, value: string): void {
    this.items.set(name, value);
  }
}

const bootstrap: Bootstrap = {
  revision: revision(5),
  values: { a: { value: true, variant: 'on', reason: 'SPLIT' } },
  timeMs: Date.now() - 1_000,
};

describe('a page that was given its values', () => {
  it('answers by them at once, and by the server’s as soon as they are there', async () => {
    const server = await startServer();
    const { flags } = startPage(server, { bootstrap });
    expect(flags.state).toBe('bootstrapped');
    expect(flags.getBooleanDetails('a', false)).toMatchObject({
      value: true,
      variant: 'on',
      reason: 'SPLIT',
      state: 'bootstrapped',
    });
    expect(flags.dataAgeMs).toBeGreaterThanOrEqual(1_000);
    const change = once(flags, 'change');
    (await server.next()).send(values(6, { a: false }));
    expect(await change).toMatchObject({ keys: ['a'] });
    expect(flags).toMatchObject({ state: 'live', revision: revision(6) });
    expect(flags.isEnabled('a')).toBe(false);
  });

  it('tells of no change when the server says the same', async () => {
    const server = await startServer();
    const { flags } = startPage(server, { bootstrap });
    let changes = 0;
    flags.on('change', () => changes++);
    const ready = once(flags, 'ready');
    (await server.next()).send(values(5, {}, { values: bootstrap.values }));
    await ready;
    expect(changes).toBe(0);
  });

  it('opens no connection when it shall not, and waits for nothing', async () => {
    const open = vi.spyOn(globalThis, 'WebSocket');
    const lines: string[] = [];
    const logger = { warn: (line: string) => void lines.push(line) };
    const flags = connect({ url: 'http://127.0.0.1:9', clientKey: 'bnt_cli_1', bootstrap, socket: false, logger });
    expect(await flags.ready()).toMatchObject({ state: 'bootstrapped', error: undefined });
    expect(await flags.identify({ targetingKey: 'b' })).toMatchObject({ error: undefined });
    expect(flags.isEnabled('a')).toBe(true);
    flags.close();
    expect(open).not.toHaveBeenCalled();
    expect(lines).toEqual([]);
    open.mockRestore();
  });

  it('says so when they cannot be used, and starts without', async () => {
    const server = await startServer();
    const spoilt = [{ values: [] }, { revision: null }, { timeMs: undefined }];
    for (const wrong of [7, {}, ...spoilt.map((part) => ({ ...bootstrap, ...part }))]) {
      const { flags, lines } = startPage(server, { bootstrap: wrong as never });
      expect(flags.state).toBe('default');
      expect(lines).toEqual(['bunting: bootstrap must be {revision, values, timeMs}; ignored']);
    }
  });
});

describe('a page that was here before', () => {
  it('answers by what it had for the same context, and says that it is from the cache', async () => {
    const cache = new Shelf();
    const { server, peer, flags } = await startLive({ cache });
    peer.send(values(2, { b: 1 }, DIFFERENCES));
    await once(flags, 'change');
    flags.close();
    const { flags: next } = startPage(server, { cache });
    expect(next.state).toBe('cached');
    expect(next.getStringDetails('theme', 'x')).toMatchObject({ value: 'dark', reason: 'CACHED', state: 'cached' });
    expect(next.getNumberValue('b', 0)).toBe(1);
    expect(next.dataAgeMs).toBeLessThan(10_000);
    (await server.next()).send(values(3, { a: false }));
    await next.ready();
    expect(next.state).toBe('live');
    expect(next.isEnabled('a', true)).toBe(false);
  });

  it('takes what it had for as old as it was when it came', async () => {
    const cache = new Shelf();
    const { server, peer, flags } = await startLive({ cache });
    const lease = { value: false, variant: 'off', reason: 'STALE', seconds: 60 } as const;
    const leased = { value: true, variant: 'on', reason: 'SPLIT', lease } as const;
    peer.send(values(2, {}, { values: { a: leased }, dataAgeMs: 30_000, vouchAgeMs: 61_000 }));
    await once(flags, 'change');
    flags.close();
    const { flags: next } = startPage(server, { cache });
    expect(next.state).toBe('cached');
    expect(next.dataAgeMs).toBeGreaterThanOrEqual(30_000);
    expect(next.isEnabled('a', true)).toBe(false);
  });

  it('has nothing for another context, another key, or from storage that fails or is spoilt', async () => {
    const cache = new Shelf();
    const { server } = await startLive({ cache });
    const broken: CacheStorage = {
      getItem: () => {
        throw new Error('forbidden');
      },
      setItem: () => {
        throw new Error('full');
      },
    };
    const spoilt = new Shelf();
    for (const [name, text] of cache.items) spoilt.items.set(name, text.replaceAll('"values"', '"valves"'));
    for (const options of [
      { cache, context: { targetingKey: 'bob' } },
      { cache, clientKey: 'bnt_cli_2' },
      { cache: broken },
      { cache: spoilt },
      { cache: false as const },
    ]) {
      expect(startPage(server, options).flags.state).toBe('default');
    }
    expect([...cache.items.values()].join()).not.toContain('ann');
  });

  it('answers by the cache after identify, too', async () => {
    const cache = new Shelf();
    const first = await startLive({ cache, context: { targetingKey: 'bob' } });
    first.flags.close();
    const { flags } = startPage(first.server, { cache });
    expect(flags.state).toBe('default');
    void flags.identify({ targetingKey: 'bob' });
    expect(flags.state).toBe('cached');
    expect(flags.isEnabled('a')).toBe(true);
  });

  it('never falls back to older values once the server has answered', async () => {
    const cache = new Shelf();
    const { flags, peer, server } = await startLive({ cache });
    peer.terminate();
    (await server.next()).terminate();
    expect(flags.state).toBe('live');
    expect(flags.getStringValue('theme', 'x')).toBe('dark');
  });
});

describe('what a page evaluated', () => {
  it('is counted by variant and told with a heartbeat, and when the page closes', async () => {
    const { flags, peer } = await startLive();
    for (let i = 0; i < 3; i++) flags.isEnabled('a');
    flags.getStringDetails('theme', 'x');
    flags.isEnabled('nope');
    flags.isEnabled('x'.repeat(201));
    peer.send({ type: 'heartbeat' });
    const told = () => peer.said.flatMap((message) => (message.type === 'telemetry' ? message.exposures : []));
    await expect.poll(told).toEqual([
      { flag: 'a', variant: 'true', reason: 'STATIC', count: 3 },
      { flag: 'theme', variant: '"dark"', reason: 'STATIC', count: 1 },
      { flag: 'nope', reason: 'ERROR', count: 1 },
    ]);
    flags.isEnabled('a');
    flags.close();
    await expect.poll(() => told().at(-1)).toEqual({ flag: 'a', variant: 'true', reason: 'STATIC', count: 1 });
  });

  it('is kept while there is no connection', async () => {
    const { flags, peer, server } = await startLive();
    flags.isEnabled('a');
    peer.terminate();
    const again = await server.next();
    flags.isEnabled('a');
    again.send(values(2, { a: true }), { type: 'heartbeat' });
    await expect.poll(() => again.said.at(-1)).toMatchObject({ exposures: [{ flag: 'a', count: 2 }] });
  });
});
