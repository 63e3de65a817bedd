import { createHmac, createSign } from 'node:crypto';
import { generate } from 'selfsigned';
import type { Vendor } from '../signals/episode.ts';

/** When the messages below are sent: their episodes began a few seconds before. */
export const SENT_AT_MS = Date.parse('2026-11-21T02:00:20.000Z');

/** What every test source has as its secret; Standard Webhooks wants base64. */
export const SECRET = `whsec_${Buffer.alloc(32, 'secret').toString('base64')}`;
export const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:alarms';
export const CERTIFICATE_URL = 'https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0a1b.pem';

export interface SentMessage {
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** What a vendor sends when a thing goes wrong, after the documentation of each; Alertmanager's as captured from 0.25. */
const FIRING: Readonly<Record<Vendor, object>> = {
  alertmanager: {
    receiver: 'flags',
    status: 'firing',
    alerts: [
      {
        status: 'firing',
        labels: {
          alertname: 'CanaryErrorRateHigh',
          flag_key: 'checkout-v2',
          severity: 'page',
          version: 'canary',
          action: 'kill',
        },
        annotations: { summary: 'canary error ratio 5.515%' },
        startsAt: '2026-11-21T02:00:12.256Z',
        endsAt: '0001-01-01T00:00:00Z',
        generatorURL: 'http://localhost:19090/graph?g0.expr=x',
        fingerprint: 'd175c7ae751eccca',
      },
    ],
    groupLabels: { alertname: 'CanaryErrorRateHigh' },
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'http://localhost:19093',
    version: '4',
    groupKey: '{}:{alertname="CanaryErrorRateHigh"}',
    truncatedAlerts: 0,
  },
  grafana: {
    receiver: 'flags',
    status: 'firing',
    orgId: 1,
    alerts: [
      {
        status: 'firing',
        labels: { alertname: 'Checkout errors', grafana_folder: 'shop', flag_key: 'checkout-v2' },
        annotations: { summary: 'errors' },
        startsAt: '2026-11-21T02:00:12.256Z',
        endsAt: '0001-01-01T00:00:00Z',
        generatorURL: 'https://grafana.example.com/alerting/grafana/x/view',
        fingerprint: 'c6eadffa33fcdf37',
        silenceURL: 'https://grafana.example.com/alerting/silence/new',
        dashboardURL: 'https://grafana.example.com/d/1',
        panelURL: 'https://grafana.example.com/d/1?viewPanel=2',
        values: { B: 5.5, C: 1 },
        valueString: '[ var=B value=5.5 ]',
      },
    ],
    version: '1',
    groupKey: '{}:{alertname="x"}',
    truncatedAlerts: 0,
    title: '[FIRING:1]',
    state: 'alerting',
    message: '**Firing**',
  },
  datadog: {
    source: 'datadog',
    alert_id: '1234567',
    cycle: '9876543210',
    aggreg: 'a1b2',
    transition: 'Triggered',
    type: 'error',
    event_id: '7001',
    title: '[Triggered] Checkout errors',
    scope: 'service:checkout',
    tags: 'env:production,flag_key:checkout-v2,monitor,team:shop',
    query: 'avg(last_1m):errors > 5',
    priority: 'P1',
    link: 'https://app.datadoghq.com/event/7001',
    date: '1795226412256',
    last_updated: '1795226412256',
    org_id: '11',
  },
  pagerduty: {
    event: {
      id: '01CEXAMPLE',
      event_type: 'incident.triggered',
      resource_type: 'incident',
      occurred_at: '2026-11-21T02:00:12.256Z',
      agent: { id: 'PLH1HKV', type: 'user_reference' },
      client: null,
      data: {
        id: 'PGR0VU2',
        type: 'incident',
        self: 'https://api.pagerduty.com/incidents/PGR0VU2',
        html_url: 'https://acme.pagerduty.com/incidents/PGR0VU2',
        number: 2,
        status: 'triggered',
        incident_key: 'checkout-errors',
        created_at: '2026-11-21T02:00:12Z',
        title: 'Checkout fails',
        service: { id: 'PF9KMXH', summary: 'checkout', type: 'service_reference' },
        assignees: [],
        priority: { id: 'PSO75BM', summary: 'P1', type: 'priority_reference' },
        urgency: 'high',
        teams: [],
      },
    },
  },
  sentry: {
    action: 'triggered',
    actor: { id: 'sentry', name: 'Sentry', type: 'application' },
    data: {
      event: {
        event_id: 'e4874d664c3540c1a32eab185f12c5ab',
        issue_id: '1170820242',
        datetime: '2026-11-21T02:00:12.256000Z',
        timestamp: 1795226412.256,
        release: 'shop@2.1.0',
        level: 'error',
        environment: 'production',
        title: 'TypeError: x is undefined',
        web_url: 'https://sentry.io/organizations/acme/issues/1170820242/events/e48/',
        project: 1,
        tags: [
          ['browser', 'Chrome 75'],
          ['flag_key', 'checkout-v2'],
        ],
      },
      triggered_rule: 'Checkout errors',
    },
    installation: { uuid: 'a8e5d37a-696c-4c54-adb5-b3f28d64c7de' },
  },
  opsgenie: {
    action: 'Create',
    alert: {
      alertId: '052652ac-5d1c-464a-812a-7dd18bbfba8c',
      message: 'Checkout fails',
      tags: ['flag_key:checkout-v2', 'critical'],
      tinyId: '10',
      alias: 'checkout',
      entity: 'shop',
      source: 'monitor',
      createdAt: 1795226412256,
      updatedAt: 1795226412256000000n,
      username: 'sam@example.com',
      priority: 'P1',
    },
    source: { name: 'web', type: 'API' },
    integrationId: '37c8f316-17c6-49d7-899b-9c7e540c048d',
    integrationName: 'Bunting',
    integrationType: 'Webhook',
  },
  cloudwatch: {
    AlarmName: 'checkout-errors',
    AlarmArn: 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:checkout-errors',
    AlarmDescription: null,
    AWSAccountId: '123456789012',
    NewStateValue: 'ALARM',
    NewStateReason: 'Threshold Crossed: 1 datapoint (5.5) was greater than the threshold (1.0).',
    StateChangeTime: '2026-11-21T02:00:12.256+0000',
    Region: 'EU (Ireland)',
    OldStateValue: 'OK',
    Trigger: {
      MetricName: '5XXError',
      Namespace: 'AWS/ApiGateway',
      StatisticType: 'Statistic',
      Dimensions: [{ value: 'checkout', name: 'ApiName' }],
      Period: 60,
      Threshold: 1,
    },
  },
  generic: {
    status: 'firing',
    fingerprint: 'checkout-errors',
    startsAt: '2026-11-21T02:00:12.256Z',
    labels: { flag_key: 'checkout-v2' },
    annotations: { summary: 'errors' },
    value: 5.5,
    link: 'https://example.com/1',
  },
};

/** A message of the vendor as it says that things go wrong, changed by `edit`, and sent as it would send it. */
export function messageOf(
  vendor: Vendor,
  edit: (body: never) => object | undefined = () => {},
  atMs = SENT_AT_MS,
): SentMessage {
  const body = structuredClone(FIRING[vendor]);
  const edited = edit(body as never) ?? body;
  const text = vendor === 'cloudwatch' ? wrap({ Message: toText(edited) }) : toText(edited);
  return signed(vendor, Buffer.from(text), atMs);
}

/** As JSON; a bigint is an integer like any other there. */
function toText(value: unknown): string {
  const marked = JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? `bigint:${part}` : part));
  return marked.replace(/"bigint:(\d+)"/g, '$1');
}

/** A body with what shows that the vendor sent it. SNS signs inside of it: see `wrap`. */
export function signed(vendor: Vendor, body: Buffer, atMs = SENT_AT_MS, secret = SECRET): SentMessage {
  return { body, headers: { 'content-type': 'application/json', ...signature(vendor, body, atMs, secret) } };
}

function signature(vendor: Vendor, body: Buffer, atMs: number, secret: string): Record<string, string> {
  const seconds = String(Math.floor(atMs / 1000));
  const hmac = (key: string | Buffer) => createHmac('sha256', key);
  switch (vendor) {
    case 'alertmanager':
    case 'datadog':
      return { authorization: `Bearer ${secret}` };
    case 'opsgenie':
      return { authorization: `Basic ${Buffer.from(`bunting:${secret}`).toString('base64')}` };
    case 'grafana':
      return {
        'x-grafana-alerting-timestamp': seconds,
        'x-grafana-alerting-signature': hmac(secret).update(`${seconds}:`).update(body).digest('hex'),
      };
    case 'pagerduty':
      return {
        'x-webhook-id': '01CEXAMPLE',
        'x-pagerduty-signature': `v1=${'0'.repeat(64)},v1=${hmac(secret).update(body).digest('hex')}`,
      };
    case 'sentry':
      return {
        'request-id': '4c0d5f4e',
        'sentry-hook-resource': 'event_alert',
        'sentry-hook-timestamp': seconds,
        'sentry-hook-signature': hmac(secret).update(body).digest('hex'),
      };
    case 'cloudwatch':
      return { 'content-type': 'text/plain; charset=UTF-8', 'x-amz-sns-message-type': 'Notification' };
    case 'generic': {
      const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
      const text = Buffer.concat([Buffer.from(`msg_1.${seconds}.`), body]);
      return {
        'webhook-id': 'msg_1',
        'webhook-timestamp': seconds,
        'webhook-signature': `v1,AAAA v1,${hmac(key).update(text).digest('base64')}`,
      };
    }
  }
}

/** A certificate and key as SNS has, valid when the messages are sent. */
const snsKeys = await generate([{ name: 'commonName', value: 'sns.amazonaws.com' }], {
  keySize: 2048,
  notBeforeDate: new Date(SENT_AT_MS - 86_400_000),
  notAfterDate: new Date(SENT_AT_MS + 10 * 365 * 86_400_000),
});
export const SNS_CERTIFICATE: string = snsKeys.cert;

const CONFIRMED = ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
const NOTIFIED = ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'];

/** What SNS wraps a message in, signed: SHA-1 as version 1 has it, or SHA-256 as version 2. */
export function wrap(fields: Readonly<Record<string, string>>, version: '1' | '2' = '1'): string {
  const envelope: Record<string, string> = {
    Type: 'Notification',
    MessageId: '22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324',
    TopicArn: TOPIC,
    Subject: 'ALARM: "checkout-errors"',
    Message: '',
    Timestamp: '2026-11-21T02:00:13.000Z',
    SignatureVersion: version,
    SigningCertURL: CERTIFICATE_URL,
    UnsubscribeURL: 'https://sns.eu-west-1.amazonaws.com/?Action=Unsubscribe',
    ...fields,
  };
  const names = envelope.Type === 'Notification' ? NOTIFIED : CONFIRMED;
  const text = names.flatMap((name) => (name in envelope ? [`${name}\n${envelope[name]}\n`] : [])).join('');
  const Signature = createSign(version === '1' ? 'RSA-SHA1' : 'RSA-SHA256')
    .update(text)
    .sign(snsKeys.private, 'base64');
  return JSON.stringify({ ...envelope, Signature });
}
