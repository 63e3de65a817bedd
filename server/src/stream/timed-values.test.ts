import { get } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { startApp } from '../testing/start-app.ts';
import { startRelay } from '../testing/start-relay.ts';
import { connect, hello, listen } from '../testing/stream-client.ts';

/** What time alone moves reaches pages and OFREP's providers by itself. */

const FLAGS = '/projects/default/flags';
const PRODUCTION = '/projects/default/environments/production';

async function start() {
  const { app, call } = await startApp();
  const url = await listen(app);
  for (const key of ['timed', 'still', 'hidden']) {
    await call('POST', FLAGS, { key, type: 'boolean', clientVisible: key !== 'hidden' });
  }
  const secret = async (kind: string) => (await call('POST', `${PRODUCTION}/keys`, { kind, name: kind })).body.secret;
  /** From `inMs` on the flags answer true. */
  const open = async (keys: readonly string[], inMs: number) => {
    const when = { during: { from: new Date(Date.now() + inMs).toISOString() } };
    const rules = [{ id: 'r', when, serve: { variant: 'on' } }];
    const body = { enabled: true, rules, defaultRule: { variant: 'off' } };
    for (const key of keys) await call('PATCH', `${FLAGS}/${key}/environments/production`, body);
  };
  const connectPage = async (streamUrl: string, key: string) => {
    const page = await connect(streamUrl, hello(key, { context: { targetingKey: 'ann' } }));
    await page.next('values');
    return page;
  };
  return { app, url, secret, open, connectPage };
}

test('a page is told when a window opens, and only what moved', async () => {
  const { url, secret, open, connectPage } = await start();
  const page = await connectPage(url, await secret('client'));
  await open(['timed'], 1_000);
  expect((await page.next('values')).values).toMatchObject({ timed: { value: false } });
  expect(await page.next('values')).toMatchObject({ whole: false, values: { timed: { value: true, variant: 'on' } } });
});

test('a page behind a relay is told as well', async () => {
  const { url, secret, open, connectPage } = await start();
  const clientKey = await secret('client');
  const relay = await startRelay(url, { keys: [await secret('relay')] });
  await expect.poll(async () => (await relay.readiness()).code).toBe(200);
  const page = await connectPage(relay.url, clientKey);
  await open(['timed'], 1_000);
  expect((await page.next('values')).values).toMatchObject({ timed: { value: false } });
  expect((await page.next('values')).values).toMatchObject({ timed: { value: true } });
});

test('an OFREP provider is asked to evaluate again, unless what moved is hidden from it', async () => {
  const { app, url, secret, open } = await start();
  const follow = async (kind: string) => {
    const authorization = `Bearer ${await secret(kind)}`;
    const request = {
      method: 'POST',
      url: '/ofrep/v1/evaluate/flags',
      headers: { authorization },
      payload: {},
    } as const;
    const { requestUri } = (await app.inject(request)).json().eventStreams[0].endpoint;
    const told: object[] = [];
    const reading = get(`${url.replace('ws', 'http').replace('/stream', '')}${requestUri}`, (response) => {
      response.setEncoding('utf8').on('data', (text: string) => {
        for (const [, data = ''] of text.matchAll(/^data: (.*)$/gm)) told.push(JSON.parse(data));
      });
    });
    onTestFinished(() => void reading.destroy());
    await expect.poll(() => told.length).toBe(1);
    return told;
  };
  const pages = await follow('client');
  const servers = await follow('server');
  await open(['hidden'], 1_000);
  await expect.poll(() => servers.length).toBe(3);
  expect(servers[2]).toMatchObject({ type: 'refetchEvaluation', lastModified: expect.any(Number) });
  expect(pages).toHaveLength(2);
});
