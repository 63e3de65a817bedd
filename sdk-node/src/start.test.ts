import { once as nodeOnce } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConnectOptions } from './options.ts';
import { changes, offFlag, onFlag, revision, snapshot } from './test/documents.ts';
import { HEARTBEAT, once, startClient, startServer } from './test/live-client.ts';

let cacheDir: string;
beforeEach(async () => {
  cacheDir = await mkdtemp(join(tmpdir(), 'bunting-start-'));
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(cacheDir, { recursive: true, force: true });
});

const client = (server: { readonly url: string }, options: Partial<ConnectOptions> = { cacheDir }) =>
  startClient(server, { options });

/** A server whose earlier client has left revision 5 with `a` on in the folder. */
async function leaveCache() {
  const server = await startServer();
  const { flags } = client(server);
  const peer = await server.next();
  peer.send({ ...snapshot(5, [onFlag('a'), onFlag('b')]), kills: [{ flag: 'b', epoch: 1, engaged: true }] });
  await flags.ready();
  await flags.close();
  // The address stays known when the server is gone.
  return { url: server.url, next: () => server.next(), kill: () => server.kill() };
}

const BOOTSTRAP = { revision: revision(3), committedAtMs: Date.now() - 60_000, flags: [offFlag('a')] };

describe('a client that finds last-known-good on disk', () => {
  it('answers by it at once and says so, and is live by a difference', async () => {
    const server = await leaveCache();
    const { flags, lines } = client(server);
    const details = flags.getBooleanDetails('a', false);
    expect(details).toMatchObject({ value: true, reason: 'STATIC', state: 'cached', errorCode: undefined });
    expect(details.dataAgeMs).toBeLessThan(5_000);
    expect(flags.getBooleanDetails('b', true)).toMatchObject({ value: false, reason: 'DISABLED' });
    const peer = await server.next();
    expect((await peer.hello).have).toEqual(revision(5));
    const ready = flags.ready();
    peer.send(changes(5, 6, [offFlag('a')]));
    expect(await ready).toMatchObject({ state: 'live', revision: revision(6), error: undefined });
    expect(flags.isEnabled('a')).toBe(false);
    expect(lines).toEqual([]);
  });

  it('goes on with it while no server can be reached, and ready() says what it got within its time', async () => {
    const server = await leaveCache();
    await server.kill();
    const { flags } = client(server);
    const readiness = await flags.ready({ timeoutMs: 50 });
    expect(readiness).toMatchObject({ state: 'cached', revision: revision(5), error: { code: 'connection_failed' } });
    expect(flags.isEnabled('a')).toBe(true);
  });

  it('is not led back by a server that lags behind, and obeys its kills', async () => {
    const server = await leaveCache();
    const { flags } = client(server);
    const peer = await server.next();
    peer.send({ ...snapshot(4, [offFlag('a')]), kills: [{ flag: 'a', epoch: 1, engaged: true }] }, HEARTBEAT);
    await expect.poll(() => flags.getBooleanDetails('a', true).reason).toBe('DISABLED');
    expect(flags).toMatchObject({ state: 'cached', revision: revision(5) });
    peer.send(changes(4, 5, [onFlag('a')]));
    await flags.ready();
    expect(flags).toMatchObject({ state: 'live', revision: revision(5) });
  });

  it('takes what a server with another incarnation has, at once', async () => {
    const server = await leaveCache();
    const { flags } = client(server);
    (await server.next()).send(snapshot(1, [offFlag('a')], 'second'));
    expect(await flags.ready()).toMatchObject({ state: 'live', revision: revision(1, 'second') });
    expect(flags.isEnabled('a')).toBe(false);
  });

  it('is as old as it is, whichever way the clock was set', async () => {
    const server = await leaveCache();
    await server.kill();
    const nowMs = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now: nowMs + 3_600_000 });
    expect(client(server).flags.dataAgeMs).toBeGreaterThanOrEqual(3_600_000);
    vi.setSystemTime(nowMs - 3_600_000);
    expect(client(server).flags.dataAgeMs).toBeLessThan(60_000);
  });

  it('refuses a file of another key under its name, and replaces it', async () => {
    const server = await leaveCache();
    const [name = ''] = await readdir(cacheDir);
    const other = client(server, { cacheDir, sdkKey: 'bnt_srv_other' }).flags;
    (await server.next()).send(snapshot(9, [offFlag('a')]));
    await other.ready();
    await other.close();
    const otherName = (await readdir(cacheDir)).find((each) => each !== name) ?? '';
    await writeFile(join(cacheDir, name), await readFile(join(cacheDir, otherName)));
    const { flags, lines } = client(server);
    expect(flags.state).toBe('default');
    expect(lines).toEqual([expect.stringMatching(/cannot be used: .*another key/)]);
    (await server.next()).send(snapshot(6, [onFlag('a')]));
    await flags.ready();
    await flags.close();
    await server.kill();
    expect(client(server).flags.revision).toEqual(revision(6));
  });
});

describe('a client that is given a bootstrap', () => {
  it('answers by it at once, and asks the server for everything', async () => {
    const server = await startServer();
    const { flags } = client(server, { bootstrap: BOOTSTRAP });
    expect(flags.getBooleanDetails('a', true)).toMatchObject({ value: false, state: 'bootstrapped' });
    expect(flags.dataAgeMs).toBeGreaterThanOrEqual(60_000);
    const peer = await server.next();
    expect((await peer.hello).have).toBeNull();
    const ready = once(flags, 'ready');
    peer.send(snapshot(5, [onFlag('a')]));
    await ready;
    expect(flags.getBooleanDetails('a', false)).toMatchObject({ value: true, state: 'live' });
  });

  it('reads one from a file, and with nowhere to connect to answers by it all the same', async () => {
    const path = join(cacheDir, 'flags.json');
    await writeFile(path, JSON.stringify(BOOTSTRAP));
    const { flags } = client({ url: '' }, { bootstrap: path });
    expect(flags.getBooleanDetails('a', true)).toMatchObject({ value: false, state: 'bootstrapped' });
    expect(await flags.ready()).toMatchObject({ state: 'bootstrapped', error: { code: 'options_invalid' } });
  });

  it('says what is wrong with one that cannot be used, and answers defaults', async () => {
    const { flags, lines } = client({ url: 'http://127.0.0.1:9' }, { bootstrap: join(cacheDir, 'none') });
    expect(flags.state).toBe('default');
    expect(lines).toEqual([expect.stringContaining('bootstrap cannot be used: ENOENT')]);
  });

  it.each([
    [200, 'bootstrapped'],
    [302, 'default'],
  ])('fetches one in the background; at HTTP %i it is %s', async (status, state) => {
    const asked: (string | undefined)[] = [];
    const cdn = createServer((request, response) => {
      asked.push(request.headers.authorization);
      response.writeHead(status, { location: '/' }).end(JSON.stringify(BOOTSTRAP));
    });
    await new Promise<void>((resolve) => cdn.listen(0, '127.0.0.1', resolve));
    const bootstrap = `http://127.0.0.1:${(cdn.address() as AddressInfo).port}/flags.json`;
    const { flags, lines } = client({ url: 'http://127.0.0.1:9' }, { bootstrap });
    expect(flags.state).toBe('default');
    await expect.poll(() => flags.state !== 'default' || lines.some((line) => line.includes('HTTP 302'))).toBe(true);
    expect(flags.state).toBe(state);
    expect(asked).toEqual([undefined]);
    cdn.close();
  });

  it('takes none that comes after it was closed', async () => {
    const cdn = createServer();
    await new Promise<void>((resolve) => cdn.listen(0, '127.0.0.1', resolve));
    const bootstrap = `http://127.0.0.1:${(cdn.address() as AddressInfo).port}/flags.json`;
    const { flags, lines } = client({ url: 'http://127.0.0.1:9' }, { bootstrap });
    const [, answer] = (await nodeOnce(cdn, 'request')) as [unknown, ServerResponse];
    await flags.close();
    answer.end(JSON.stringify(BOOTSTRAP));
    await nodeOnce(answer, 'close');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(flags.state).toBe('default');
    expect(lines.filter((line) => line.includes('bootstrap'))).toEqual([]);
    cdn.close();
  });

  it.each([
    [4, 'cached', true],
    [6, 'bootstrapped', false],
  ])('prefers the newer: bootstrap %i against 5 on disk is %s', async (number, state, on) => {
    const server = await leaveCache();
    await server.kill();
    const bootstrap = { ...BOOTSTRAP, revision: revision(number), flags: [offFlag('a'), onFlag('b')] };
    const { flags } = client(server, { cacheDir, bootstrap });
    expect(flags).toMatchObject({ state });
    expect(flags.isEnabled('a')).toBe(on);
    // A kill holds whichever is newer.
    expect(flags.getBooleanDetails('b', true).reason).toBe('DISABLED');
  });

  it('obeys the kills of one that is older than what is on disk', async () => {
    const server = await leaveCache();
    const bootstrap = { ...BOOTSTRAP, kills: [{ flag: 'a', epoch: 1, engaged: true }] };
    const { flags } = client(server, { cacheDir, bootstrap });
    expect(flags.getBooleanDetails('a', true)).toMatchObject({ value: false, reason: 'DISABLED', state: 'cached' });
    expect(flags.revision).toEqual(revision(5));
  });
});
