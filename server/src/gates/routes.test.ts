import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { startPrometheus, vector } from '../prometheus/prometheus-server.test.fixture.ts';
import { startPerson } from '../testing/people.ts';
import type { Gate } from './gate.ts';
import { only, serve, start, T0 } from './judged-release.test.fixture.ts';

const TRY = '/projects/default/environments/production/gates/try';
const LINT = '/projects/default/releases/lint';
const flags = [{ flag: 'checkout', candidate: 'on', baseline: 'off' }];
const errors: Gate = {
  ...{ kind: 'sequential', name: 'errors', of: { kind: 'flag' }, minRequests: 50 },
  test: { kind: 'relative_risk', alpha: 0.01, tolerance: 1 },
};

test('what gates found is listed, and each can be looked at with the points of its chart, judged again', async () => {
  const { call, run, subjectOf, judge, release } = await start();
  const ready: Gate = { kind: 'http', name: 'ready', urls: [await serve((_, response) => response.end('{}'))] };
  for (let second = 0; second < 20; second += 2) {
    run('on', 40, second > 10 ? 20 : 0);
    run('off', 40, 1);
    await judge(subjectOf(errors, ready), 2_000);
  }
  expect(only(await judge(subjectOf(errors, ready)))).toMatchObject({ verdict: 'failed' });
  const { body } = await call('GET', `/projects/default/releases/${release.id}/gates`);
  expect(body.items).toMatchObject([
    { stage: 0, attempt: 1, gate: errors, verdict: 'failed', asks: 'abort', enteredAt: new Date(T0).toISOString() },
    { gate: { name: 'ready' }, verdict: 'successful', asks: 'go', silent: 0, errors: 0 },
  ]);
  const [first, second] = body.items;
  const { body: detail } = await call('GET', `/projects/default/releases/${release.id}/gates/${first.id}`);
  expect(detail).toMatchObject({ verdict: 'failed', reproduced: true, threshold: -Math.log(0.01) });
  expect(detail.points).toHaveLength(first.measured);
  expect(detail.points[0]).toMatchObject({
    ...{ kind: 'data', verdict: 'running', from: new Date(T0).toISOString() },
    baseline: { count: expect.any(Number), bad: expect.any(Number) },
  });
  expect(detail.points.at(-1).logE).toBeGreaterThan(-Math.log(0.01));
  const { body: other } = await call('GET', `/projects/default/releases/${release.id}/gates/${second.id}`);
  expect(other).toMatchObject({ reproduced: true, threshold: null });
  expect((await call('GET', `/projects/default/releases/${release.id}/gates/none`)).status).toBe(404);
});

test('a gate is tried out now, by the last minutes, and nothing is kept', async () => {
  const { call, run, clock, release } = await start();
  for (let minute = 0; minute < 10; minute++) {
    run('on', 100, 1);
    run('off', 100, 1);
    clock.nowMs += 60_000;
  }
  const { body } = await call('POST', TRY, { gate: errors, flags });
  expect(body).toMatchObject({ verdict: 'successful', asks: 'go' });
  expect(body.looks).toHaveLength(10);
  expect(body.looks[0]).toMatchObject({ kind: 'data', data: { step: { candidate: [100, 1, 1] } } });
  const url = await serve((_, response) => response.writeHead(503).end());
  const gate = { kind: 'http', name: 'ready', urls: [url] };
  expect((await call('POST', TRY, { gate })).body).toMatchObject({
    ...{
      verdict: 'failed',
      reason: `0 of 1 instances are ready: ${url} answered 503. (bad 1 in a row.)`,
      asks: 'abort',
    },
  });
  const job = { kind: 'job', name: 'smoke', run: { kind: 'command', command: 'sh' } };
  expect((await call('POST', TRY, { gate: job })).body).toMatchObject({ verdict: 'pending', looks: [] });
  expect((await call('GET', `/projects/default/releases/${release.id}/gates`)).body.items).toEqual([]);
});

test('a gate that cannot work is refused with the place, and who may not change releases tries none', async () => {
  const server = await start();
  expect(await server.call('POST', TRY, { gate: errors })).toMatchObject({
    ...{ status: 400, body: { details: [{ path: 'gate.of.flag', message: 'is needed: the release has no flags' }] } },
  });
  const { browser: viewer } = await startPerson(server, 'viewer', { project: 'default' });
  expect((await viewer.call('POST', TRY, { gate: errors, flags })).status).toBe(403);
});

test('what a release could see is said before it begins, and a stage that is blind is refused unless it says so', async () => {
  const { call, run, clock } = await start();
  const stages = [
    { flagsPer100k: 1_000, soakSeconds: 10, gates: [errors] },
    { flagsPer100k: 50_000, soakSeconds: 3_600, gates: [errors] },
    { flagsPer100k: 100_000, soakSeconds: 60 },
  ];
  const release = { title: 'New checkout', environment: 'production', strategy: 'flag_only', flags, stages };
  // Not measured yet: what is not known is no reason to refuse.
  const unknown = (await call('POST', LINT, release)).body;
  expect(unknown.problems).toEqual([]);
  expect(unknown.stages[0].gates[0]).toMatchObject({ sees: null, requests: null });
  for (let minute = 0; minute < 30; minute++) {
    run('off', 600, 6);
    clock.nowMs += 60_000;
  }
  const { body } = await call('POST', LINT, release);
  expect(body.stages[0].gates[0].sentence).toMatch(/^1 % for 10 s sees nothing/);
  expect(body.stages[1].gates[0].sentence).toMatch(/^50 % for 60 min sees only regressions of [\d.]+ times and more/);
  expect(body.stages[1].gates[0].sees.ratio).toBeLessThan(3);
  expect(body.falseAbortRisk).toBeCloseTo(1 - 0.99 ** 2, 9);
  expect(body.budgetShare).toBeGreaterThan(0);
  expect(body.problems.map(({ path }: { path: string }) => path)).toEqual(['stages[0]']);
  const refused = await call('POST', '/projects/default/releases', release);
  expect(refused.status).toBe(400);
  expect(refused.body.details[0].message).toContain('blind: true');
  const said = [{ ...stages[0], blind: true }, ...stages.slice(1)];
  expect((await call('POST', '/projects/default/releases', { ...release, stages: said })).status).toBe(201);
});

test('a release whose gates ask what is not there, or may not be asked, is refused with the place', async () => {
  const { call } = await start();
  const gates = [
    { kind: 'http', name: 'ready', urls: ['http://169.254.169.254/'] },
    { kind: 'job', name: 'smoke', run: { kind: 'webhook', webhook: 'none' } },
    { kind: 'job', name: 'command', run: { kind: 'command', command: 'smoke.sh' } },
    { kind: 'prometheus', name: 'load', source: 'none', query: 'a', atMost: 1 },
  ];
  const stages = [
    { flagsPer100k: 1_000, soakSeconds: 10, gates },
    { flagsPer100k: 100_000, soakSeconds: 60 },
  ];
  const release = { title: 'New checkout', environment: 'production', strategy: 'flag_only', flags, stages };
  const paths = ({ details }: { details: { path: string }[] }) => details.map(({ path }) => path);
  const refused = await call('POST', '/projects/default/releases', release);
  expect(refused.status).toBe(400);
  expect(paths(refused.body)).toEqual([
    'stages[0].gates[0].urls[0]',
    'stages[0].gates[1].run.webhook',
    'stages[0].gates[2].run.command',
  ]);
  expect(JSON.stringify(refused.body)).toContain('BUNTING_EGRESS_ALLOW');
});

test('a gate that compares what a data source that is not there has counted is refused with the place', async () => {
  const { call } = await start();
  const asked = { total: 'sum(increase(a[$step]))', bad: 'sum(increase(b[$step]))' };
  const of = { kind: 'prometheus', source: 'none', candidate: asked, baseline: asked };
  const stages = [
    { flagsPer100k: 50_000, soakSeconds: 60, gates: [{ ...errors, of }] },
    { flagsPer100k: 100_000, soakSeconds: 60 },
  ];
  const release = { title: 'New checkout', environment: 'production', strategy: 'flag_only', flags, stages };
  const details = [{ path: 'stages[0].gates[0].of.source', message: expect.stringContaining('no data source "none"') }];
  expect(await call('POST', LINT, release)).toMatchObject({ status: 200, body: { problems: details } });
  expect(await call('POST', '/projects/default/releases', release)).toMatchObject({ status: 400, body: { details } });
});

test('all for which a release would be refused is said while it is composed, and where its ways back end', async () => {
  const { call } = await start();
  const number = { kind: 'prometheus', name: 'load', source: 'none', query: 'a', atMost: 1 };
  const release = {
    ...{ title: 'Orders', environment: 'production', strategy: 'migration', migration: { plan: 'orders' } },
    ...{ flags: [{ flag: 'gone', candidate: 'on', baseline: 'off' }], watch: [number] },
    traffic: { target: 'shop', candidate: 'v2', baseline: 'v1' },
    stages: [
      { migrationPhase: 'read_only_new', trafficPer100k: 100_000, soakSeconds: 10 },
      { migrationPhase: 'stop_old_write', flagsPer100k: 100_000, soakSeconds: 10 },
    ],
  };
  const { body } = await call('POST', LINT, release);
  expect(body.problems.map(({ path }: { path: string }) => path)).toEqual([
    ...['traffic.target', 'watch[0].source', 'migration.plan', 'flags[0].flag'],
  ]);
  await call('POST', '/projects/default/flags', { key: 'orders', type: 'string', kind: 'migration' });
  const plan = { key: 'orders', name: 'Orders', flag: 'orders', phases: {} };
  expect((await call('POST', '/projects/default/environments/production/migration-plans', plan)).status).toBe(201);
  const planned = (await call('POST', LINT, release)).body;
  expect(planned.problems).toHaveLength(3);
  expect(planned.pointsOfNoReturn).toMatchObject([{ stage: 1 }]);
  const falling = { ...release, stages: release.stages.toReversed() };
  const never = await call('POST', LINT, falling);
  expect(never).toMatchObject({ status: 200, body: { stages: [], falseAbortRisk: null } });
  expect(never.body.problems.at(-1)).toMatchObject({ path: 'stages[1].migrationPhase' });
});

test('what is watched by comparison is not asked to see anything where nobody has the baseline any more', async () => {
  const { call, run, clock } = await start();
  for (let minute = 0; minute < 30; minute++) {
    run('off', 600, 6);
    clock.nowMs += 60_000;
  }
  const stages = [50_000, 100_000].map((flagsPer100k) => ({ flagsPer100k, soakSeconds: 3_600 }));
  const release = { title: 'New checkout', environment: 'production', strategy: 'flag_only', flags, stages };
  const { body } = await call('POST', LINT, { ...release, watch: [errors] });
  expect(body.problems).toEqual([]);
  expect(body.stages.map(({ gates }: { gates: unknown[] }) => gates.length)).toEqual([1, 0, 0]);
  const crash = { ...errors, test: { kind: 'crash', alpha: 0.01, atMost: 0.05 } };
  const looked = (await call('POST', LINT, { ...release, watch: [crash] })).body;
  expect(looked.stages.map(({ gates }: { gates: unknown[] }) => gates.length)).toEqual([1, 1, 1]);
});

test('a gate tells the versions of a deploy apart, and counts how often old and new differed', async () => {
  const { app, call, clock } = await start();
  const ruleset = app.bunting.rulesets.named('default', 'production');
  if (ruleset === undefined) throw new Error('there is no such environment');
  const traffic = { target: 'shop', candidate: 'v2', baseline: 'v1' };
  let seq = 0;
  const record = (version: string, errors: number, mismatched: number) => {
    const path = { flag: 'checkout', variant: 'off', reason: 'STATIC', path: 'run', count: 100, errors };
    const comparison = { flag: 'checkout', variant: 'off', path: 'shadow', compared: 50, mismatched, skipped: 0 };
    const window = { seq: seq++, startMs: clock.nowMs, durationMs: 1_000, paths: [path], comparisons: [comparison] };
    app.bunting.measurements.record(ruleset, { instance: version, version }, window as never);
  };
  for (let minute = 0; minute < 10; minute++) {
    record('v1', 1, 0);
    record('v2', 30, 20);
    clock.nowMs += 60_000;
  }
  const byVersion = { ...errors, of: { kind: 'flag', by: 'version' } };
  expect((await call('POST', TRY, { gate: byVersion, flags, traffic })).body).toMatchObject({
    ...{ verdict: 'failed', reason: expect.stringMatching(/candidate: 300 of 1.000 .*baseline 10 of 1.000/) },
  });
  const differing = {
    ...errors,
    of: { kind: 'mismatches', path: 'shadow' },
    test: { kind: 'ceiling', alpha: 0.01, atMost: 0.01 },
  };
  expect((await call('POST', TRY, { gate: differing, flags })).body).toMatchObject({
    ...{ verdict: 'failed', reason: expect.stringMatching(/200 of 1.000/) },
  });
});

test('what a release could see is said of what Prometheus counts, too', async () => {
  const { call } = await start();
  const { url } = await startPrometheus(({ query }, response) => response.end(vector(query.includes('5..') ? 3 : 300)));
  await call('POST', '/projects/default/data-sources', { key: 'main', name: 'Main', url });
  const arm = (version: string) => ({
    total: `sum(increase(requests_total{version="${version}"}[$step]))`,
    bad: `sum(increase(requests_total{version="${version}",code=~"5.."}[$step]))`,
  });
  const of = { kind: 'prometheus', source: 'main', candidate: arm('$candidate'), baseline: arm('$baseline') };
  const stages = [
    { trafficPer100k: 20_000, soakSeconds: 600, gates: [{ ...errors, name: 'prometheus', of }] },
    { trafficPer100k: 100_000, soakSeconds: 60 },
  ];
  const release = {
    ...{ title: 'Shop 2', environment: 'production', strategy: 'canary', stages },
    traffic: { target: 'shop', candidate: 'v2', baseline: 'v1' },
  };
  const { body } = await call('POST', LINT, release);
  // 600 requests within 5 min on both sides, 6 of them bad; the candidate is to have a fifth.
  expect(body.stages[0].gates[0]).toMatchObject({ requests: 240, sees: { ratio: expect.any(Number) } });
});

test('half a character in a name or a version does no harm', async () => {
  const { call, subjectOf, judge } = await start();
  const asked: string[] = [];
  const url = await serve((request, response) => {
    asked.push(request.url ?? '');
    response.end('{}');
  });
  const gate: Gate = { kind: 'http', name: 'half \ud83d', urls: [`${url}?version=$candidate`] };
  const traffic = { target: 'shop', candidate: 'v2 \ud83d', baseline: 'v1' };
  expect((await call('POST', TRY, { gate, traffic })).body).toMatchObject({ verdict: 'successful' });
  expect(asked[0]).toContain('version=v2%20%EF%BF%BD');
  expect(only(await judge(subjectOf(gate)))).toMatchObject({ gate: gate.name, verdict: 'running' });
});

test('what is asked before a release begins is asked at once: one that is slow makes nobody wait for each', async () => {
  const { call } = await start();
  const held: ServerResponse[] = [];
  let isSlow = true;
  const prometheus = await startPrometheus((_, response) => (isSlow ? held.push(response) : response.end(vector(1))));
  await call('POST', '/projects/default/data-sources', { key: 'slow', name: 'Slow', url: prometheus.url });
  const gates = ['a', 'b', 'c'].map((name) => {
    const asked = { total: `sum(increase(${name}[$step]))`, bad: `sum(increase(${name}_bad[$step]))` };
    return { ...errors, name, of: { kind: 'prometheus', source: 'slow', candidate: asked, baseline: asked } };
  });
  const stages = [
    { flagsPer100k: 50_000, soakSeconds: 60, gates },
    { flagsPer100k: 100_000, soakSeconds: 60 },
  ];
  const release = { title: 'New checkout', environment: 'production', strategy: 'flag_only', flags, stages };
  const linted = call('POST', LINT, release);
  const names = () => new Set(prometheus.asked.map(({ query }) => query[13]));
  await expect.poll(() => [...names()].sort()).toEqual(['a', 'b', 'c']);
  isSlow = false;
  for (const response of held) response.end(vector(1));
  expect((await linted).status).toBe(200);
});
