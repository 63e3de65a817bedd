import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  CERTIFICATE_URL,
  messageOf,
  SECRET,
  SENT_AT_MS,
  type SentMessage,
  SNS_CERTIFICATE,
  signed,
  TOPIC,
  wrap,
} from '../testing/signal-messages.ts';
import type { Delivery, Trust } from './adapter.ts';
import { VENDORS, type Vendor } from './episode.ts';
import { toRecord } from './signal-record.ts';
import { toAlert } from './to-alert.ts';
import { ADAPTERS } from './vendors.ts';

const STARTED_AT_MS = Date.parse('2026-11-21T02:00:12.256Z');
const SECOND_AT_MS = Date.parse('2026-11-21T02:00:12.000Z');
const HMAC_VENDORS = ['grafana', 'pagerduty', 'sentry', 'generic'] as const;
const TIMED_VENDORS = ['grafana', 'generic'] as const;

const trust = (over: Partial<Trust> = {}): Trust => ({
  secrets: ['another secret', SECRET],
  topics: [TOPIC],
  certificates: {
    find: async (url) => {
      expect(url).toBe(CERTIFICATE_URL);
      return SNS_CERTIFICATE;
    },
  },
  ...over,
});

async function take(vendor: Vendor, { headers, body }: SentMessage, over: Partial<Trust> = {}): Promise<Delivery> {
  const message = { headers, raw: body, atMs: SENT_AT_MS };
  await ADAPTERS[vendor].verify(message, trust(over));
  return ADAPTERS[vendor].read(message, trust(over));
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'taken',
    (error: { code?: string; message: string }) => error.code ?? `thrown: ${error.message}`,
  );
}

const EXPECTED: Readonly<Record<Vendor, object>> = {
  alertmanager: {
    fingerprint: 'd175c7ae751eccca',
    labels: { flag_key: 'checkout-v2', action: 'kill' },
    annotations: { summary: 'canary error ratio 5.515%' },
    link: 'http://localhost:19090/graph?g0.expr=x',
  },
  grafana: { fingerprint: 'c6eadffa33fcdf37', value: 5.5, link: 'https://grafana.example.com/d/1?viewPanel=2' },
  datadog: {
    fingerprint: '1234567:a1b2',
    cycle: '9876543210',
    labels: { env: 'production', flag_key: 'checkout-v2', monitor: '1234567', priority: 'P1' },
  },
  pagerduty: {
    fingerprint: 'PGR0VU2',
    startsAtMs: SECOND_AT_MS,
    labels: { service: 'checkout', service_id: 'PF9KMXH', urgency: 'high', priority: 'P1' },
  },
  sentry: {
    fingerprint: 'issue:1170820242',
    labels: { flag_key: 'checkout-v2', release: 'shop@2.1.0', rule: 'Checkout errors', environment: 'production' },
  },
  opsgenie: {
    fingerprint: '052652ac-5d1c-464a-812a-7dd18bbfba8c',
    labels: { flag_key: 'checkout-v2', critical: 'true', alias: 'checkout', priority: 'P1' },
  },
  cloudwatch: {
    fingerprint: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:checkout-errors',
    labels: { ApiName: 'checkout', alarm: 'checkout-errors', metric: '5XXError', namespace: 'AWS/ApiGateway' },
  },
  generic: { fingerprint: 'checkout-errors', value: 5.5, labels: { flag_key: 'checkout-v2' } },
};

const IDS: Readonly<Record<Vendor, string | undefined>> = {
  alertmanager: undefined,
  grafana: undefined,
  datadog: '7001',
  pagerduty: '01CEXAMPLE',
  sentry: undefined,
  opsgenie: '052652ac-5d1c-464a-812a-7dd18bbfba8c:Create:1795226412256000000',
  cloudwatch: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
  generic: 'msg_1',
};

test.each(VENDORS)('contract: an authentic alert of %s is read', async (vendor) => {
  const { id, findings } = await take(vendor, messageOf(vendor));
  expect(id).toBe(IDS[vendor]);
  expect(findings).toMatchObject([{ status: 'firing', startsAtMs: STARTED_AT_MS, ...EXPECTED[vendor] }]);
  expect(Math.abs((findings[0]?.occurredAtMs ?? 0) - STARTED_AT_MS)).toBeLessThan(1_000);
});

test.each(VENDORS)('contract: a field that %s adds one day changes nothing', async (vendor) => {
  const add = (body: object) => ({ ...body, weather: { sun: [1, null] } });
  const { findings } = await take(vendor, messageOf(vendor, add));
  expect(findings).toEqual((await take(vendor, messageOf(vendor))).findings);
});

test.each(VENDORS)(
  'contract: a body of %s of which a byte was changed, or that is signed by another secret, is refused',
  async (vendor) => {
    const message = messageOf(vendor);
    const isSigned = vendor === 'cloudwatch' || (HMAC_VENDORS as readonly string[]).includes(vendor);
    if (isSigned) {
      const changed = Buffer.from(message.body.toString().replace('checkout', 'checkoux'));
      expect(changed.equals(message.body)).toBe(false);
      expect(await codeOf(take(vendor, { ...message, body: changed }))).toBe('unauthenticated');
    }
    if (vendor === 'cloudwatch') return;
    expect(await codeOf(take(vendor, message, { secrets: ['not this one'] }))).toBe('unauthenticated');
    expect(await codeOf(take(vendor, message, { secrets: [] }))).toBe('unauthenticated');
    expect(await codeOf(take(vendor, { ...message, headers: {} }))).toBe('unauthenticated');
  },
);

test.each(VENDORS)(
  'contract: of %s what is cut off, empty or of another form is malformed, not taken',
  async (vendor) => {
    const { body } = messageOf(vendor);
    const wrong = vendor === 'cloudwatch' ? 'unauthenticated' : 'signal_malformed';
    for (const text of [
      '',
      '{',
      body.subarray(0, body.length / 2),
      '[]',
      'null',
      '"x"',
      '{"alerts":[{}]}',
      '{"alerts":1}',
    ]) {
      const sent = signed(vendor, Buffer.from(text as string));
      expect(await codeOf(take(vendor, sent)), String(text).slice(0, 30)).toBe(wrong);
    }
    const deep = signed(vendor, Buffer.from(`${'['.repeat(100_000)}${']'.repeat(100_000)}`));
    expect(await codeOf(take(vendor, deep))).toBe(wrong);
  },
);

test.each(VENDORS)(
  'contract: a body of %s in another encoding is malformed, with a byte order mark it is not',
  async (vendor) => {
    const { body } = messageOf(vendor);
    const text = body.toString();
    const wrong = vendor === 'cloudwatch' ? 'unauthenticated' : 'signal_malformed';
    const others = {
      utf16: Buffer.from(`\ufeff${text}`, 'utf16le'),
      'utf16 without a mark': Buffer.from(text, 'utf16le'),
      latin1: Buffer.from(text.replace('checkout', 'ch\u00e9ckout'), 'latin1'),
      gzip: gzipSync(body),
      nul: Buffer.from(text.replace('checkout', 'check\\u0000out')),
    };
    for (const [name, bytes] of Object.entries(others)) {
      expect(await codeOf(take(vendor, signed(vendor, bytes))), name).toBe(wrong);
    }
    const marked = signed(vendor, Buffer.concat([Buffer.from('\ufeff'), body]));
    expect((await take(vendor, marked)).findings).toHaveLength(1);
  },
);

test.each(TIMED_VENDORS)('contract: what %s signed more than 5 minutes ago or ahead is a replay', async (vendor) => {
  for (const offsetMs of [-301_000, 301_000, -86_400_000]) {
    const message = messageOf(vendor, undefined, SENT_AT_MS + offsetMs);
    expect(await codeOf(take(vendor, message))).toBe('unauthenticated');
  }
  expect((await take(vendor, messageOf(vendor, undefined, SENT_AT_MS - 290_000))).findings).toHaveLength(1);
});

test('contract: a message of Grafana that is signed without a time is refused', async () => {
  const { body, headers } = messageOf('grafana');
  const { 'x-grafana-alerting-timestamp': _, ...rest } = headers;
  await expect(take('grafana', { body, headers: rest })).rejects.toThrow(/timestamp header/);
});

test('contract: the status of a group of Alertmanager says nothing of its alerts', async () => {
  const { findings, note } = await take(
    'alertmanager',
    messageOf('alertmanager', (body: { alerts: object[]; truncatedAlerts: number }) => {
      body.alerts.push({ ...body.alerts[0], status: 'resolved', fingerprint: 'b', endsAt: '2026-11-21T02:00:19Z' });
      body.truncatedAlerts = 3;
    }),
  );
  expect(findings.map(({ status }) => status)).toEqual(['firing', 'resolved']);
  expect(findings[1]?.occurredAtMs).toBe(Date.parse('2026-11-21T02:00:19Z'));
  expect(note).toMatch(/3 alerts were left out/);
});

test.each([
  ['Triggered', 'error', 'firing'],
  ['Re-Triggered', 'error', 'firing'],
  ['Renotify', 'error', 'firing'],
  ['Renotify', 'warning', 'unknown'],
  ['Recovered', 'success', 'resolved'],
  ['Warn', 'warning', 'unknown'],
  ['Re-Warn', 'warning', 'unknown'],
  ['No Data', 'error', 'unknown'],
  ['Re-No Data', 'error', 'unknown'],
])('contract: %s (%s) of Datadog is %s', async (transition, type, status) => {
  const message = messageOf('datadog', (body: object) => ({ ...body, transition, type }));
  expect((await take('datadog', message)).findings).toMatchObject([{ status }]);
});

test('contract: variables that Datadog did not fill in are nothing, and those that are needed are asked for', async () => {
  const unset = messageOf('datadog', (body: object) => ({
    ...body,
    aggreg: '$AGGREG_KEY',
    priority: '$ALERT_PRIORITY',
  }));
  const { findings } = await take('datadog', unset);
  expect(findings[0]).toMatchObject({ fingerprint: '1234567:' });
  expect(findings[0]?.labels).not.toHaveProperty('priority');
  const without = messageOf('datadog', (body: object) => ({ ...body, cycle: '$ALERT_CYCLE_KEY' }));
  await expect(take('datadog', without)).rejects.toThrow(/not filled in/);
});

test.each(['DatasourceNoData', 'DatasourceError'])(
  'contract: %s of Grafana is neither firing nor resolved',
  async (alertname) => {
    const message = messageOf('grafana', (body: { alerts: { labels: object }[] }) => {
      if (body.alerts[0] !== undefined) body.alerts[0].labels = { alertname };
    });
    expect((await take('grafana', message)).findings).toMatchObject([{ status: 'unknown' }]);
  },
);

test.each([
  ['incident.reopened', 'firing', STARTED_AT_MS],
  ['incident.acknowledged', 'unknown', undefined],
  ['incident.priority_updated', 'unknown', undefined],
  ['incident.resolved', 'resolved', undefined],
])('contract: %s of PagerDuty is %s', async (event_type, status, startsAtMs) => {
  const message = messageOf('pagerduty', (body: { event: object }) => ({ event: { ...body.event, event_type } }));
  expect((await take('pagerduty', message)).findings).toMatchObject([{ status, startsAtMs }]);
});

test('contract: what is no incident of PagerDuty is taken and says so', async () => {
  const ping = { event: { id: 'p', event_type: 'pagey.ping', occurred_at: '2026-11-21T02:00:12Z', data: {} } };
  expect(
    await take(
      'pagerduty',
      messageOf('pagerduty', () => ping),
    ),
  ).toMatchObject({ findings: [], note: /no incident/ });
});

test.each([
  ['critical', 'firing'],
  ['warning', 'unknown'],
  ['resolved', 'resolved'],
])('contract: a metric alert of Sentry that is %s is %s', async (action, status) => {
  const body = {
    action,
    data: {
      metric_alert: {
        id: '12',
        identifier: '3',
        date_started: '2026-11-21T02:00:12.256000Z',
        date_detected: '2026-11-21T02:00:13Z',
        date_closed: null,
        projects: ['shop'],
        alert_rule: { id: '7', name: 'Error rate' },
      },
      description_title: 'Critical: Error rate',
      web_url: 'https://sentry.io/x',
    },
    installation: { uuid: 'a' },
  };
  const { body: bytes, headers } = messageOf('sentry', () => body);
  const message = { body: bytes, headers: { ...headers, 'sentry-hook-resource': 'metric_alert' } };
  const [finding] = (await take('sentry', message)).findings;
  expect(finding).toMatchObject({
    fingerprint: 'metric:12',
    status,
    startsAtMs: STARTED_AT_MS,
    labels: { rule: 'Error rate' },
  });
});

test('contract: an issue of Sentry that is resolved ends what its alerts began; other news are none', async () => {
  const send = (resource: string, action: string) => {
    const { body, headers } = messageOf('sentry', () => ({
      action,
      data: { issue: { id: '1170820242', title: 'x' } },
    }));
    return take('sentry', { body, headers: { ...headers, 'sentry-hook-resource': resource } });
  };
  expect((await send('issue', 'resolved')).findings).toMatchObject([
    { fingerprint: 'issue:1170820242', status: 'resolved' },
  ]);
  expect(await send('issue', 'assigned')).toMatchObject({
    findings: [],
    note: 'An issue was assigned, which is no alert.',
  });
  expect(await send('comment', 'created')).toMatchObject({ findings: [] });
});

test.each([
  ['Create', 'firing'],
  ['Close', 'resolved'],
  ['Acknowledge', 'unknown'],
  ['AddNote', 'unknown'],
  ['Delete', 'unknown'],
])('contract: %s of Opsgenie is %s', async (action, status) => {
  const message = messageOf('opsgenie', (body: object) => ({ ...body, action }));
  expect((await take('opsgenie', message)).findings).toMatchObject([{ status, startsAtMs: STARTED_AT_MS }]);
});

test.each([
  ['OK', 'resolved'],
  ['INSUFFICIENT_DATA', 'unknown'],
])('contract: the state %s of an alarm of CloudWatch is %s', async (NewStateValue, status) => {
  const message = messageOf('cloudwatch', (body: object) => ({ ...body, NewStateValue }));
  expect((await take('cloudwatch', message)).findings).toMatchObject([{ status, startsAtMs: undefined }]);
});

test('contract: both versions of the signature of SNS are taken, and a text that is no alarm says so', async () => {
  for (const version of ['1', '2'] as const) {
    const sent = { headers: {}, body: Buffer.from(wrap({ Message: 'hello' }, version)) };
    expect(await take('cloudwatch', sent)).toMatchObject({ findings: [], note: /no alarm/ });
  }
});

test('contract: a certificate from elsewhere, another topic, or a wrong signature of SNS is refused, and nothing is fetched', async () => {
  const find = () => Promise.reject(new Error('fetched'));
  const refused = async (fields: Record<string, string>) =>
    codeOf(take('cloudwatch', { headers: {}, body: Buffer.from(wrap(fields)) }, { certificates: { find } }));
  for (const SigningCertURL of [
    'https://sns.eu-west-1.amazonaws.com.evil.example/x.pem',
    'https://evil.example/sns.eu-west-1.amazonaws.com/x.pem',
    'http://sns.eu-west-1.amazonaws.com/x.pem',
    'https://sns.eu-west-1.amazonaws.com:8443/x.pem',
    'https://user@sns.eu-west-1.amazonaws.com/x.pem',
    'https://sns.eu-west-1.amazonaws.com/x.html',
    'nonsense',
  ]) {
    expect(await refused({ SigningCertURL }), SigningCertURL).toBe('unauthenticated');
  }
  expect(await refused({ TopicArn: 'arn:aws:sns:eu-west-1:999999999999:alarms' })).toBe('forbidden');
  expect(await refused({ SignatureVersion: '3' })).toBe('unauthenticated');
  const forged = { ...JSON.parse(wrap({})), Message: 'other' };
  expect(await codeOf(take('cloudwatch', { headers: {}, body: Buffer.from(JSON.stringify(forged)) }))).toBe(
    'unauthenticated',
  );
  const certificates = { find: async () => 'no certificate' };
  expect(await codeOf(take('cloudwatch', messageOf('cloudwatch'), { certificates }))).toBe('unauthenticated');
});

test('contract: a subscription of SNS is read with the address that confirms it, if that is of SNS', async () => {
  const ask = (SubscribeURL: string) => {
    const fields = { Type: 'SubscriptionConfirmation', Token: 't', SubscribeURL, Message: 'You have chosen' };
    return take('cloudwatch', { headers: {}, body: Buffer.from(wrap(fields)) });
  };
  const confirmUrl = 'https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=t';
  expect(await ask(confirmUrl)).toMatchObject({ findings: [], subscription: { topic: TOPIC, confirmUrl } });
  expect(await codeOf(ask('https://evil.example/?Action=ConfirmSubscription'))).toBe('signal_malformed');
});

/** The value with what stands at one of its places replaced. */
function replaceAt(value: unknown, path: readonly number[], by: unknown): unknown {
  const [first = 0, ...rest] = path;
  if (typeof value !== 'object' || value === null || path.length === 0) return by;
  const names = Object.keys(value);
  const name = names[first % Math.max(1, names.length)];
  if (name === undefined) return by;
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  copy[name] = replaceAt(copy[name], rest, by);
  return copy;
}

const TIMES = fc.constantFrom(
  '2026-11-21T02:00:12Z',
  '-271821-04-20T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  '0001-01-01',
);
const STRANGE = fc.oneof(
  fc.jsonValue(),
  TIMES,
  fc.double(),
  fc.constantFrom(1e300, -1, 2 ** 60, 8.64e15, '9'.repeat(20)),
);

test.each(VENDORS)(
  'whatever stands anywhere in a message of %s, it is read and can be kept, or is malformed',
  async (vendor) => {
    const property = fc.asyncProperty(
      fc.array(fc.nat(30), { minLength: 1, maxLength: 6 }),
      STRANGE,
      async (path, strange) => {
        const message = messageOf(vendor, (body: object) => replaceAt(body, path, strange) as object);
        const sent = { headers: message.headers, raw: message.body, atMs: SENT_AT_MS };
        try {
          const { findings, note } = await take(vendor, message);
          const source = {
            id: 's',
            key: 's',
            name: 'S',
            vendor,
            allow: { action: 'kill' },
            mode: 'armed',
            topics: [],
          } as const;
          const judged = findings.map((finding) => ({ alert: toAlert(source, finding, sent, 'd'), outcomes: [] }));
          for (const { alert } of judged) {
            expect([alert.startsAtMs, alert.occurredAtMs].every(Number.isSafeInteger)).toBe(true);
            for (const label of Object.values(alert.labels)) expect(typeof label).toBe('string');
          }
          toRecord({ sourceId: 's', deliveryId: 'd', message: sent, state: 'unmatched', note, judged });
        } catch (error) {
          expect(error).toMatchObject({ code: 'signal_malformed' });
        }
      },
    );
    await fc.assert(property, { numRuns: 300 });
  },
);
