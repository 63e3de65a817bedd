import { expect, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';
import { connect, hello, listen } from '../testing/stream-client.ts';

async function start() {
  const { app, call } = await startApp();
  const url = await listen(app);
  await call('POST', '/projects/default/flags', { key: 'seen', type: 'boolean', clientVisible: true });
  await call('POST', '/projects/default/flags', { key: 'hidden', type: 'boolean' });
  const keyOf = (kind: string) => app.bunting.firstKeys.find((key) => key.kind === kind)?.secret ?? '';
  const metrics = async () => {
    const { body } = await app.inject('/metrics');
    return body.split('\n').filter((line) => /^bunting_(client_)?evaluations_total/.test(line));
  };
  return { url, keyOf, metrics };
}

const EXPOSURES = [
  { flag: 'seen', variant: 'on', reason: 'STATIC', count: 3 },
  { flag: 'hidden', variant: 'off', reason: 'DISABLED', count: 2 },
  { flag: 'hidden', reason: 'ERROR', count: 1 },
  { flag: 'invented', variant: 'on', reason: 'STATIC', count: 9 },
  { flag: 'seen', variant: 'invented', reason: 'STATIC', count: 9 },
];
const labels = 'project="default",environment="development"';

test('counts the evaluations of server keys, for flags and variants that exist', async () => {
  const { url, keyOf, metrics } = await start();
  const client = await connect(url, hello(keyOf('server')));
  client.send({ type: 'telemetry', exposures: EXPOSURES });
  client.send({ type: 'telemetry', exposures: [{ flag: 'seen', variant: 'on', reason: 'STATIC', count: 4 }] });
  await expect
    .poll(metrics)
    .toEqual([
      `bunting_evaluations_total{${labels},flag="seen",variant="on"} 7`,
      `bunting_evaluations_total{${labels},flag="hidden",variant="off"} 2`,
      `bunting_evaluations_total{${labels},flag="hidden",variant=""} 1`,
    ]);
});

test('keeps what pages count apart, and to client-visible flags', async () => {
  const { url, keyOf, metrics } = await start();
  const client = await connect(url, hello(keyOf('client'), { context: {} }));
  client.send({ type: 'telemetry', exposures: EXPOSURES });
  await expect.poll(metrics).toEqual([`bunting_client_evaluations_total{${labels},flag="seen",variant="on"} 3`]);
});

const EVENTS = [
  { name: 'checkout', count: 3, sum: 59.5 },
  { name: 'refund', count: 1, sum: -20 },
];

async function startCountingEvents() {
  const started = await startApp();
  const url = await listen(started.app);
  const keyOf = (kind: string) => started.app.bunting.firstKeys.find((key) => key.kind === kind)?.secret ?? '';
  const events = async () => {
    const { body } = await started.app.inject('/metrics');
    return body.split('\n').filter((line) => /^bunting_(client_)?events_/.test(line));
  };
  return { url, keyOf, events };
}

test('counts metric events and sums their values, which may be negative, and those of pages apart', async () => {
  const { url, keyOf, events } = await startCountingEvents();
  const page = await connect(url, hello(keyOf('client'), { context: {} }));
  page.send({ type: 'telemetry', exposures: [], events: [{ name: 'invented', count: 1, sum: 1 }] });
  const client = await connect(url, hello(keyOf('server')));
  client.send({ type: 'telemetry', exposures: [], events: EVENTS });
  client.send({ type: 'telemetry', exposures: [], events: EVENTS });
  await expect
    .poll(events)
    .toEqual([
      `bunting_events_total{${labels},event="checkout"} 6`,
      `bunting_events_total{${labels},event="refund"} 2`,
      `bunting_events_value_sum{${labels},event="checkout"} 119`,
      `bunting_events_value_sum{${labels},event="refund"} -40`,
      `bunting_client_events_total{${labels},event="invented"} 1`,
      `bunting_client_events_value_sum{${labels},event="invented"} 1`,
    ]);
});

test('counts the events beyond 200 names of an environment as one other', async () => {
  const { url, keyOf, events } = await startCountingEvents();
  const client = await connect(url, hello(keyOf('server')));
  const many = Array.from({ length: 250 }, (_, i) => ({ name: `event-${i}`, count: 2, sum: 1 }));
  client.send({ type: 'telemetry', exposures: [], events: many });
  client.send({ type: 'telemetry', exposures: [], events: many.slice(199, 201) });
  await expect.poll(async () => (await events()).length).toBe(402);
  await expect.poll(events).toContain(`bunting_events_total{${labels},event="event-199"} 4`);
  expect(await events()).toContain(`bunting_events_total{${labels},event="other"} 102`);
});

test.each([
  ['a sum that is no number', { name: 'a', count: 1, sum: '5' }, 'events[0].sum'],
  ['a count below 0', { name: 'a', count: -1, sum: 5 }, 'events[0].count'],
  ['no name', { name: '', count: 1, sum: 5 }, 'events[0].name'],
])('refuses metric events with %s', async (_, event, path) => {
  const { url, keyOf } = await startCountingEvents();
  const client = await connect(url, hello(keyOf('server')));
  client.send({ type: 'telemetry', exposures: [], events: [event] });
  expect(await client.next('error')).toMatchObject({ details: [{ path }] });
});

test('refuses a telemetry message that is not as described', async () => {
  const { url, keyOf } = await start();
  const client = await connect(url, hello(keyOf('server')));
  client.send({ type: 'telemetry', exposures: [{ flag: 'seen', reason: 'STATIC', count: -1 }] });
  expect(await client.next('error')).toMatchObject({ details: [{ path: 'exposures[0].count' }] });
});
