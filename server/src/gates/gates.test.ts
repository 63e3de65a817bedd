import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { expect, test, vi } from 'vitest';
import { readAddressPolicy } from '../egress/address-policy.ts';
import { InstallationMeasurements } from '../measurements/installation-measurements.ts';
import { startPrometheus, vector } from '../prometheus/prometheus-server.test.fixture.ts';
import { newFolder } from '../testing/start-app.ts';
import { TrafficError } from '../traffic/traffic-target.ts';
import type { Gate, GateFacts } from './gate.ts';
import { only, serve, start, T0 } from './judged-release.test.fixture.ts';
import { readCalendar } from './kinds/calendar.ts';
import { replayRun } from './live-run.ts';
import { openGates } from './open-gates.ts';
import { findMeasurements, findRunsOfRelease } from './repository.ts';

test('a gate of readiness asks each instance and what it depends on, and passes when all are ready long enough', async () => {
  const { subjectOf, judge } = await start();
  const health = { checks: { database: 'down' } };
  const url = await serve((_, response) => response.end(JSON.stringify(health)));
  const gate: Gate = {
    ...{ kind: 'http', name: 'ready', urls: [`${url}/a`, `${url}/b`], passAfter: 2, everySeconds: 5 },
    says: [{ path: 'checks.database', equals: 'ok' }],
  };
  expect(only(await judge(subjectOf(gate)))).toMatchObject({
    verdict: 'running',
    reason: `0 of 2 instances are ready: ${url}/a says checks.database is "down". (bad 1 of 3 in a row.)`,
    ...{ onFailure: 'abort', onInconclusive: 'hold', dryRun: false },
  });
  health.checks.database = 'ok';
  expect(only(await judge(subjectOf(gate), 5_000))).toMatchObject({ verdict: 'running' });
  expect(only(await judge(subjectOf(gate), 5_000))).toMatchObject({
    verdict: 'successful',
    ...{ reason: '2 of 2 instances are ready.', sinceMs: T0 + 10_000 },
  });
});

test('addresses that the server may not ask are no answer of an instance', async () => {
  const { subjectOf, judge } = await start();
  const gate: Gate = { kind: 'http', name: 'ready', urls: ['http://169.254.169.254/'] };
  const facts = only(await judge(subjectOf(gate)));
  expect(facts).toMatchObject({ verdict: 'error' });
  expect(facts.reason).toContain('BUNTING_EGRESS_ALLOW');
});

test('a gate on Prometheus takes NaN and no series for no data, and a lost Prometheus for an error', async () => {
  const { call, subjectOf, judge } = await start();
  let answer: string | undefined = vector();
  const { url, asked } = await startPrometheus((_, response) => {
    if (answer === undefined) response.destroy();
    else response.end(answer);
  });
  await call('POST', '/projects/default/data-sources', { key: 'main', name: 'Main', url });
  const gate: Gate = {
    ...{ kind: 'prometheus', name: 'p99', source: 'main', query: 'p99{version="$candidate"}[1m]', atMost: 0.5 },
    ...{ passAfter: 1, everySeconds: 10 },
  };
  const traffic = { target: 'shop', candidate: 'v2"', baseline: 'v1' };
  const subject = { ...subjectOf(gate), traffic };
  // The query looks back for a minute: until then it would be about what was before the stage.
  expect(only(await judge(subject, 59_000))).toMatchObject({ verdict: 'pending' });
  expect(only(await judge(subject, 1_000))).toMatchObject({ verdict: 'inconclusive' });
  expect(asked[0]?.query).toBe('p99{version="v2\\""}[1m]');
  answer = vector('NaN');
  expect(only(await judge(subject, 10_000)).reason).toBe('Prometheus has no data (query): the value is NaN.');
  answer = undefined;
  expect(only(await judge(subject, 10_000))).toMatchObject({ verdict: 'error', sinceMs: T0 + 80_000 });
  answer = vector(0.4);
  expect(only(await judge(subject, 10_000))).toMatchObject({ verdict: 'successful', sinceMs: T0 + 90_000 });
});

test('a run goes on where another server left it, nothing is judged twice, and a gap is told', async () => {
  const { app, subjectOf, judge, database, release, clock } = await start();
  const url = await serve((_, response) => response.end('{}'));
  const gate: Gate = { kind: 'http', name: 'ready', urls: [url], passAfter: 3, everySeconds: 5 };
  await judge(subjectOf(gate));
  await judge(subjectOf(gate), 5_000);
  const { measurements, cluster, rulesets, trafficTargets: traffic, vault, judging } = app.bunting;
  const { gates } = judging;
  const { gates: other } = openGates({
    ...{
      database,
      environments: app.bunting.environments,
      measurements: new InstallationMeasurements(measurements, cluster),
      rulesets,
      traffic,
      vault,
    },
    ...{
      policy: readAddressPolicy(['127.0.0.1']),
      config: {},
      registry: new Registry(),
      log: app.log,
      now: () => clock.nowMs,
    },
  });
  expect(only(await judge(subjectOf(gate), 5_000, other))).toMatchObject({ verdict: 'successful' });
  // The first one does not know of it yet: what it measures is not kept, and it reads what is stored.
  clock.nowMs += 5_000;
  await gates.judge(subjectOf(gate));
  await expect.poll(async () => only(await gates.judge(subjectOf(gate))).verdict).toBe('successful');
  clock.nowMs += 600_000;
  await expect.poll(async () => only(await judge(subjectOf(gate))).reason).toMatch(/^Nobody measured for 60\d s/);
  expect(only(await judge(subjectOf(gate)))).toMatchObject({ verdict: 'inconclusive' });
  const [run] = await findRunsOfRelease(database, release.id);
  const rows = await findMeasurements(database, run?.id ?? '', { from: 0, limit: 100 });
  expect(rows.map(({ number }) => number)).toEqual(rows.map((_, at) => at));
});

test('a job by webhook is signed, has one key however often it is asked, and ends the gate', async () => {
  const { call, subjectOf, judge, release } = await start();
  const heard: { key: string; header: unknown }[] = [];
  let state = 'running';
  const url = await serve((request, response, body) => {
    heard.push({ key: JSON.parse(body).key, header: request.headers['webhook-id'] });
    expect(request.headers['webhook-signature']).toMatch(/^v1,/);
    response.end(JSON.stringify({ state, message: '12 of 12 tests' }));
  });
  const { body: webhook } = await call('POST', '/projects/default/webhooks', { name: 'Smoke', url, enabled: false });
  const gate: Gate = { kind: 'job', name: 'smoke', run: { kind: 'webhook', webhook: webhook.id } };
  expect(only(await judge(subjectOf(gate)))).toMatchObject({ verdict: 'running' });
  state = 'succeeded';
  expect(only(await judge(subjectOf(gate), 5_000))).toMatchObject({
    ...{ verdict: 'successful', reason: 'The job succeeded after 5 s. 12 of 12 tests' },
  });
  await judge(subjectOf(gate), 5_000);
  const key = `${release.id}.1.0.smoke`;
  expect(heard).toEqual([
    { key, header: key },
    { key, header: key },
  ]);
});

test('a job by command runs only what the folder of the server holds, and tells it what it is about', async () => {
  const folder = newFolder();
  const program = join(folder, 'smoke.sh');
  writeFileSync(program, '#!/bin/sh\necho "$BUNTING_KEY $BUNTING_STAGE secret=$BUNTING_MASTER_KEY"; exit 3\n');
  chmodSync(program, 0o755);
  const { subjectOf, judge, release } = await start({ gateCommandsDir: folder });
  const gate: Gate = { kind: 'job', name: 'smoke', run: { kind: 'command', command: 'smoke.sh' }, everySeconds: 1 };
  await judge(subjectOf(gate));
  await expect.poll(async () => only(await judge(subjectOf(gate), 1_000)).verdict).toBe('failed');
  expect(only(await judge(subjectOf(gate))).reason).toContain(`It ended with 3. ${release.id}.1.0.smoke 0 secret=`);
  const other: Gate = { kind: 'job', name: 'escape', run: { kind: 'command', command: '../../bin/sh' } };
  expect(only(await judge(subjectOf(other)))).toMatchObject({ verdict: 'error' });
});

test('without a folder of commands none is run', async () => {
  const { subjectOf, judge } = await start();
  const gate: Gate = { kind: 'job', name: 'smoke', run: { kind: 'command', command: 'smoke.sh' } };
  expect(only(await judge(subjectOf(gate))).reason).toContain('set BUNTING_GATE_COMMANDS to their folder');
});

test('a sequential gate judges what SDKs measured of the two variants since the stage was entered', async () => {
  const { run, subjectOf, judge, clock } = await start();
  const gate: Gate = {
    ...{ kind: 'sequential', name: 'errors', of: { kind: 'flag' }, minRequests: 200, quietSeconds: 10 },
    test: { kind: 'relative_risk', alpha: 0.01, tolerance: 1 },
  };
  // From before the stage: not its errors.
  clock.nowMs = T0 - 1_000;
  run('on', 1_000, 1_000);
  clock.nowMs = T0;
  const pass = async (seconds: number, errors: number) => {
    let last: GateFacts | undefined;
    for (let second = 0; second < seconds; second += 2) {
      if (errors >= 0) {
        run('on', 40, 2 * errors);
        run('off', 40, 0);
      }
      last = only(await judge(subjectOf(gate), 2_000));
    }
    return last;
  };
  expect(await pass(8, 0)).toMatchObject({ verdict: 'running' });
  expect(await pass(8, 0)).toMatchObject({ verdict: 'successful' });
  // A candidate that is dead has no errors.
  expect(await pass(16, -1)).toMatchObject({ verdict: 'inconclusive' });
  expect(await pass(8, 0)).toMatchObject({ verdict: 'successful' });
  const failed = await pass(8, 10);
  expect(failed).toMatchObject({ verdict: 'failed' });
  expect(failed?.reason).toMatch(/^Bad of the candidate: .* of the baseline 0 of /);
  expect(await pass(8, 0)).toMatchObject({ verdict: 'failed' });
});

test('a gate on the counters of a load balancer judges what came since it looked last, and begins anew where they do', async () => {
  const { app, subjectOf, judge } = await start();
  const totals = { candidate: { requests: 1_000, errors: 900 }, baseline: { requests: 9_000, errors: 0 } };
  const count = async () => structuredClone(totals);
  const target = { count, close: async () => {} };
  vi.spyOn(app.bunting.trafficTargets, 'open').mockImplementation(async () => target as never);
  const gate: Gate = {
    ...{ kind: 'sequential', name: 'errors', of: { kind: 'traffic' }, minRequests: 100 },
    test: { kind: 'relative_risk', alpha: 0.01, tolerance: 1 },
    proves: { lessThan: 3, beta: 0.1 },
  };
  const subject = { ...subjectOf(gate), traffic: { target: 'shop', candidate: 'v2', baseline: 'v1' } };
  // The errors from before it looked are not its own.
  expect(only(await judge(subject)).reason).toMatch(/^0 of at least 100 were seen/);
  const serve = (requests: number, errors: number) => {
    totals.candidate.requests += requests;
    totals.candidate.errors += errors;
    totals.baseline.requests += requests;
    totals.baseline.errors += errors;
  };
  serve(200, 2);
  const running = only(await judge(subject, 2_000));
  expect(running).toMatchObject({ verdict: 'running' });
  expect(running.reason).toMatch(/^Not proven yet to be less than 3 times as bad: \d+ % of the evidence/);
  Object.assign(totals, { candidate: { requests: 5, errors: 5 }, baseline: { requests: 5, errors: 0 } });
  expect(only(await judge(subject, 2_000)).reason).toContain('2 of 200');
  for (let look = 0; look < 6; look++) {
    serve(1_000, 10);
    await judge(subject, 2_000);
  }
  expect(only(await judge(subject)).reason).toMatch(/^It is proven to be less than 3 times as bad/);
  vi.mocked(app.bunting.trafficTargets.open).mockRejectedValue(new TrafficError('unreachable', 'It did not answer.'));
  expect(only(await judge(subject, 2_000))).toMatchObject({ verdict: 'error', reason: 'It did not answer.' });
});

test('a crash is seen by the counters of a load balancer also when everyone is at the candidate, as while it bakes', async () => {
  const { app, subjectOf, judge } = await start();
  const totals = { candidate: { requests: 0, errors: 0 }, baseline: { requests: 0, errors: 0 } };
  let candidatePer100k = 50_000;
  const target = {
    count: async () => structuredClone(totals),
    read: async () => ({ candidatePer100k }),
    close: async () => {},
  };
  vi.spyOn(app.bunting.trafficTargets, 'open').mockImplementation(async () => target as never);
  const gate: Gate = {
    ...{ kind: 'sequential', name: 'crashes', of: { kind: 'traffic' } },
    test: { kind: 'crash', alpha: 0.01, atMost: 0.01, periodMs: 3_600_000 },
  };
  const subject = { ...subjectOf(gate), traffic: { target: 'shop', candidate: 'v2', baseline: 'v1' } };
  await judge(subject);
  const serve = (errors: number) => {
    totals.candidate.requests += 50;
    totals.candidate.errors += errors;
    return judge(subject, 2_000);
  };
  // Half of them should be at the baseline: that it has no request says nothing against the candidate yet.
  expect(only(await serve(4))).toMatchObject({ verdict: 'running' });
  candidatePer100k = 100_000;
  for (let look = 0; look < 40; look++) await serve(0);
  expect(only(await judge(subject))).toMatchObject({ verdict: 'successful' });
  for (let look = 0; look < 10; look++) await serve(4);
  expect(only(await judge(subject))).toMatchObject({ verdict: 'failed' });
});

test('a gate of the sample ratio judges the first exposures that a safeguard has counted, and asks for one', async () => {
  const { app, call, subjectOf, judge } = await start();
  const gate: Gate = { kind: 'sample_ratio', name: 'ratio', minRequests: 100 };
  expect(only(await judge(subjectOf(gate)))).toMatchObject({ verdict: 'pending' });
  expect(only(await judge(subjectOf(gate), 5_000)).reason).toContain('give it a safeguard with the test sample_ratio');
  await call('POST', '/projects/default/environments/production/safeguards', {
    ...{ name: 'Ratio', watch: { flag: 'checkout' }, metric: { kind: 'exposures' }, action: 'notify' },
    test: { kind: 'sample_ratio', alpha: 0.001 },
  });
  const steps = (on: number, off: number, second: number) => {
    const span = { fromMs: T0 + second * 1_000, toMs: T0 + (second + 1) * 1_000 };
    return { ...span, candidate: [on, 0] as const, baseline: [off, 0] as const };
  };
  const seen = [steps(900, 9, -2)];
  const sides = { candidate: 'on', baseline: 'off' };
  vi.spyOn(app.bunting.guards.watch, 'casesOf').mockImplementation(() => [
    {
      flag: 'checkout',
      rule: '',
      sides,
      spec: { kind: 'sample_ratio', alpha: 0.001, expected: 0.5 },
      steps: seen,
    } as never,
  ]);
  for (let second = 5; second < 10; second++) seen.push(steps(30, 31, second));
  expect(only(await judge(subjectOf(gate), 5_000))).toMatchObject({
    ...{ verdict: 'successful' },
    reason: expect.stringContaining('served to 150 of 305 subjects'),
  });
  for (let second = 10; second < 30; second++) seen.push(steps(60, 30, second));
  expect(only(await judge(subjectOf(gate), 20_000))).toMatchObject({ verdict: 'failed' });
});

test('a gate on a migration waits until it rests where it must be', async () => {
  const { app, subjectOf, judge } = await start();
  const facts = { phase: 'backfill', isMoving: true, floor: 'baseline', progress: { done: 10, total: 100 } };
  vi.spyOn(app.bunting.migrationPlans, 'facts').mockImplementation(async () => structuredClone(facts) as never);
  const gate: Gate = { kind: 'migration', name: 'rows', phase: 'backfill', plan: 'orders' };
  const reasonOf = async () => only(await judge(subjectOf(gate), 5_000)).reason;
  expect(await reasonOf()).toBe('The migration is on its way to backfill.');
  facts.isMoving = false;
  expect(await reasonOf()).toBe('90 of 100 rows are left; at most 0 may be.');
  facts.progress.done = 100;
  expect(only(await judge(subjectOf(gate), 5_000))).toMatchObject({
    ...{ verdict: 'successful', reason: 'The migration rests in backfill; 100 rows are done, 0 left.' },
  });
  vi.mocked(app.bunting.migrationPlans.facts).mockResolvedValue(undefined);
  expect(only(await judge(subjectOf(gate), 5_000))).toMatchObject({ verdict: 'error' });
});

test('of a long run the first measurements are put together, and what they came to is the same', async () => {
  const { call, clock, subjectOf, judge, database, release } = await start();
  const gate: Gate = { kind: 'calendar', name: 'hours', from: '09:00', everySeconds: 1 };
  await judge(subjectOf(gate));
  const [run] = await findRunsOfRelease(database, release.id);
  if (run === undefined) throw new Error('there is no run');
  // As if it had looked on for 3 000 s.
  const rows = Array.from({ length: 3_000 }, (_, at) => {
    const atMs = T0 + (at + 1) * 1_000;
    const document = JSON.stringify({ kind: 'data', data: readCalendar(gate as never, atMs) });
    return { run_id: run.id, number: at + 1, from_at: atMs, to_at: atMs, document };
  });
  for (let at = 0; at < rows.length; at += 500) {
    await database
      .insertInto('gate_measurements')
      .values(rows.slice(at, at + 500))
      .execute();
  }
  const state = replayRun(run, rows, JSON.parse(run.state));
  await database
    .updateTable('gate_runs')
    .set({ next: 3_001, state: JSON.stringify(state) })
    .where('id', '=', run.id)
    .execute();
  clock.nowMs = T0 + 3_001_000;
  const baseOf = async () => {
    await judge(subjectOf(gate));
    return (await findRunsOfRelease(database, release.id))[0]?.base_next;
  };
  await expect.poll(baseOf).toBe(1_000);
  expect(await findMeasurements(database, run.id, { from: 0, limit: 1 })).toMatchObject([{ number: 1_000 }]);
  const { body } = await call('GET', `/projects/default/releases/${release.id}/gates/${run.id}`);
  expect(body).toMatchObject({ reproduced: true, verdict: 'running' });
  expect(body.points.length).toBeLessThanOrEqual(501);
  expect(body.points[0].from).toBe(new Date(T0 + 1_000_000).toISOString());
});
