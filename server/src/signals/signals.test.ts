import { expect, test } from 'vitest';
import { startPerson } from '../testing/people.ts';
import { messageOf, SNS_CERTIFICATE, signed, TOPIC, wrap } from '../testing/signal-messages.ts';
import { startApp, type TestServer, toAnswer } from '../testing/start-app.ts';
import { VENDORS } from './episode.ts';
import { toRecord } from './signal-record.ts';
import { Signals } from './signals.ts';

const ALLOW = { allow: { action: 'kill' }, name: 'A source' };

async function send({ app }: TestServer, body: Buffer | string, secret: string) {
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
  return toAnswer(await app.inject({ method: 'POST', url: '/signals/prom', headers, payload: body }));
}

async function startWithSource() {
  const server = await startApp();
  const { body } = await server.call('POST', '/signal-sources', { key: 'prom', vendor: 'alertmanager', ...ALLOW });
  return { server, secret: body.secret as string };
}

test('what came is listed newest first, by state and page by page, and shown as it came', async () => {
  const { server, secret } = await startWithSource();
  const { body: sent } = messageOf('alertmanager');
  await send(server, sent, secret);
  await send(server, '{"alerts": []}', secret);
  await send(server, '{"alerts": 7}', secret);
  const first = await server.call('GET', '/signal-sources/prom/signals?limit=2');
  expect(first.body.items).toMatchObject([{ state: 'malformed' }, { state: 'unmatched', alerts: { total: 0 } }]);
  const next = await server.call('GET', `/signal-sources/prom/signals?limit=2&cursor=${first.body.nextCursor}`);
  expect(next.body).toMatchObject({
    nextCursor: null,
    items: [{ state: 'unmatched', deliveries: 1, alerts: { total: 1, shown: [{ status: 'firing', matches: [] }] } }],
  });
  const malformed = await server.call('GET', '/signal-sources/prom/signals?state=malformed');
  expect(malformed.body.items).toMatchObject([{ note: expect.stringMatching(/has not the form/) }]);
  const { body } = await server.call('GET', `/signal-sources/prom/signals/${next.body.items[0].id}`);
  expect(body).toMatchObject({ body: sent.toString(), encoding: 'utf8', isWhole: true });
  expect(JSON.stringify(body)).not.toContain(secret);
  expect((await server.call('GET', '/signal-sources/prom/signals/none')).status).toBe(404);
});

test('signals are found by what is in their alerts or their note, in large letters or small', async () => {
  const { server, secret } = await startWithSource();
  const alert = (alertname: string) => ({
    status: 'firing',
    labels: { alertname, team: 'a "b" 50%' },
    annotations: {},
  });
  for (const name of ['CheckoutErrors', 'DiskFull']) {
    const { body } = messageOf('alertmanager', (message: { alerts: object[] }) => ({
      ...message,
      alerts: message.alerts.map((each) => ({ ...each, ...alert(name), fingerprint: name })),
    }));
    await send(server, body, secret);
  }
  await send(server, '{"alerts": 7}', secret);
  const found = async (search: string) => {
    const path = `/signal-sources/prom/signals?search=${encodeURIComponent(search)}`;
    const { items } = (await server.call('GET', path)).body;
    return items.map((item: { alerts: { shown: { fingerprint: string }[] } }) => item.alerts.shown[0]?.fingerprint);
  };
  expect(await found('checkouterr')).toEqual(['CheckoutErrors']);
  expect(await found('A "B" 50%')).toEqual(['DiskFull', 'CheckoutErrors']);
  expect(await found('has not the form')).toEqual([undefined]);
  expect(await found('nothing of it')).toEqual([]);
});

test('what is no text is shown as base64', async () => {
  const { server, secret } = await startWithSource();
  const bytes = Buffer.from([0xff, 0xfe, 0x7b, 0x00]);
  await send(server, bytes, secret);
  const { body } = await server.call('GET', '/signal-sources/prom/signals');
  const { body: whole } = await server.call('GET', `/signal-sources/prom/signals/${body.items[0].id}`);
  expect(whole).toMatchObject({ encoding: 'base64', body: bytes.toString('base64') });
});

test('a signal is evaluated again as it came, unless only its beginning is kept', async () => {
  const { server, secret } = await startWithSource();
  await send(server, messageOf('alertmanager').body, secret);
  const padded = messageOf('alertmanager', (body: object) => ({ ...body, weather: 'x'.repeat(300_000) }));
  await send(server, padded.body, secret);
  const { body } = await server.call('GET', '/signal-sources/prom/signals');
  const evaluate = (id: string) => server.call('POST', `/signal-sources/prom/signals/${id}/evaluate`);
  expect((await evaluate(body.items[1].id)).body).toMatchObject({
    alerts: [{ fingerprint: 'd175c7ae751eccca', labels: { flag_key: 'checkout-v2' }, foreseen: [] }],
  });
  expect((await evaluate(body.items[0].id)).body).toMatchObject({ code: 'conflict' });
});

test.each(VENDORS)('a sample in the form of %s is read, and leaves no trace', async (vendor) => {
  const server = await startApp();
  await server.call('POST', '/signal-sources', { key: 'prom', vendor, ...ALLOW });
  const labels = { service: 'checkout', flag: 'a' };
  const { status, body } = await server.call('POST', '/signal-sources/prom/sample', { labels });
  expect([status, body.note]).toEqual([200, null]);
  const shown = vendor === 'pagerduty' ? { service: 'checkout' } : labels;
  expect(body.alerts).toMatchObject([{ status: 'firing', labels: shown, foreseen: [] }]);
  expect((await server.call('GET', '/signal-sources/prom/signals')).body.items).toEqual([]);
});

test('a body of one’s own is tried, also with a mapping, and said to be wrong when it is', async () => {
  const { call } = await startApp();
  const mapping = '{"status": "firing", "fingerprint": body.id, "startsAt": body.at, "labels": {"host": body.host}}';
  await call('POST', '/signal-sources', { key: 'zabbix', vendor: 'generic', mapping, ...ALLOW });
  const body = JSON.stringify({ id: '7', at: '2026-11-21T02:00:00Z', host: 'web-1' });
  expect((await call('POST', '/signal-sources/zabbix/sample', { body })).body.alerts).toMatchObject([
    { fingerprint: '7', startsAt: '2026-11-21T02:00:00.000Z', labels: { host: 'web-1' } },
  ]);
  expect((await call('POST', '/signal-sources/zabbix/sample', {})).body.message).toMatch(/body: is needed/);
  const wrong = await call('POST', '/signal-sources/zabbix/sample', { body: '{}' });
  expect([wrong.status, wrong.body.message]).toEqual([422, expect.stringMatching(/No such key: id/)]);
});

test('a subscription of SNS is confirmed by a person who may, and by nothing else', async () => {
  const server = await startApp();
  const { app, call } = server;
  await call('POST', '/signal-sources', { key: 'aws', vendor: 'cloudwatch', topics: [TOPIC], ...ALLOW });
  const { database, changes, sourceBook: book, signalSources: sources, keptSignals } = app.bunting;
  const confirmUrl = 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t';
  const fields = { Type: 'SubscriptionConfirmation', Token: 't', SubscribeURL: confirmUrl, Message: 'You have chosen' };
  const keep = async (text: string, deliveryId: string) => {
    const message = { headers: {}, raw: Buffer.from(text), atMs: Date.now() };
    const { id = '' } = book.get('aws') ?? {};
    const record = toRecord({ sourceId: id, deliveryId, message, state: 'unmatched', judged: [] });
    await keptSignals.keep(record);
    return record.row.id;
  };
  const asked = await keep(wrap(fields), 'd1');
  const other = await keep(messageOf('cloudwatch').body.toString(), 'd2');

  const confirmed: string[] = [];
  const sns = {
    find: async () => SNS_CERTIFICATE,
    confirm: async (url: string) => void confirmed.push(url),
  };
  const signals = new Signals({
    ...{ database, changes, sources, book, sns, now: Date.now },
    taker: { foresee: () => [] },
  });
  const viewer = await startPerson(server, 'viewer');
  const path = `/signal-sources/aws/signals/${asked}/confirm`;
  expect((await viewer.browser.call('POST', path)).status).toBe(403);
  const owner = { actor: { kind: 'key', id: 'k', name: 'K' }, ...{ can: () => true, covers: () => true } } as never;
  await expect(signals.confirm(owner, 'aws', other)).rejects.toThrow(/asks for no confirmation/);
  expect(confirmed).toEqual([]);
  expect(await signals.confirm(owner, 'aws', asked)).toEqual({ topic: TOPIC });
  expect(confirmed).toEqual([confirmUrl]);
  const refusing = new Signals({
    ...{ database, changes, sources, book, now: Date.now, taker: { foresee: () => [] } },
    sns: { ...sns, confirm: () => Promise.reject(new Error('it answers 403')) },
  });
  await expect(refusing.confirm(owner, 'aws', asked)).rejects.toThrow(/it answers 403/);
});

test('what an installation’s source sent is for who may read signals everywhere', async () => {
  const { server, secret } = await startWithSource();
  await send(server, signed('alertmanager', Buffer.from('{"alerts": []}')).body, secret);
  await server.call('POST', '/projects', { key: 'shop', name: 'Shop' });
  const { browser } = await startPerson(server, 'releaser', { project: 'shop' });
  expect((await browser.call('GET', '/signal-sources/prom')).status).toBe(200);
  expect((await browser.call('GET', '/signal-sources/prom/signals')).status).toBe(403);
});
