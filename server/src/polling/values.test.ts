import { type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeServerMessage, type ServerMessage } from '@bunting/core';
import { expect, onTestFinished, test } from 'vitest';
import { startApp, type TestServerOptions } from '../testing/start-app.ts';

const FLAGS = '/projects/default/flags';
const KEYS = '/projects/default/environments/production/keys';

async function start(options: TestServerOptions = {}) {
  const server = await startApp(options);
  const { app, call } = server;
  await call('POST', FLAGS, { key: 'a', type: 'boolean', clientVisible: true });
  await call('POST', FLAGS, { key: 'hidden', type: 'boolean' });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const { secret, id } = (await call('POST', KEYS, { kind: 'client', name: 'page' })).body;
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
  const change = (key: string, patch: object) => call('PATCH', `${FLAGS}/${key}/environments/production`, patch);

  /** Reads values as they come; what was told so far is in `messages`. */
  async function open(context: object) {
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      const asked = request(
        { host: '127.0.0.1', port, path: '/stream/values/events', method: 'POST', headers },
        resolve,
      );
      asked.on('error', reject).end(JSON.stringify({ context }));
      onTestFinished(() => void asked.destroy());
    });
    const messages: ServerMessage[] = [];
    const state = { hasEnded: false };
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => {
      const events = (text + chunk).split('\n\n');
      text = events.pop() ?? '';
      for (const event of events.filter((each) => each.startsWith('data: '))) {
        const decoded = decodeServerMessage(event.slice('data: '.length));
        if (!decoded.ok || decoded.message.type === 'unknown') throw new Error(`not a message: ${event}`);
        messages.push(decoded.message);
      }
    });
    response.on('close', () => {
      state.hasEnded = true;
    });
    const values = () => messages.filter((message) => message.type === 'values');
    return { response, messages, values, state };
  }
  return { ...server, port, headers, keyId: id, change, open };
}

test('a page without a WebSocket is told its values, then what differs after changes and kills', async () => {
  const { open, change, call } = await start();
  const rules = [
    { id: 'nl', when: { attribute: 'country', operator: 'in', values: ['NL'] }, serve: { variant: 'on' } },
  ];
  await change('a', { enabled: true, rules, defaultRule: { variant: 'off' } });
  const dutch = await open({ targetingKey: 'ann', country: 'NL' });
  const other = await open({ targetingKey: 'bob' });
  await expect.poll(() => dutch.messages.map(({ type }) => type)).toEqual(['values', 'heartbeat']);
  expect(dutch.response.headers['access-control-allow-origin']).toBe('*');
  expect(dutch.values()[0]).toMatchObject({ whole: true, values: { a: { value: true } } });
  await expect
    .poll(() => other.values()[0]?.values)
    .toEqual({ a: { value: false, variant: 'off', reason: 'DEFAULT' } });
  await call('POST', `${FLAGS}/a/environments/production/kill`, { reason: 'test' });
  await expect.poll(() => dutch.values()[1]).toMatchObject({ whole: false, values: { a: { value: false } } });
  expect(Object.keys(dutch.values()[1]?.values ?? {})).toEqual(['a']);
});

test('the stream of values ends with its key, and with the server, and says why', async () => {
  const { open, call, keyId } = await start();
  const first = await open({});
  await expect.poll(() => first.values().length).toBe(1);
  await call('DELETE', `${KEYS}/${keyId}`);
  await expect.poll(() => first.state.hasEnded).toBe(true);
  expect(first.messages.at(-1)).toMatchObject({ type: 'error', code: 'key_refused' });

  const second = await start();
  const page = await second.open({});
  await expect.poll(() => page.values().length).toBe(1);
  await second.app.close();
  await expect.poll(() => page.state.hasEnded).toBe(true);
  expect(page.messages.at(-1)).toMatchObject({ type: 'goodbye' });
});

test('what a page evaluated comes along with its question, or alone', async () => {
  const { app, headers } = await start();
  const exposures = (flag: string) => [{ flag, variant: 'off', reason: 'DISABLED', count: 2 }];
  const ask = (telemetry: object, more: Record<string, string> = {}) =>
    app.inject({
      method: 'POST',
      url: '/stream/values',
      headers: { ...headers, ...more },
      payload: { context: {}, telemetry },
    });
  expect((await ask({ exposures: [...exposures('a'), ...exposures('hidden')] })).statusCode).toBe(200);
  expect((await ask({ exposures: exposures('a') }, { 'if-none-match': '*' })).statusCode).toBe(304);
  const { body } = await app.inject('/metrics');
  const counted = body.split('\n').filter((line) => line.startsWith('bunting_client_evaluations_total{'));
  expect(counted).toEqual([
    'bunting_client_evaluations_total{project="default",environment="production",flag="a",variant="off"} 4',
  ]);
  expect((await ask({ exposures: 'none' })).json()).toMatchObject({ code: 'validation_failed' });
});

test('a page that does not read is sent nothing more, and what it lacks when it reads again', async () => {
  const { open, call, change } = await start();
  const value = 'x'.repeat(300_000);
  const variants = ['one', 'two'].map((name) => ({ name, value: { name, value } }));
  await call('POST', FLAGS, { key: 'large', type: 'object', clientVisible: true, variants });
  await change('large', { enabled: true, defaultRule: { variant: 'one' } });
  const page = await open({});
  page.response.pause();
  for (let i = 0; i < 40; i++) await change('large', { defaultRule: { variant: i % 2 === 0 ? 'two' : 'one' } });
  await change('large', { defaultRule: { variant: 'two' } });
  page.response.resume();
  await expect.poll(() => page.values().at(-1)?.values.large?.variant).toBe('two');
  expect(page.values().length).toBeLessThan(40);
});
