import { DurationSketch, SubjectSketch } from '@bunting/core';
import { describe, expect, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';
import { startRelay } from '../testing/start-relay.ts';
import { connect, hello, listen } from '../testing/stream-client.ts';

const NOW_MS = Date.UTC(2030, 0, 31, 12, 0, 0);
const ENVIRONMENT = '/projects/default/environments/production';
const MEASUREMENTS = `${ENVIRONMENT}/flags/checkout/measurements`;

async function start(config = {}) {
  const clock = { nowMs: NOW_MS };
  const server = await startApp({ now: () => clock.nowMs, config });
  const { app, call } = server;
  const url = await listen(app);
  await call('POST', '/projects/default/flags', { key: 'checkout', type: 'boolean' });
  const secretOf = async (kind: string) => {
    const { body } = await call('POST', `${ENVIRONMENT}/keys`, { kind, name: kind });
    return body.secret as string;
  };
  const read = async (query = '') => (await call('GET', `${MEASUREMENTS}${query}`)).body;
  const metrics = async (name: string) => {
    const { body } = await app.inject('/metrics');
    return body.split('\n').filter((line) => line.startsWith(name));
  };
  return { ...server, clock, url, secretOf, read, metrics };
}

const sketch = (...durationsMs: number[]) => {
  const durations = new DurationSketch();
  for (const ms of durationsMs) durations.add(ms * 1000);
  return durations.encode();
};
const subjects = (...names: string[]) => {
  const failing = new SubjectSketch();
  for (const name of names) failing.add(name);
  return failing.encode();
};

const ON = { flag: 'checkout', variant: 'on', reason: 'SPLIT', path: 'run', count: 4, errors: 1 };
const OFF = { ...ON, variant: 'off', count: 2, errors: 0 };
const window = (seq: number, fields = {}) => {
  return { type: 'measurements', seq, startMs: NOW_MS, durationMs: 1_000, paths: [ON, OFF], ...fields };
};
const as = (id: string, version = '1.0') => ({ instance: { id }, deploy: { version } });

test('a server key is told that measurements are taken; a client key is not', async () => {
  const { url, secretOf } = await start();
  const sdk = await connect(url, hello(await secretOf('server')));
  expect(await sdk.next('welcome')).toEqual({ type: 'welcome', takes: ['measurements'] });
  const page = await connect(url, hello(await secretOf('client'), { context: {} }));
  await page.next('values');
  await page.next('heartbeat');
  expect(page.messages.map(({ type }) => type)).not.toContain('welcome');
});

test('the API shows what instances measured: by variant, in steps, and in total', async () => {
  const { url, secretOf, read, clock } = await start();
  const secret = await secretOf('server');
  const [a, b] = [await connect(url, hello(secret, as('a'))), await connect(url, hello(secret, as('b')))];
  const slow = { ...ON, timeouts: 1, durations: sketch(10, 20, 400), failing: subjects('ann', 'bob') };
  a.send(window(1, { paths: [slow, OFF] }));
  clock.nowMs += 3_000;
  b.send(
    window(1, { startMs: clock.nowMs, paths: [{ ...ON, durations: sketch(10), failing: subjects('bob', 'eve') }] }),
  );
  await expect.poll(async () => (await read('?step=1')).paths[1]?.totals.count).toBe(8);
  const answer = await read('?step=1');
  expect(answer).toMatchObject({ to: '2030-01-31T12:00:03.001Z', stepS: 1, comparisons: [], incomplete: [] });
  expect(answer.paths).toMatchObject([
    { variant: 'off', path: 'run', totals: { count: 2, errors: 0, errorRate: 0, p50Ms: null, failingSubjects: 0 } },
    {
      variant: 'on',
      path: 'run',
      totals: { count: 8, errors: 2, errorRate: 0.25, timeouts: 1, failingSubjects: 3 },
      points: [
        { at: '2030-01-31T12:00:00.000Z', count: 4, errors: 1, failingSubjects: 2 },
        { at: '2030-01-31T12:00:03.000Z', count: 4, errors: 1, failingSubjects: 2 },
      ],
    },
  ]);
  const { totals } = answer.paths[1];
  expect(totals.p50Ms / 10).toBeCloseTo(1, 1);
  expect(totals.p99Ms / 20).toBeCloseTo(1, 1);
  expect((await read('?from=2030-01-31T12:00:02Z')).paths).toMatchObject([{ variant: 'on', totals: { count: 4 } }]);
});

test('versions and instances are kept apart, by rule, too', async () => {
  const { url, secretOf, read } = await start();
  const secret = await secretOf('server');
  (await connect(url, hello(secret, as('a', '1.0')))).send(window(1, { paths: [ON] }));
  (await connect(url, hello(secret, as('b', '2.0')))).send(
    window(1, { paths: [{ ...ON, ruleId: 'beta', errors: 4 }] }),
  );
  await expect.poll(async () => (await read()).paths[0]?.totals.count).toBe(8);
  expect((await read('?by=version')).paths).toMatchObject([
    { variant: 'on', version: '1.0', totals: { errors: 1 } },
    { variant: 'on', version: '2.0', totals: { errors: 4 } },
  ]);
  expect((await read('?by=instance')).paths).toMatchObject([
    { variant: 'on', instance: 'a', totals: { errors: 1 } },
    { variant: 'on', instance: 'b', totals: { errors: 4 } },
  ]);
  expect((await read('?by=rule')).paths).toMatchObject([
    { variant: 'on', rule: '', reason: 'SPLIT', totals: { errors: 1 } },
    { variant: 'on', rule: 'beta', reason: 'SPLIT', totals: { errors: 4 } },
  ]);
});

test('comparisons have their rate of mismatches', async () => {
  const { url, secretOf, read } = await start();
  const comparison = { flag: 'checkout', variant: 'on', path: 'shadow', compared: 8, mismatched: 2, skipped: 1 };
  const sdk = await connect(url, hello(await secretOf('server')));
  sdk.send(window(1, { paths: [], comparisons: [comparison] }));
  const totals = { compared: 8, mismatched: 2, mismatchRate: 0.25, skipped: 1 };
  await expect.poll(async () => (await read()).comparisons).toMatchObject([{ variant: 'on', path: 'shadow', totals }]);
});

test('a window that comes twice counts once, also after a reconnect', async () => {
  const { url, secretOf, read, metrics } = await start();
  const secret = await secretOf('server');
  const first = await connect(url, hello(secret, as('a')));
  first.send(window(7));
  first.send(window(7));
  first.socket.terminate();
  const again = await connect(url, hello(secret, as('a')));
  again.send(window(7));
  again.send(window(8));
  await expect.poll(async () => (await read()).paths[1]?.totals.count).toBe(8);
  expect(await metrics('bunting_measurements_irregular_total')).toEqual([
    'bunting_measurements_irregular_total{reason="duplicate"} 2',
  ]);
});

test('what is too old is left out, what is ahead of the clock counts as now, and both are counted', async () => {
  const { url, secretOf, read, metrics } = await start();
  const sdk = await connect(url, hello(await secretOf('server')));
  sdk.send(window(1, { startMs: NOW_MS - 86_400_001 }));
  sdk.send(window(2, { startMs: NOW_MS + 60_000, paths: [ON] }));
  sdk.send(window(3, { startMs: NOW_MS - 3_600_000, paths: [ON], dropped: 5 }));
  await expect
    .poll(() => metrics('bunting_measurements_irregular_total'))
    .toEqual([
      'bunting_measurements_irregular_total{reason="late"} 2',
      'bunting_measurements_irregular_total{reason="future"} 1',
      'bunting_measurements_irregular_total{reason="sender"} 5',
    ]);
  const { paths } = await read('?from=2030-01-31T00:00:00Z&step=60');
  expect(paths).toMatchObject([
    { points: [{ at: '2030-01-31T11:00:00.000Z' }, { at: '2030-01-31T12:00:00.000Z', count: 4 }] },
  ]);
});

test('pages measure nothing, and nobody measures flags, variants or paths that do not exist', async () => {
  const { url, secretOf, read, metrics } = await start();
  const page = await connect(url, hello(await secretOf('client'), { context: {} }));
  page.send(window(1));
  const sdk = await connect(url, hello(await secretOf('server')));
  const unknown = [{ flag: 'invented' }, { variant: 'invented' }, { path: 'invented' }];
  sdk.send(window(1, { paths: [...unknown.map((fields) => ({ ...ON, ...fields })), OFF] }));
  await expect.poll(async () => (await read()).paths).toMatchObject([{ variant: 'off', totals: { count: 2 } }]);
  expect(await metrics('bunting_measurements_irregular_total')).toEqual([
    'bunting_measurements_irregular_total{reason="unknown"} 3',
  ]);
});

test.each([
  ['a count below 0', { paths: [{ ...ON, count: -1 }] }, 'paths[0].count'],
  ['more errors than runs', { paths: [ON, { ...ON, errors: 5 }] }, 'paths[1].errors'],
  ['durations that are no sketch', { paths: [{ ...ON, durations: '1 zz:9' }] }, 'paths[0].durations'],
  ['subjects that are no sketch', { paths: [{ ...ON, failing: 'ann' }] }, 'paths[0].failing'],
  ['a slice beyond 99', { paths: [{ ...ON, slices: [0, 1, 0, 100, 1, 0] }] }, 'paths[0].slices[3]'],
  ['half a slice', { paths: [{ ...ON, slices: [0, 1] }] }, 'paths[0].slices[0]'],
  [
    'more mismatches than comparisons',
    { comparisons: [{ flag: 'checkout', variant: 'on', path: 'read', compared: 1, mismatched: 2, skipped: 0 }] },
    'comparisons[0].mismatched',
  ],
  ['a time before 1970', { startMs: -1 }, 'startMs'],
])('refuses %s, and says where', async (_, fields, path) => {
  const { url, secretOf, read } = await start();
  const sdk = await connect(url, hello(await secretOf('server')));
  sdk.send(window(1, fields));
  expect(await sdk.next('error')).toMatchObject({ code: 'validation_failed', details: [{ path }] });
  expect((await read()).paths).toEqual([]);
});

test('Prometheus gets counts, and durations as a histogram', async () => {
  const { url, secretOf, metrics } = await start();
  const sdk = await connect(url, hello(await secretOf('server')));
  const comparison = { flag: 'checkout', variant: 'on', path: 'shadow', compared: 8, mismatched: 2, skipped: 1 };
  const slow = { ...ON, timeouts: 1, durations: sketch(10, 20, 400) };
  sdk.send(window(1, { paths: [slow], comparisons: [comparison] }));
  const labels = 'project="default",environment="production",flag="checkout",variant="on"';
  await expect
    .poll(() => metrics('bunting_path_'))
    .toEqual([
      `bunting_path_runs_total{${labels},path="run"} 4`,
      `bunting_path_errors_total{${labels},path="run"} 1`,
      `bunting_path_timeouts_total{${labels},path="run"} 1`,
      ...[
        [0.005, 0],
        [0.025, 2],
        [0.1, 2],
        [0.25, 2],
        [0.5, 3],
        [1, 3],
        [2.5, 3],
        [10, 3],
        ['+Inf', 3],
      ].map(([le, count]) => `bunting_path_duration_seconds_bucket{le="${le}",${labels},path="run"} ${count}`),
      expect.stringMatching(/^bunting_path_duration_seconds_sum\{.*path="run"\} 0\.4[2-4]/),
      `bunting_path_duration_seconds_count{${labels},path="run"} 3`,
      `bunting_path_comparisons_total{${labels},path="shadow",result="equal"} 6`,
      `bunting_path_comparisons_total{${labels},path="shadow",result="mismatched"} 2`,
      `bunting_path_comparisons_total{${labels},path="shadow",result="skipped"} 1`,
    ]);
});

describe('a question', () => {
  test.each([
    ['steps shorter than are kept of that time', '?from=2030-01-31T11:00:00Z&step=1', 'step', 'Ask for 60'],
    ['steps of instances that are not kept', '?by=instance&step=1', 'step', 'Ask for 15'],
    ['a span of which nothing is kept', '?from=2029-01-31T12:00:00Z&to=2030-01-30T12:00:00Z', 'to', 'nothing older'],
    ['a span in the future', '?from=2030-01-31T12:00:01Z&to=2030-01-31T13:00:00Z', 'from', 'in the future'],
    ['a span that ends before it begins', '?from=2030-01-31T12:00:00Z&to=2030-01-31T11:00:00Z', 'from', 'before to'],
    ['a time without a zone', '?from=2030-01-31T12:00:00', 'from', 'with a zone'],
  ])('with %s is refused with the fix', async (_, query, path, message) => {
    const { call } = await start();
    const { status, body } = await call('GET', `${MEASUREMENTS}${query}`);
    expect(status).toBe(400);
    expect(body.details).toMatchObject([{ path, message: expect.stringContaining(message) }]);
  });

  test('about longer than is kept is answered with what is', async () => {
    const { call } = await start();
    const { body } = await call('GET', `${MEASUREMENTS}?from=2020-01-01T00:00:00Z&to=2040-01-01T00:00:00Z&step=60`);
    expect(body).toMatchObject({ from: '2030-01-30T12:00:00.000Z', to: '2030-01-31T12:00:00.001Z', stepS: 60 });
  });

  test('about what does not exist is answered by 404', async () => {
    const { call } = await start();
    expect((await call('GET', `${ENVIRONMENT}/flags/invented/measurements`)).status).toBe(404);
    const elsewhere = MEASUREMENTS.replace('production', 'invented');
    expect((await call('GET', elsewhere)).status).toBe(404);
  });
});

test('an instance without a WebSocket is told the same, and measures the same', async () => {
  const { app, secretOf, read } = await start();
  const authorization = `Bearer ${await secretOf('server')}`;
  const introduction = { sdk: { name: 'test', version: '1.0.0' }, ...as('polling', '3.0') };
  const report = { connection: 'c', introduction, intervalMs: 5_000, messages: [window(1), window(1)] };
  const answer = await app.inject({
    method: 'POST',
    url: '/stream/messages',
    headers: { authorization },
    payload: report,
  });
  expect(answer.json()).toMatchObject({ joined: true, takes: ['measurements'] });
  expect((await read('?by=version')).paths).toMatchObject([
    { variant: 'off', version: '3.0' },
    { variant: 'on', version: '3.0', totals: { count: 4 } },
  ]);
});

test('a relay passes on what instances behind it measured, each as itself, and once', async () => {
  const { url, secretOf, read } = await start();
  const relay = await startRelay(url, { keys: [await secretOf('relay')] });
  await expect.poll(relay.readiness).toMatchObject({ code: 200 });
  const secret = await secretOf('server');
  const straight = await connect(url, hello(secret, as('a')));
  await expect
    .poll(async () => {
      const sdk = await connect(relay.url, hello(secret, as('a')));
      await expect.poll(() => sdk.messages.length).toBeGreaterThan(0);
      if (sdk.messages[0]?.type !== 'snapshot') return false;
      expect(await sdk.next('welcome')).toMatchObject({ takes: ['measurements'] });
      sdk.send(window(1));
      sdk.send(window(2));
      return true;
    })
    .toBe(true);
  const other = await connect(relay.url, hello(secret, as('b', '2.0')));
  other.send(window(1));
  straight.send(window(2));
  await expect
    .poll(async () => (await read('?by=instance')).paths)
    .toMatchObject([
      { variant: 'off', instance: 'a' },
      { variant: 'off', instance: 'b' },
      { variant: 'on', instance: 'a', totals: { count: 8 } },
      { variant: 'on', instance: 'b', totals: { count: 4 } },
    ]);
  expect((await read('?by=version')).paths[3]).toMatchObject({ version: '2.0', totals: { count: 4 } });
});

test('workers pass it on as well', async () => {
  const { url, secretOf, read, metrics } = await start({ workers: 1 });
  const sdk = await connect(url, hello(await secretOf('server'), as('a')));
  await sdk.next('welcome');
  sdk.send(window(1, { paths: [OFF, { ...ON, durations: sketch(10) }] }));
  await expect.poll(async () => (await read('?by=instance')).paths[1]).toMatchObject({ instance: 'a' });
  const [count] = await metrics('bunting_path_duration_seconds_count');
  expect(count).toMatch(/variant="on",path="run"\} 1$/);
});
