import { expect, test } from 'vitest';
import { ApiError } from '../http/api-error.ts';
import { messageOf, SENT_AT_MS, SNS_CERTIFICATE, signed, TOPIC } from '../testing/signal-messages.ts';
import { startApp, type TestServer, toAnswer } from '../testing/start-app.ts';
import { onSqlite } from '../testing/test-database.ts';
import type { AlertTaker } from './binding-outcome.ts';
import type { SignalAlert, Vendor } from './episode.ts';
import { Episodes } from './episodes.ts';
import { Inbox } from './inbox.ts';
import { KeptSignals } from './kept-signals.ts';
import type { SignalRecord } from './signal-record.ts';

const SOURCE = { key: 'prom', name: 'Prometheus', vendor: 'alertmanager', allow: { action: 'kill' } };

/** An alert of Alertmanager that is seen now. */
const alertOf = (fields: object = {}) => ({
  status: 'firing',
  labels: { alertname: 'Errors', flag_key: 'a' },
  annotations: {},
  startsAt: new Date().toISOString(),
  endsAt: '0001-01-01T00:00:00Z',
  fingerprint: 'f1',
  ...fields,
});

interface Sending {
  readonly source?: string;
  readonly secret: string;
  readonly body: unknown;
  readonly headers?: Record<string, string>;
}

async function send({ app }: TestServer, { source = 'prom', secret, body, headers }: Sending) {
  return toAnswer(
    await app.inject({
      method: 'POST',
      url: `/signals/${source}`,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}`, ...headers },
      payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
    }),
  );
}

async function startWithSource(source: object = SOURCE) {
  const server = await startApp();
  const { body } = await server.call('POST', '/signal-sources', source);
  return { server, secret: body.secret as string };
}

const keptOf = ({ app }: TestServer) => app.bunting.database.selectFrom('signals').selectAll().execute();

test('an authentic alert that matches nothing is accepted, and kept as it came', async () => {
  const { server, secret } = await startWithSource();
  const body = JSON.stringify({ alerts: [alertOf()], weather: 'ü' });
  const answer = await send(server, { secret, body, headers: { 'user-agent': 'Alertmanager/0.25' } });
  expect([answer.status, answer.body]).toEqual([202, { deliveryId: expect.any(String), alerts: 1, matched: 0 }]);
  const [row] = await keptOf(server);
  expect(Buffer.from(row?.body ?? '', 'base64').toString()).toBe(body);
  expect(JSON.parse(row?.headers ?? '')).toEqual({
    'content-type': 'application/json',
    'user-agent': 'Alertmanager/0.25',
  });
  expect(JSON.stringify(row)).not.toContain(secret);
  expect(row).toMatchObject({ state: 'unmatched', deliveries: 1 });
});

test.each([
  ['no credential', { secret: '', headers: { authorization: '' } }, 401, 'unauthenticated'],
  ['a wrong secret', { secret: 'wrong' }, 401, 'unauthenticated'],
  ['another source', { source: 'nobody' }, 404, 'not_found'],
  ['a body that is cut off', { body: '{"alerts": [' }, 422, 'signal_malformed'],
  ['another form', { body: { alerts: [{ status: 'firing' }] } }, 422, 'signal_malformed'],
  ['UTF-16', { body: Buffer.from('{"alerts": []}', 'utf16le') }, 422, 'signal_malformed'],
  ['a compressed body', { headers: { 'content-encoding': 'gzip' } }, 422, 'signal_malformed'],
  ['no body', { body: '' }, 422, 'signal_malformed'],
  ['10 MB', { body: 'x'.repeat(10 * 1024 * 1024) }, 413, 'payload_too_large'],
])('%s is answered by %s', async (_, wrong, status, code) => {
  const { server, secret } = await startWithSource();
  const answer = await send(server, { secret, body: { alerts: [alertOf()] }, ...wrong });
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  // What is authentic is shown to people, what is not leaves no trace.
  expect(await keptOf(server)).toMatchObject(status === 422 ? [{ state: 'malformed', note: answer.body.message }] : []);
});

test.each(['text/plain', 'application/x-www-form-urlencoded', undefined])(
  'a body of type %s is read as what it is',
  async (type) => {
    const { server, secret } = await startWithSource();
    const payload = JSON.stringify({ alerts: [alertOf()] });
    const headers = { authorization: `Bearer ${secret}`, ...(type === undefined ? {} : { 'content-type': type }) };
    const answer = await server.app.inject({
      method: 'POST',
      url: '/signals/prom',
      headers,
      payload: Buffer.from(payload),
    });
    expect(answer.statusCode).toBe(202);
  },
);

test('the secret before a rotation is believed until its time is over', async () => {
  const { server, secret } = await startWithSource();
  const body = { alerts: [] };
  const { body: rotated } = await server.call('POST', '/signal-sources/prom/rotate-secret', {});
  expect((await send(server, { secret, body })).status).toBe(202);
  expect((await send(server, { secret: rotated.secret, body })).status).toBe(202);
  await server.call('POST', '/signal-sources/prom/rotate-secret', { overlapHours: 0 });
  expect((await send(server, { secret: rotated.secret, body })).status).toBe(401);
});

test('one delivery 100 times at once is kept once, with how often it came', async () => {
  const { server, secret } = await startWithSource();
  const body = JSON.stringify({ alerts: [alertOf()] });
  const answers = await Promise.all(Array.from({ length: 100 }, () => send(server, { secret, body })));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  expect(await keptOf(server)).toMatchObject([{ deliveries: 100 }]);
});

test('forged messages are counted by address, and lock out nobody who is authentic', async () => {
  const server = await startApp({ config: { requestsPerAddressPerSecond: 5 } });
  const { body: source } = await server.call('POST', '/signal-sources', SOURCE);
  const body = { alerts: [] };
  const statuses = [];
  for (let at = 0; at < 12; at++) statuses.push((await send(server, { secret: 'forged', body })).status);
  expect(new Set(statuses)).toEqual(new Set([401, 429]));
  expect((await send(server, { secret: source.secret, body })).status).toBe(202);
});

/** An inbox beside the server's own, whose alerts come here. */
async function startInbox({ vendor = 'alertmanager', ...source }: { vendor?: Vendor; topics?: string[] } = {}) {
  const server = await startApp();
  const { body } = await server.call('POST', '/signal-sources', { ...SOURCE, vendor, ...source });
  if (vendor === 'pagerduty' || vendor === 'sentry') {
    await server.call('POST', '/signal-sources/prom/rotate-secret', { secret: 'given secret' });
  }
  const { sourceBook: book, keptSignals: kept, database, rates } = server.app.bunting;
  const taken: SignalAlert[] = [];
  let hold: Promise<void> | undefined;
  const taker: AlertTaker = {
    take: async (_source, alert) => {
      taken.push(alert);
      await hold;
      const target = { project: 'default', environment: 'production', flag: 'a' };
      const outcome = { id: 'o1', action: 'kill', target, atMs: 1, result: 'acted', reason: 'Killed.' } as const;
      const matched = alert.labels.alertname !== 'Other';
      return [{ binding: 'b1', project: 'default', note: '', matched, outcomes: matched ? [outcome] : [] }];
    },
    foresee: () => [],
  };
  const dependencies = {
    ...{ book, taker, rates, kept, log: server.app.log },
    episodes: new Episodes(database),
    certificates: { find: async () => SNS_CERTIFICATE },
    metrics: { count: () => {} },
  };
  return {
    server,
    taken,
    secret: (body.secret ?? 'given secret') as string,
    dependencies,
    /** What is taken from now on is not done before the answer is called. */
    holdUp: () => {
      let release = () => {};
      hold = new Promise((resolve) => {
        release = resolve;
      });
      return () => release();
    },
  };
}

test.each<Vendor>(['pagerduty', 'cloudwatch'])(
  '%s does not say which episode is over: it is the last one that began before',
  async (vendor) => {
    const topics = vendor === 'cloudwatch' ? { topics: [TOPIC] } : {};
    const { taken, secret, dependencies, server } = await startInbox({ vendor, ...topics });
    const inbox = new Inbox(dependencies);
    const take = async (body: Buffer) => {
      const { headers } = signed(vendor, body, SENT_AT_MS, secret);
      await inbox.take('prom', { headers, raw: body, atMs: SENT_AT_MS }, '::1');
    };
    const resolved = (at: string) =>
      messageOf(vendor, (body: { event: object }) =>
        vendor === 'pagerduty'
          ? { event: { ...body.event, id: at, event_type: 'incident.resolved', occurred_at: at } }
          : { ...body, NewStateValue: 'OK', StateChangeTime: at },
      ).body;
    await take(messageOf(vendor).body);
    await take(resolved('2026-11-21T02:00:19.000Z'));
    await take(resolved('2026-11-20T02:00:00.000Z'));
    const [firing, over, replayed] = taken;
    expect(over).toMatchObject({ status: 'resolved', episode: firing?.episode, startsAtMs: firing?.startsAtMs });
    expect(replayed?.episode).not.toBe(firing?.episode);
    // Another server, or this one after a restart, finds it in the database.
    const again = new Inbox({ ...dependencies, episodes: new Episodes(server.app.bunting.database) });
    const body = resolved('2026-11-21T02:00:20.000Z');
    const { headers } = signed(vendor, body, SENT_AT_MS, secret);
    await again.take('prom', { headers, raw: body, atMs: SENT_AT_MS }, '::1');
    expect(taken[3]?.episode).toBe(firing?.episode);
  },
);

/** Sends alerts of Alertmanager to an inbox. */
const takeAlerts = (inbox: Inbox, secret: string, alerts: readonly object[]) => {
  const raw = Buffer.from(JSON.stringify({ alerts }));
  return inbox.take('prom', { headers: { authorization: `Bearer ${secret}` }, raw, atMs: Date.now() }, '::1');
};

test('what matched is answered, kept with what came of it, and what is neither firing nor resolved is handed to nobody', async () => {
  const { taken, secret, dependencies, server } = await startInbox({ vendor: 'datadog' });
  const inbox = new Inbox(dependencies);
  const take = async (transition: string) => {
    const { body, headers } = messageOf('datadog', (fields: object) => ({
      ...fields,
      transition,
      event_id: transition,
      tags: 'flag_key:a',
    }));
    const sent = { ...headers, authorization: `Bearer ${secret}` };
    return inbox.take('prom', { headers: sent, raw: body, atMs: SENT_AT_MS }, '::1');
  };
  expect(await take('No Data')).toMatchObject({ alerts: 1, matched: 0 });
  expect(taken).toEqual([]);
  const { deliveryId } = await take('Triggered');
  await take('Recovered');
  expect(taken.map(({ status }) => status)).toEqual(['firing', 'resolved']);
  expect(taken[1]?.episode).toBe(taken[0]?.episode);
  const row = (await keptOf(server)).find((kept) => kept.delivery_id === deliveryId);
  expect(row?.state).toBe('matched');
  expect(JSON.parse(row?.alerts ?? '')).toMatchObject({
    total: 1,
    shown: [{ matches: [{ binding: 'b1', outcomes: [{ result: 'acted', reason: 'Killed.' }] }] }],
  });
});

test('who asks is answered in time, whatever an action waits for, and what came of it is kept later', async () => {
  const { secret, dependencies, server, holdUp } = await startInbox();
  const release = holdUp();
  expect(await takeAlerts(new Inbox(dependencies), secret, [alertOf()])).toMatchObject({ matched: 1 });
  expect(JSON.parse((await keptOf(server))[0]?.alerts ?? '')).toMatchObject({ total: 0 });
  release();
  await expect
    .poll(async () => JSON.parse((await keptOf(server))[0]?.alerts ?? ''))
    .toMatchObject({ total: 1, shown: [{ matches: [{ outcomes: [{ result: 'acted' }] }] }] });
});

test('a flood of 10 000 alerts, each alone and in one message: the one that should act does, and what is kept is bounded', async () => {
  const { taken, secret, dependencies, server } = await startInbox();
  const rates = {
    take: () => {
      throw new ApiError('rate_limited', 'slower');
    },
  };
  // A quota that is used up already.
  const inbox = new Inbox({ ...dependencies, rates });
  const others = { labels: { alertname: 'Other' } };
  for (let at = 0; at < 5_000; at++) {
    const taking = takeAlerts(inbox, secret, [alertOf({ ...others, fingerprint: `o${at}` })]);
    await expect(taking).rejects.toThrow('slower');
  }
  const many = Array.from({ length: 4_999 }, (_, at) => alertOf({ ...others, fingerprint: `m${at}` }));
  const answer = await takeAlerts(inbox, secret, [...many, alertOf()]);
  expect(answer).toMatchObject({ alerts: 5_000, matched: 1 });
  expect(taken).toHaveLength(10_000);
  const rows = await keptOf(server);
  expect(rows).toHaveLength(1);
  expect(Buffer.from(rows[0]?.body ?? '', 'base64').length).toBeLessThanOrEqual(256 * 1024);
  const { total, shown } = JSON.parse(rows[0]?.alerts ?? '');
  expect([total, shown.length, shown[0].fingerprint]).toEqual([5_000, 100, 'f1']);
}, 60_000);

onSqlite(
  'without the database the disk keeps what came, and without either the sender is asked to send it again',
  async () => {
    const { secret, dependencies, server } = await startInbox();
    const other = await startApp();
    const { journal } = server.app.bunting;
    await other.app.bunting.database.destroy();
    const broken = { database: other.app.bunting.database, log: server.app.log, now: Date.now, retentionDays: 30 };
    const kept = new KeptSignals({ ...broken, journal });
    expect(await takeAlerts(new Inbox({ ...dependencies, kept }), secret, [alertOf()])).toMatchObject({ matched: 1 });
    await kept.close();
    expect(await keptOf(server)).toEqual([]);
    // As after a restart: what the journal has comes to the database.
    const { database } = server.app.bunting;
    const next = new KeptSignals({ ...broken, database, journal });
    await expect.poll(() => keptOf(server), { timeout: 5_000 }).toMatchObject([{ state: 'matched', deliveries: 1 }]);
    expect(journal.entries('signal')).toEqual([]);
    await next.close();

    const nowhere = { keep: async () => false, has: () => false, forget: () => {}, entries: () => [] };
    const lost = new KeptSignals({ ...broken, journal: nowhere });
    const taking = takeAlerts(new Inbox({ ...dependencies, kept: lost }), secret, [alertOf()]);
    await expect(taking).rejects.toMatchObject({ code: 'signal_unkept', status: 503 });
    await lost.close();
  },
);

test('signals are forgotten when they are too old, or too many', async () => {
  const { secret, server } = await startWithSource();
  for (const weather of ['sun', 'rain']) await send(server, { secret, body: { alerts: [], weather } });
  const { database, journal } = server.app.bunting;
  const dayMs = 86_400_000;
  const sweepAt = async (nowMs: number) => {
    const kept = new KeptSignals({ database, journal, log: server.app.log, now: () => nowMs, retentionDays: 30 });
    await kept.sweep();
    await kept.close();
    return (await keptOf(server)).length;
  };
  expect(await sweepAt(Date.now() + 29 * dayMs)).toBe(2);
  expect(await sweepAt(Date.now() + 31 * dayMs)).toBe(0);
});

/** What alerts lead to in the tests that let them act. */
const BINDING = {
  key: 'errors',
  source: 'prom',
  match: [{ label: 'alertname', equals: 'Errors' }],
  targets: { flags: { label: 'flag_key' }, environments: { keys: ['production'] } },
  action: 'kill',
  mode: 'armed',
};

test.each<[string, number, object]>([
  ['that began 20 minutes ago', 0, { startsAt: new Date(Date.now() - 20 * 60_000).toISOString() }],
  ['that began before the binding was armed', 0, { startsAt: new Date(Date.now() - 60_000).toISOString() }],
  ['that is resolved', 0, { status: 'resolved', endsAt: new Date().toISOString() }],
  ['that fires now', 1, {}],
])('an alert %s, sent three times and then resolved, kills %i times', async (_, kills, fields) => {
  const { server, secret } = await startWithSource({ ...SOURCE, mode: 'armed' });
  const { call, app } = server;
  await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  expect((await call('POST', '/projects/default/bindings', BINDING)).status).toBe(201);
  const alert = alertOf({ startsAt: new Date(Date.now() + 1).toISOString(), ...fields });
  for (let at = 0; at < 3; at++) expect((await send(server, { secret, body: { alerts: [alert] } })).status).toBe(200);
  const over = { ...alert, status: 'resolved', endsAt: new Date().toISOString() };
  await send(server, { secret, body: { alerts: [over] } });
  const { body } = await call('GET', '/audit?project=default&limit=100');
  const killed = body.items.filter(({ action }: { action: string }) => action === 'flag.killed');
  expect(killed).toHaveLength(kills);
  const inForce = kills === 1 ? [{ flag: 'a', epoch: 1, engaged: true }] : [];
  expect(app.bunting.rulesets.named('default', 'production')?.kills).toEqual(inForce);
});

onSqlite('an authentic alert kills while the database is gone, and stays on the disk', async () => {
  const { server, secret } = await startWithSource({ ...SOURCE, mode: 'armed' });
  const { call, app } = server;
  await call('POST', '/projects/default/flags', { key: 'a', type: 'boolean' });
  expect((await call('POST', '/projects/default/bindings', BINDING)).status).toBe(201);
  const startsAt = new Date(Date.now() + 1).toISOString();
  await app.bunting.database.destroy();
  const sending = send(server, { secret, body: { alerts: [alertOf({ startsAt })] } });
  const killed = () => app.bunting.rulesets.named('default', 'production')?.kills;
  await expect.poll(killed, { interval: 5 }).toEqual([{ flag: 'a', epoch: 1, engaged: true }]);
  expect((await sending).status).toBe(200);
  const journalled = () => {
    const [entry] = app.bunting.journal.entries('signal');
    const record = entry?.document as unknown as SignalRecord | undefined;
    return record && [record.row.state, JSON.parse(record.row.alerts)];
  };
  const acted = { matches: [{ binding: 'errors', outcomes: [{ action: 'kill', result: 'acted' }] }] };
  await expect.poll(journalled).toMatchObject(['matched', { total: 1, shown: [acted] }]);
});
