import type { Vendor } from './episode.ts';
import { DATADOG_TEMPLATE } from './vendors/datadog.ts';

export interface SetUpStep {
  /** The field, or the file. */
  readonly what: string;
  readonly enter: string;
}

/** Stands for the secret, which is told once only. */
const UNTOLD = '<secret>';

/** What to type into a vendor so that it sends to `url`. @param secret where it may be told */
export function setUpOf(vendor: Vendor, url: string, secret: string = UNTOLD): readonly SetUpStep[] {
  const bearer = `Bearer ${secret}`;
  switch (vendor) {
    case 'alertmanager':
      return [
        {
          what: 'alertmanager.yml, under receivers',
          enter: `- name: bunting
  webhook_configs:
    - url: ${url}
      send_resolved: true
      http_config:
        authorization:
          type: Bearer
          credentials: ${secret}
`,
        },
        {
          what: 'alertmanager.yml, under route.routes',
          enter: `- receiver: bunting
  matchers: ['flag != ""']
  group_by: [alertname, flag, environment]
  group_wait: 0s
  group_interval: 1s
  repeat_interval: 1m
  continue: true
`,
        },
      ];
    case 'grafana':
      return [
        { what: 'Contact point, integration', enter: 'Webhook' },
        { what: 'URL', enter: url },
        { what: 'HMAC signature, secret', enter: secret },
        { what: 'HMAC signature, header', enter: 'X-Grafana-Alerting-Signature' },
        { what: 'HMAC signature, timestamp header', enter: 'X-Grafana-Alerting-Timestamp' },
      ];
    case 'datadog':
      return [
        { what: 'Integrations, Webhooks, URL', enter: url },
        { what: 'Payload', enter: JSON.stringify(DATADOG_TEMPLATE, undefined, 2) },
        { what: 'Custom headers', enter: JSON.stringify({ Authorization: bearer }) },
        { what: 'Message of each monitor', enter: '@webhook-bunting' },
      ];
    case 'pagerduty':
      return [
        { what: 'Integrations, Generic Webhooks (v3), Webhook URL', enter: url },
        { what: 'Event subscription', enter: 'incident.triggered, incident.reopened, incident.resolved' },
        { what: 'Here, afterwards: rotate the secret', enter: 'the signing secret that PagerDuty shows' },
      ];
    case 'sentry':
      return [
        { what: 'Developer Settings, Internal Integration, Webhook URL', enter: url },
        { what: 'Alert Rule Action', enter: 'on' },
        { what: 'Webhooks', enter: 'issue' },
        { what: 'Permissions', enter: 'Issue & Event: Read' },
        { what: 'Here, afterwards: rotate the secret', enter: 'the client secret that Sentry shows' },
      ];
    case 'opsgenie':
      return [
        { what: 'Integrations, Webhook, Webhook URL', enter: url },
        { what: 'Custom headers', enter: `Authorization: ${bearer}` },
        { what: 'Alert actions', enter: 'Create, Close' },
      ];
    case 'cloudwatch':
      return [
        { what: 'SNS, topic, Create subscription, protocol', enter: 'HTTPS' },
        { what: 'Endpoint', enter: url },
        { what: 'Raw message delivery', enter: 'off' },
        { what: 'Here, afterwards', enter: 'confirm the subscription that arrives among the signals' },
      ];
    case 'generic':
      return [
        { what: 'URL', enter: url },
        { what: 'Signature', enter: `Standard Webhooks (standardwebhooks.com), with the secret ${secret}` },
        {
          what: 'Body, unless the source has a mapping',
          enter:
            '{"status": "firing", "fingerprint": "...", "startsAt": "2030-01-31T12:00:00Z", "labels": {}, "annotations": {}}',
        },
      ];
  }
}
