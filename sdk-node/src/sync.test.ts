import { gzipSync } from 'node:zlib';
import { encode } from '@bunting/core';
import { describe, expect, it } from 'vitest';
import { BuntingProvider } from './openfeature/provider.ts';
import { changes, offFlag, onFlag, revision, snapshot } from './test/documents.ts';
import { HEARTBEAT, once, startClient, startLive, startServer } from './test/live-client.ts';
import { SDK } from './version.ts';

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
      accept: ['gzip'],
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

  it('says which kills are in effect: each kill message, and of a snapshot those that are news', async () => {
    const { flags, peer } = await startLive();
    const engaged = { flag: 'a', epoch: 2, engaged: true };
    peer.send({ type: 'kill', ...engaged });
    expect(await peer.receive('kill-receipt')).toEqual({ type: 'kill-receipt', ...engaged });
    // Overtaken by the later one: what is in effect is said.
    peer.send({ type: 'kill', flag: 'a', epoch: 1, engaged: false });
    expect(await peer.receive('kill-receipt')).toEqual({ type: 'kill-receipt', ...engaged });
    const other = { flag: 'b', epoch: 1, engaged: true };
    peer.send({ ...snapshot(2, [onFlag('a'), onFlag('b')]), kills: [engaged, other] });
    expect(await peer.receive('kill-receipt')).toEqual({ type: 'kill-receipt', ...other });
    await peer.receive('receipt');
    expect(peer.said.filter(({ type }) => type === 'kill-receipt')).toHaveLength(3);
    expect(flags.isEnabled('b')).toBe(false);
  });

  it('obeys a kill that comes before the first snapshot, and acknowledges it once it has flags', async () => {
    const server = await startServer();
    const { flags } = startClient(server);
    const peer = await server.next();
    peer.send(
      { type: 'kill', flag: 'a', epoch: 2, engaged: true },
      { type: 'kill', flag: 'a', epoch: 1, engaged: false },
    );
    peer.send(snapshot(1, [onFlag('a'), onFlag('b')]));
    await flags.ready();
    expect(flags.isEnabled('a')).toBe(false);
    expect(flags.isEnabled('b')).toBe(true);
    expect(await peer.receive('kill-receipt')).toMatchObject({ flag: 'a', epoch: 2, engaged: true });
  });

  it('reports how old its data is when it answers a heartbeat', async () => {
    const { peer } = await startLive();
    peer.send({ ...HEARTBEAT, dataAgeMs: 7_000 });
    const { dataAgeMs } = await peer.receive('heartbeat');
    expect(dataAgeMs).toBeGreaterThanOrEqual(7_000);
    expect(dataAgeMs).toBeLessThan(8_000);
  });

  it('takes packed frames in their order, among others that need no unpacking', async () => {
    const server = await startServer();
    const { flags } = startClient(server);
    const peer = await server.next();
    peer.sendFrame(gzipSync(encode(snapshot(1, [onFlag('a')]))));
    peer.send(changes(1, 2, [offFlag('a')]));
    peer.sendFrame(gzipSync(encode(changes(2, 3, [onFlag('b')]))));
    peer.send(changes(3, 4, [], ['b']));
    await flags.ready();
    await expect.poll(() => flags.revision?.number).toBe(4);
    expect(flags.isEnabled('a')).toBe(false);
    expect(flags.getBooleanDetails('b', true).errorCode).toBe('FLAG_NOT_FOUND');
    expect(server.accepted).toBe(1);
  });

  it('answers heartbeats, and not each of a flood', async () => {
    const { peer, flags } = await startLive();
    peer.send(HEARTBEAT, HEARTBEAT, HEARTBEAT, changes(1, 2, []));
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

  it('carries what was tracked, added up, also through a context or OpenFeature', async () => {
    const { flags, peer } = await startLive();
    flags.track('checkout', { targetingKey: 'ann' }, { value: 20, currency: 'EUR' });
    flags.withContext({ targetingKey: 'ben' }).track('checkout', undefined, { value: 1.5 });
    new BuntingProvider(flags).track('search');
    flags.track('search', undefined, {
      get value(): number {
        throw new Error('get');
      },
    });
    await flags.close();
    expect(await peer.receive('telemetry')).toEqual({
      type: 'telemetry',
      exposures: [],
      events: [
        { name: 'checkout', count: 2, sum: 21.5 },
        { name: 'search', count: 2, sum: 0 },
      ],
    });
  });

  it('is not sent when there is nothing to tell', async () => {
    const { flags, peer } = await startLive();
    await flags.close();
    await peer.closed;
    expect(peer.said.map(({ type }) => type)).toEqual(['hello', 'receipt']);
  });
});
