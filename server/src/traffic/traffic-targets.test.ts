import { once } from 'node:events';
import { mkdirSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { newFolder, startApp } from '../testing/start-app.ts';
import { AllowedPaths } from './allowed-paths.ts';

const TARGETS = '/projects/default/environments/production/traffic-targets';
const backends = { candidate: 'shop_candidate', baseline: 'shop_baseline' };

async function start() {
  const folder = newFolder();
  const server = await startApp({ config: { trafficPaths: [folder], egressAllow: ['127.0.0.1'] } });
  const settings = { runtime: join(folder, 'haproxy.sock'), map: '/run/bunting/shop.map', backends };
  return { ...server, folder, given: { name: 'Shop', kind: 'haproxy', settings } };
}

test('a traffic target is made, read, replaced and deleted, and each change is audited', async () => {
  const { call, given } = await start();
  const made = await call('PUT', `${TARGETS}/shop`, given);
  expect(made).toMatchObject({ status: 201, body: { key: 'shop', ...given, secrets: [], version: 1 } });
  expect((await call('GET', TARGETS)).body.items).toEqual([made.body]);
  const replaced = await call('PUT', `${TARGETS}/shop`, { ...given, name: 'The shop' }, { 'if-match': '"1"' });
  expect(replaced).toMatchObject({ status: 200, body: { name: 'The shop', version: 2 } });
  expect((await call('PUT', `${TARGETS}/shop`, given, { 'if-match': '"1"' })).status).toBe(412);
  expect((await call('GET', `${TARGETS}/shop`)).body).toEqual(replaced.body);
  expect((await call('DELETE', `${TARGETS}/shop`)).status).toBe(204);
  expect((await call('GET', `${TARGETS}/shop`)).status).toBe(404);
  const events = (await call('GET', '/audit?project=default')).body.items;
  const actions = events.map(({ action }: { action: string }) => action);
  for (const done of ['created', 'updated', 'deleted']) expect(actions).toContain(`traffic-target.${done}`);
});

test('a target is of one environment', async () => {
  const { call, given } = await start();
  await call('PUT', `${TARGETS}/shop`, given);
  expect((await call('GET', '/projects/default/environments/development/traffic-targets')).body.items).toEqual([]);
});

test.each<[what: string, wrong: { kind?: string; settings?: object; secrets?: object }, path: string]>([
  ['no kind', { kind: 'varnish' }, 'kind'],
  ['a field that there is not', { settings: { port: 1 } }, 'settings.port'],
  ['a folder that is not allowed', { settings: { runtime: '/etc/haproxy.sock' } }, 'settings.runtime'],
  ['a way out of a folder', { settings: { file: '/run/../etc/passwd' } }, 'settings.file'],
  ['an address that is not allowed', { settings: { runtime: '10.0.0.1:9999' } }, 'settings.runtime'],
  ['a second command', { settings: { map: '/run/a.map;disable server b/s' } }, 'settings.map'],
  ['secrets where there are none', { secrets: { token: 'x' } }, 'secrets.token'],
])('%s is refused, with the place and the fix', async (_what, wrong, path) => {
  const { call, given } = await start();
  const settings = { ...given.settings, ...wrong.settings };
  const answer = await call('PUT', `${TARGETS}/shop`, { ...given, ...wrong, settings });
  expect(answer).toMatchObject({ status: 400, body: { details: [{ path }] } });
});

test('what cannot be reached says so, and what it could do', async () => {
  const { call, given, folder } = await start();
  await call('PUT', `${TARGETS}/shop`, given);
  expect((await call('GET', `${TARGETS}/shop/state`)).body).toMatchObject({
    capabilities: { atomic: true, granularityPer100k: 1 },
    candidatePer100k: null,
    problem: expect.stringMatching(/cannot be reached \(connect ENOENT .*; check that HAProxy runs/),
  });
  expect((await call('POST', `${TARGETS}/shop/test`)).body).toMatchObject({ ok: false, applyMs: null });
  // A name in an allowed folder may lead elsewhere.
  const elsewhere = newFolder();
  mkdirSync(join(elsewhere, 'haproxy.sock'));
  symlinkSync(join(elsewhere, 'haproxy.sock'), join(folder, 'haproxy.sock'));
  expect((await call('GET', `${TARGETS}/shop/state`)).body.problem).toMatch(
    /outside of the folders of BUNTING_TRAFFIC_PATHS/,
  );
});

test('what is named for one project no other may name', async () => {
  const shared = newFolder();
  const [own, other] = [join(shared, 'default'), join(shared, 'web')];
  for (const folder of [own, other]) mkdirSync(folder);
  const trafficPaths = [shared, `default=${own}`, `web=${other}`];
  const trafficNamespaces = ['staging', 'web=web-live', 'default=live'];
  const { call } = await startApp({ config: { trafficPaths, trafficNamespaces } });
  await call('POST', '/projects', { key: 'web', name: 'Web' });
  const put = async (project: string, kind: string, settings: object) => {
    const target = `/projects/${project}/environments/production/traffic-targets/shop`;
    const { status, body } = await call('PUT', target, { name: 'Shop', kind, settings });
    return status < 300 ? 'taken' : body.details[0].message;
  };
  const haproxy = (project: string, folder: string) =>
    put(project, 'haproxy', {
      ...{ runtime: join(folder, 'haproxy.sock'), map: join(folder, 'shop.map') },
      backends: { candidate: 'new', baseline: 'old' },
    });
  expect(await Promise.all([haproxy('default', own), haproxy('web', other), haproxy('web', shared)])).toEqual([
    'taken',
    'taken',
    'taken',
  ]);
  expect(await haproxy('web', own)).toBe(
    `must lie in a folder that BUNTING_TRAFFIC_PATHS names on the server for this project (now: ${shared}, ${other})`,
  );
  const gateway = (project: string, namespace: string) =>
    put(project, 'gateway_api', {
      ...{ cluster: 'own', namespace, route: 'shop', services: { candidate: 'new', baseline: 'old' } },
    });
  expect(await Promise.all([gateway('web', 'web-live'), gateway('web', 'staging')])).toEqual(['taken', 'taken']);
  expect(await gateway('web', 'live')).toMatch(/for this project \(now: staging, web-live\), or cluster kubeconfig$/);
});

test('what a project may not name any more is not touched by what it named before', async () => {
  const folder = newFolder();
  const paths = new AllowedPaths([{ value: folder }, { project: 'shop', value: folder }], 'web');
  expect(paths.problemOf(join(folder, 'a'))).toBeUndefined();
  const taken = new AllowedPaths([{ value: '/run' }, { project: 'shop', value: folder }], 'web');
  await expect(taken.resolve(join(folder, 'a'))).rejects.toThrow(/for this project \(now: \/run\)/);
  // Neither by a way around: what is within that folder is not reached by a link from another.
  const allowed = newFolder();
  symlinkSync(folder, join(allowed, 'link'));
  const around = new AllowedPaths([{ value: allowed }, { project: 'shop', value: folder }], 'web');
  await expect(around.resolve(join(allowed, 'link', 'a'))).rejects.toThrow(/outside of the folders/);
});

const webhook = { name: 'Edge', kind: 'webhook', settings: { url: 'http://127.0.0.1:1/' } };
const secrets = { secret: `whsec_${Buffer.alloc(32, 'edge').toString('base64')}` };

test('secrets are kept sealed as long as a target leads where it led, and are never shown', async () => {
  const { call } = await start();
  const made = await call('PUT', `${TARGETS}/edge`, { ...webhook, secrets });
  expect(made).toMatchObject({ status: 201, body: { secrets: ['secret'] } });
  expect(await call('PUT', `${TARGETS}/edge`, { ...webhook, name: 'The edge' })).toMatchObject({
    ...{ status: 200, body: { name: 'The edge', secrets: ['secret'] } },
  });
  expect((await call('GET', `${TARGETS}/edge/state`)).body.problem).toMatch(/127\.0\.0\.1:1/);
  const elsewhere = { ...webhook, settings: { url: 'http://127.0.0.1:2/' } };
  expect(await call('PUT', `${TARGETS}/edge`, elsewhere)).toMatchObject({
    ...{ status: 400, body: { details: [{ path: 'secrets' }] } },
  });
  const everything = [await call('GET', TARGETS), await call('GET', '/audit?project=default')];
  expect(JSON.stringify(everything.map(({ body }) => body))).not.toContain(secrets.secret.slice(10));
});

/** What answers as a webhook of a traffic target does, and takes what it is told. */
async function startEdge(): Promise<string> {
  let observed: object = { candidatePer100k: 0 };
  const server = createServer(async (request, response) => {
    if (request.method === 'POST') observed = (await json(request)) as object;
    response.end(JSON.stringify(observed));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

test('what a release steers leads where it led, and is not deleted, until the release has ended', async () => {
  const { call } = await start();
  const edge = { ...webhook, settings: { url: await startEdge() }, secrets };
  await call('PUT', `${TARGETS}/edge`, edge);
  const release = {
    ...{ title: 'Edge 2', environment: 'production', strategy: 'canary' },
    traffic: { target: 'edge', candidate: '2', baseline: '1' },
    stages: [{ trafficPer100k: 100_000, soakSeconds: 60 }],
  };
  const made = await call('POST', '/projects/default/releases', release);
  const command = (body: object) => call('POST', `/projects/default/releases/${made.body.id}/commands`, body);
  expect(await command({ command: 'start' })).toMatchObject({ status: 200, body: { phase: 'progressing' } });
  const refused = {
    status: 409,
    body: { message: expect.stringMatching(/^Release "Edge 2" .* wait for its end, or abort it/) },
  };
  expect(await call('DELETE', `${TARGETS}/edge`)).toMatchObject(refused);
  expect(await call('PUT', `${TARGETS}/edge`, { ...webhook, secrets })).toMatchObject(refused);
  expect(await call('POST', `${TARGETS}/edge/test`)).toMatchObject(refused);
  expect(await call('POST', `${TARGETS}/edge/reset`)).toMatchObject(refused);
  const holder = async () => (await call('GET', `${TARGETS}/edge/state`)).body.release;
  expect(await holder()).toEqual({ id: made.body.id, title: 'Edge 2' });
  expect((await call('PUT', `${TARGETS}/edge`, { ...edge, name: 'The edge' })).status).toBe(200);
  expect((await command({ command: 'abort', reason: 'never mind' })).body.phase).toBe('aborted');
  expect(await holder()).toBeNull();
  expect(await call('POST', `${TARGETS}/edge/test`)).toMatchObject({ body: { ok: true } });
  expect((await call('DELETE', `${TARGETS}/edge`)).status).toBe(204);
});

test('what has everyone gives them back to the baseline before the next release, where that answers', async () => {
  const { call } = await start();
  const url = await startEdge();
  await call('PUT', `${TARGETS}/edge`, { ...webhook, settings: { url }, secrets });
  const set = (observed: object) => fetch(url, { method: 'POST', body: JSON.stringify(observed) });
  await set({ candidatePer100k: 100_000, up: { candidate: 1, baseline: 0 } });
  expect((await call('POST', `${TARGETS}/edge/reset`)).body).toMatchObject({
    ok: false,
    problem: 'No instance of the baseline answers its checks: deploy it first.',
  });
  await set({ candidatePer100k: 100_000, up: { candidate: 1, baseline: 1 } });
  expect((await call('POST', `${TARGETS}/edge/reset`)).body).toMatchObject({ ok: true, problem: null });
  expect((await call('GET', `${TARGETS}/edge/state`)).body.candidatePer100k).toBe(0);
  const { items } = (await call('GET', '/audit?project=default')).body;
  expect(items[0]).toMatchObject({ action: 'traffic-target.reset', target: { key: 'edge' } });
});

test('a release on its way back follows its target to where it is found', async () => {
  const { app, call } = await start();
  const gone = createServer((_, response) => response.end(JSON.stringify({ candidatePer100k: 0 })));
  await once(gone.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(gone.address() as AddressInfo).port}/`;
  await call('PUT', `${TARGETS}/edge`, { ...webhook, settings: { url }, secrets });
  const release = {
    ...{ title: 'Edge 2', environment: 'production', strategy: 'canary' },
    traffic: { target: 'edge', candidate: '2', baseline: '1' },
    stages: [{ trafficPer100k: 100_000, soakSeconds: 60 }],
  };
  const { id } = (await call('POST', '/projects/default/releases', release)).body;
  const command = (body: object) => call('POST', `/projects/default/releases/${id}/commands`, body);
  expect((await command({ command: 'start' })).body.phase).toBe('progressing');
  gone.close();
  gone.closeAllConnections();
  expect((await command({ command: 'abort', reason: 'it burns' })).body.phase).toBe('aborting');
  expect((await call('DELETE', `${TARGETS}/edge`)).status).toBe(409);
  const found = { ...webhook, settings: { url: await startEdge() }, secrets };
  expect((await call('PUT', `${TARGETS}/edge`, found)).status).toBe(200);
  await app.bunting.releaseEngine.look();
  expect((await call('GET', `/projects/default/releases/${id}`)).body.phase).toBe('aborted');
});
