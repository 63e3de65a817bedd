import { readdirSync, readFileSync } from 'node:fs';
import { CLOSE } from '@bunting/core';
import type { FastifyBaseLogger } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import { KeyRing } from '../keys/key-ring.ts';
import { Metrics } from '../metrics/metrics.ts';
import { EMPTY_HASH } from '../rulesets/content-hash.ts';
import { Rulesets } from '../rulesets/rulesets.ts';
import { STREAM_LIMITS } from '../stream/limits.ts';
import type { Stream } from '../stream/stream.ts';
import { startApp } from '../testing/start-app.ts';
import { startRelay } from '../testing/start-relay.ts';
import { connect, hello, listen } from '../testing/stream-client.ts';
import { Workers } from './workers.ts';

const PRODUCTION = '/projects/default/environments/production';
const instance = (id: string) => ({ instance: { id } });

async function start(workers = 2) {
  const { app, call, logs } = await startApp({ config: { workers } });
  await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  const key = async (kind: string) => (await call('POST', `${PRODUCTION}/keys`, { kind, name: kind })).body.secret;
  const url = await listen(app);
  const receipts = async () => (await call('GET', `${PRODUCTION}/receipts`)).body;
  const connections = async () => {
    const { body } = await app.inject('/metrics');
    return Number(/^bunting_stream_connections\{kind="server"\} (\d+)$/m.exec(body)?.[1]);
  };
  return { app, call, logs, key, url, receipts, connections };
}

test('workers serve the sockets, with the same receipts, and nobody sees them', async () => {
  const { call, key, url, receipts, connections } = await start();
  const secret = await key('server');
  const sdks = await Promise.all(['a', 'b', 'c', 'd'].map((id) => connect(url, hello(secret, instance(id)))));
  for (const sdk of sdks) await sdk.next('snapshot');
  await expect.poll(receipts).toMatchObject({ instances: 4, confirmed: 0 });
  expect(await connections()).toBe(4);
  await call('PATCH', '/projects/default/flags/a/environments/production', { enabled: true });
  for (const sdk of sdks) {
    const { revision } = await sdk.next('changes');
    sdk.send({ type: 'receipt', revision, broken: { count: 0, keys: [] } });
  }
  await expect.poll(receipts).toMatchObject({ instances: 4, confirmed: 4 });
  const { items } = (await call('GET', `${PRODUCTION}/instances`)).body;
  expect(items.map(({ relay }: { relay: unknown }) => relay)).toEqual([null, null, null, null]);
  const { body } = await call('GET', `${PRODUCTION}/keys`);
  expect(JSON.stringify(body)).not.toContain('worker');

  sdks[0]?.socket.close(1000);
  await expect.poll(receipts).toMatchObject({ instances: 3, unknown: 0 });
});

test('a key that is made or revoked while they run is so for the workers too', async () => {
  const { call, url } = await start(1);
  const { body } = await call('POST', `${PRODUCTION}/keys`, { kind: 'server', name: 'New' });
  const sdk = await connect(url, hello(body.secret));
  await sdk.next('snapshot');
  await call('DELETE', `${PRODUCTION}/keys/${body.id}`);
  expect((await sdk.closed).code).toBe(CLOSE.keyRefused);
  expect((await (await connect(url, hello(body.secret))).closed).code).toBe(CLOSE.keyRefused);
});

test('an environment that is made while they run is served by them', async () => {
  const { call, url } = await start(1);
  const place = '/projects/default/environments';
  expect((await call('POST', place, { key: 'canary', name: 'Canary' })).status).toBe(201);
  const { body } = await call('POST', `${place}/canary/keys`, { kind: 'server', name: 'New' });
  await expect
    .poll(async () => {
      const sdk = await connect(url, hello(body.secret));
      await expect.poll(() => sdk.messages.length).toBeGreaterThan(0);
      sdk.socket.terminate();
      return sdk.messages[0]?.type;
    })
    .toBe('snapshot');
});

test('workers follow an environment from its first key on, also one that is known before it, and until it is removed', () => {
  const keys = new KeyRing();
  const rulesets = new Rulesets(() => {});
  const stream = { attach: () => {} } as unknown as Stream;
  const metrics = new Metrics(rulesets);
  const log = { error: () => {} } as unknown as FastifyBaseLogger;
  new Workers({ count: 0, stream, rulesets, keys, metrics, limits: STREAM_LIMITS, log });
  keys.add('hash', { id: 'k', kind: 'server', name: 'k', environmentId: 'e' });
  expect(keys.findById('worker:e')?.key).toMatchObject({ kind: 'relay', environmentId: 'e' });

  const revision = { incarnation: 'i', number: 0, hash: EMPTY_HASH };
  const place = { environmentId: 'e', project: 'p', environment: 'production' };
  rulesets.add({ ...place, revision, committedAtMs: 0, items: [], recent: [], kills: [] });
  keys.replace('e', []);
  rulesets.remove('e');
  expect(keys.findById('worker:e')).toBeUndefined();
});

test('a worker that is killed is replaced, and its clients come back to the others meanwhile', async () => {
  const { key, url, logs, receipts, connections } = await start(2);
  const secret = await key('server');
  const before = await Promise.all(['a', 'b'].map((id) => connect(url, hello(secret, instance(id)))));
  for (const sdk of before) await sdk.next('snapshot');
  await expect.poll(receipts).toMatchObject({ instances: 2 });
  signalOne('SIGKILL');
  const lost = await Promise.race(before.map(({ closed }) => closed));
  expect(lost.code).toBe(1006);
  await expect.poll(receipts).toMatchObject({ instances: 1, unknown: 1 });
  await expect.poll(() => logs.join('')).toContain('a worker has died');
  const again = await Promise.all(['a', 'b', 'c'].map((id) => connect(url, hello(secret, instance(id)))));
  for (const sdk of again) await sdk.next('snapshot');
  await expect.poll(() => workersHere(), { timeout: 5_000 }).toHaveLength(2);
  await expect.poll(connections, { timeout: 5_000 }).toBe(4);
});

test('the main process keeps nothing open of a socket that it has handed over', async () => {
  const { app, key, url } = await start(1);
  const secret = await key('server');
  const openFiles = () => readdirSync('/proc/self/fd').length;
  await (await connect(url, hello(secret))).next('snapshot');
  const before = openFiles();
  const sdks = await Promise.all(Array.from({ length: 20 }, (_, i) => connect(url, hello(secret, instance(`${i}`)))));
  for (const sdk of sdks) await sdk.next('snapshot');
  // The clients' ends are in this process as well.
  await expect.poll(openFiles).toBe(before + sdks.length);
  const count = await new Promise((resolve) =>
    app.server.getConnections((_error, connections) => resolve(connections)),
  );
  expect(count).toBe(0);
});

test('when it closes, everyone is told to come back, and no process stays', async () => {
  const { app, key, url } = await start(2);
  const secret = await key('server');
  const sdks = await Promise.all(['a', 'b', 'c'].map((id) => connect(url, hello(secret, instance(id)))));
  for (const sdk of sdks) await sdk.next('snapshot');
  const closed = app.close();
  for (const sdk of sdks) {
    await sdk.next('goodbye');
    expect((await sdk.closed).code).toBe(CLOSE.serviceRestart);
  }
  await closed;
  expect(workersHere()).toEqual([]);
});

test('a relay may have workers as well', async () => {
  const { key, url, receipts } = await start(0);
  const relay = await startRelay(url, { keys: [await key('relay')], workers: 2 });
  await expect.poll(relay.readiness).toMatchObject({ code: 200 });
  const secret = await key('server');
  await expect
    .poll(async () => {
      const sdk = await connect(relay.url, hello(secret, instance('far')));
      await expect.poll(() => sdk.messages.length).toBeGreaterThan(0);
      return sdk.messages[0]?.type;
    })
    .toBe('snapshot');
  await expect.poll(receipts).toMatchObject({ instances: 1 });
});

/** Process ids of the workers of this process. */
function workersHere(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        // The name, in parentheses, may hold anything; the parent is the second field after it.
        const parent = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1];
        return parent === String(process.pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('worker-main');
      } catch {
        // It has ended meanwhile, or is none.
        return false;
      }
    });
}

/** Signals one of them. A mistaken number could mean many processes. */
function signalOne(signal: NodeJS.Signals): number {
  const [pid] = workersHere();
  if (pid === undefined) throw new Error('there is no worker');
  process.kill(pid, signal);
  return pid;
}

test('a worker that hangs is killed and replaced', async () => {
  const { app, logs } = await startApp();
  const { stream, rulesets, keyRing: keys, metrics, polling } = app.bunting;
  const workers = new Workers({
    count: 1,
    ...{ stream, rulesets, keys, metrics, limits: polling.limits, log: app.log },
    lookEveryMs: 400,
  });
  onTestFinished(() => workers.close());
  await workers.start();
  const hanging = signalOne('SIGSTOP');
  await expect.poll(() => logs.join(''), { timeout: 5_000 }).toContain('a worker has died');
  await expect.poll(() => workersHere(), { timeout: 5_000 }).toEqual([expect.not.toBeOneOf([hanging])]);
});
