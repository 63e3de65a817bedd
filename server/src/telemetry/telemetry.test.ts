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

test('refuses a telemetry message that is not as described', async () => {
  const { url, keyOf } = await start();
  const client = await connect(url, hello(keyOf('server')));
  client.send({ type: 'telemetry', exposures: [{ flag: 'seen', reason: 'STATIC', count: -1 }] });
  expect(await client.next('error')).toMatchObject({ details: [{ path: 'exposures[0].count' }] });
});
