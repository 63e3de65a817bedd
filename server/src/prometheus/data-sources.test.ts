import { expect, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';
import { startPrometheus, vector } from './prometheus-server.test.fixture.ts';

const SOURCES = '/projects/default/data-sources';
const SAFEGUARDS = '/projects/default/environments/production/safeguards';
const TOKEN = 'let-me-in-7f3a';

const start = () => startApp({ config: { egressAllow: ['127.0.0.1'] } });

test('a data source is made, read, changed and deleted, and its secret is never shown', async () => {
  const { call } = await start();
  const input = { key: 'prom', name: 'Prometheus', url: 'http://127.0.0.1:9090/prom' };
  const made = await call('POST', SOURCES, { ...input, auth: { kind: 'bearer', token: TOKEN } });
  expect(made).toMatchObject({ status: 201, body: { ...input, auth: 'bearer', version: 1 } });
  expect((await call('POST', SOURCES, input)).status).toBe(409);
  expect((await call('GET', SOURCES)).body.items).toEqual([made.body]);
  const elsewhere = await call('PATCH', `${SOURCES}/prom`, { url: 'http://127.0.0.1:6666' });
  expect(elsewhere).toMatchObject({ status: 400, body: { details: [{ path: 'auth' }] } });
  const moved = await call('PATCH', `${SOURCES}/prom`, { url: 'http://127.0.0.1:9090/other', name: 'P' });
  expect(moved).toMatchObject({ status: 200, body: { version: 2, auth: 'bearer' } });
  const everything = JSON.stringify([
    (await call('GET', `${SOURCES}/prom`)).body,
    (await call('GET', '/audit?project=default')).body,
  ]);
  expect(everything).toContain('data-source.updated');
  expect(everything).not.toContain(TOKEN);
  expect((await call('DELETE', `${SOURCES}/prom`)).status).toBe(204);
  expect((await call('GET', `${SOURCES}/prom`)).status).toBe(404);
});

test('a data source leads to where this server may send something', async () => {
  const { call } = await start();
  const make = (url: string) => call('POST', SOURCES, { key: 'p', name: 'P', url });
  for (const url of ['https://10.0.0.1', 'http://example.com', 'ftp://127.0.0.1', 'http://127.0.0.1/?query=up', 'x']) {
    expect(await make(url), url).toMatchObject({ status: 400, body: { details: [{ path: 'url' }] } });
  }
});

test('a query says what it says now', async () => {
  const { call } = await start();
  const { url, asked } = await startPrometheus(({ query }, response) => {
    response.end(
      query === 'up' ? vector(3) : query.includes('[30s]') ? vector() : '{"status":"error","error":"parse error"}',
    );
  });
  const auth = { kind: 'basic', username: 'me', password: TOKEN };
  await call('POST', SOURCES, { key: 'prom', name: 'P', url, auth });
  const query = async (body: object) => (await call('POST', `${SOURCES}/prom/query`, body)).body;
  expect(await query({ query: 'up' })).toMatchObject({ result: 'number', value: 3, reason: null });
  expect(await query({ query: 'increase(x[$step])', stepMs: 30_000 })).toMatchObject({
    result: 'no_data',
    value: null,
  });
  expect(await query({ query: 'sum(' })).toMatchObject({ result: 'error', reason: 'it answered 200: parse error' });
  expect(asked[0]?.authorization).toBe(`Basic ${Buffer.from(`me:${TOKEN}`).toString('base64')}`);
});

test('a safeguard kills by what Prometheus counts, and an outage of Prometheus kills nothing', async () => {
  const { app, call } = await start();
  let isDown = true;
  const { url } = await startPrometheus(({ query }, response) => {
    if (isDown) response.writeHead(503).end('down');
    else response.end(vector(query.includes('bad') ? 30 : 100));
  });
  await call('POST', SOURCES, { key: 'prom', name: 'P', url });
  await call('POST', '/projects/default/flags', { key: 'checkout', type: 'boolean' });
  await call('PATCH', '/projects/default/flags/checkout/environments/production', { enabled: true });
  const candidate = { total: 'sum(increase(total[$step]))', bad: 'sum(increase(bad[$step]))' };
  const safeguard = {
    ...{
      name: 'Prom',
      watch: { flag: 'checkout' },
      action: 'kill',
      test: { kind: 'ceiling', alpha: 0.01, atMost: 0.05 },
    },
    metric: { kind: 'prometheus', source: 'prom', stepMs: 5_000, candidate },
  };
  const made = await call('POST', SAFEGUARDS, safeguard);
  expect(made).toMatchObject({ status: 201, body: safeguard });
  const look = async () => {
    await app.bunting.guards.watch.look();
    const { body } = await call('GET', `${SAFEGUARDS}/${made.body.id}`);
    return body.watching[0];
  };
  await expect.poll(async () => (await look()).silence).toMatch(/^Prometheus cannot be asked: candidate.total/);
  const kills = async () => (await call('GET', '/projects/default/environments/production/kills')).body.items;
  expect(await kills()).toEqual([]);
  isDown = false;
  await expect.poll(kills, { timeout: 15_000 }).toMatchObject([{ flag: 'checkout' }]);
  const verdicts = async () => (await call('GET', '/projects/default/environments/production/verdicts')).body.items;
  await expect.poll(verdicts).toHaveLength(1);
  const [verdict] = await verdicts();
  expect(verdict.summary).toContain('is bad in 30 % of all cases');
  const replayed = await call('POST', `/projects/default/environments/production/verdicts/${verdict.id}/replay`, {});
  expect(replayed.body).toMatchObject({ verdict: 'failed', same: true });
  const usedBy = [{ environment: 'production', safeguard: made.body.id, name: 'Prom' }];
  expect((await call('GET', SOURCES)).body.items).toMatchObject([{ key: 'prom', usedBy }]);
  expect((await call('DELETE', `${SOURCES}/prom`)).status).toBe(409);
}, 40_000);

test('a safeguard that could never find anything is refused, and says the fix', async () => {
  const { call } = await start();
  await call('POST', SOURCES, { key: 'prom', name: 'P', url: 'http://127.0.0.1:9090' });
  await call('POST', '/projects/default/flags', { key: 'checkout', type: 'boolean' });
  const query = 'sum(increase(x[$step]))';
  const safeguard = {
    ...{
      name: 'Prom',
      watch: { flag: 'checkout' },
      action: 'kill',
      test: { kind: 'ceiling', alpha: 0.01, atMost: 0.05 },
    },
    metric: { kind: 'prometheus', source: 'prom', candidate: { total: query, bad: query } },
  };
  const problem = async (changes: object) => {
    const { status, body } = await call('POST', SAFEGUARDS, { ...safeguard, ...changes });
    return [status, body.details?.[0]?.path];
  };
  const metric = safeguard.metric;
  expect(await problem({ metric: { ...metric, source: 'other' } })).toEqual([400, 'metric.source']);
  expect(await problem({ watch: { tag: 'shop' } })).toEqual([400, 'watch']);
  expect(await problem({ test: { kind: 'placebo_rank', alpha: 0.01 } })).toEqual([400, 'test.kind']);
  const compared = { kind: 'relative_risk', alpha: 0.01, tolerance: 1 };
  expect(await problem({ test: compared })).toEqual([400, 'metric.baseline']);
  const whole = { ...metric, candidate: { total: 'sum(rate(x[5m]))', bad: query } };
  expect(await problem({ metric: whole })).toEqual([400, 'metric.candidate.total']);
  expect(await problem({})).toEqual([201, undefined]);
});

test('a data source says which releases and templates have gates that read it, and stays while one is under way', async () => {
  const { call } = await start();
  await call('POST', SOURCES, { key: 'prom', name: 'Prometheus', url: 'http://127.0.0.1:9090' });
  await call('POST', SOURCES, { key: 'other', name: 'Other', url: 'http://127.0.0.1:9090' });
  await call('POST', '/projects/default/flags', { key: 'checkout', type: 'boolean' });
  const off = { enabled: true, defaultRule: { variant: 'off' } };
  await call('PATCH', '/projects/default/flags/checkout/environments/production', off);
  const gate = { kind: 'prometheus', name: 'up', source: 'prom', query: 'up', atLeast: 1 };
  const way = { strategy: 'flag_only', bakeSeconds: 60, rollbackWindowSeconds: 60 };
  const stages = [{ flagsPer100k: 100_000, soakSeconds: 60, gates: [gate] }];
  const flags = [{ flag: 'checkout', candidate: 'on', baseline: 'off' }];
  const release = { ...way, title: 'Checkout', environment: 'production', flags, stages };
  const { id } = (await call('POST', '/projects/default/releases', release)).body;
  const template = { ...way, name: 'Ours', description: '', stages, watch: [gate] };
  const kept = await call('PUT', '/projects/default/release-templates/ours', template);
  expect(kept.status).toBe(200);
  const usedByReleases = [{ environment: 'production', release: id, title: 'Checkout', phase: 'draft' }];
  const usedByTemplates = [{ template: 'ours', name: 'Ours' }];
  const { items } = (await call('GET', SOURCES)).body;
  expect(items).toMatchObject([
    { key: 'other', usedByReleases: [], usedByTemplates: [] },
    { key: 'prom', usedBy: [], usedByReleases, usedByTemplates },
  ]);
  const command = (body: object) => call('POST', `/projects/default/releases/${id}/commands`, body);
  await command({ command: 'schedule', at: new Date(Date.now() + 3_600_000).toISOString() });
  const refused = await call('DELETE', `${SOURCES}/prom`);
  expect([refused.status, refused.body.message]).toEqual([
    409,
    `Data source "prom" is read by gates of release "Checkout" (${id}): wait for its end, or abort it first.`,
  ]);
  await command({ command: 'cancel' });
  expect((await call('GET', `${SOURCES}/prom`)).body.usedByReleases).toEqual([]);
  expect((await call('DELETE', `${SOURCES}/prom`)).status).toBe(204);
});
