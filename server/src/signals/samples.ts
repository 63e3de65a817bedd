import type { IncomingHttpHeaders } from 'node:http';
import type { Vendor } from './episode.ts';
import { DATADOG_TEMPLATE } from './vendors/datadog.ts';

/** A message as the vendor would send it, unsigned: for trying what it would lead to. */
interface Sample {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

type Labels = Readonly<Record<string, string>>;

/**
 * A message that says that something began to go wrong now, with labels where the vendor has them: PagerDuty has but its
 * own (service, urgency, priority).
 */
export function sampleOf(vendor: Vendor, labels: Labels, nowMs: number): Sample {
  const headers: IncomingHttpHeaders = vendor === 'sentry' ? { 'sentry-hook-resource': 'event_alert' } : {};
  return { headers, body: JSON.stringify(bodyOf(vendor, labels, new Date(nowMs).toISOString()), undefined, 2) };
}

function bodyOf(vendor: Vendor, labels: Labels, now: string): object {
  const summary = 'A sample of Bunting';
  const tags = Object.entries(labels).map(([name, value]) => `${name}:${value}`);
  switch (vendor) {
    case 'alertmanager':
    case 'grafana':
      return {
        status: 'firing',
        alerts: [
          {
            status: 'firing',
            labels: { alertname: 'Sample', ...labels },
            annotations: { summary },
            startsAt: now,
            endsAt: '0001-01-01T00:00:00Z',
            fingerprint: 'sample',
          },
        ],
        version: vendor === 'grafana' ? '1' : '4',
      };
    case 'datadog':
      return {
        ...DATADOG_TEMPLATE,
        alert_id: '1',
        cycle: `sample-${now}`,
        aggreg: 'sample',
        transition: 'Triggered',
        type: 'error',
        event_id: `sample-${now}`,
        title: summary,
        tags: tags.join(','),
        date: String(Date.parse(now)),
        last_updated: String(Date.parse(now)),
      };
    case 'pagerduty': {
      const { service = 'sample', urgency = 'high', priority = 'P1' } = labels;
      const data = {
        id: 'SAMPLE',
        type: 'incident',
        status: 'triggered',
        created_at: now,
        title: summary,
        urgency,
        service: { id: labels.service_id ?? 'SAMPLE', summary: service },
        priority: { summary: priority },
      };
      return { event: { id: `sample-${now}`, event_type: 'incident.triggered', occurred_at: now, data } };
    }
    case 'sentry': {
      const { environment = 'production', release } = labels;
      const event = {
        event_id: 'sample',
        issue_id: '1',
        datetime: now,
        environment,
        ...(release === undefined ? {} : { release }),
        level: 'error',
        title: summary,
        tags: Object.entries(labels),
      };
      return { action: 'triggered', data: { event, triggered_rule: labels.rule ?? 'Sample' } };
    }
    case 'opsgenie': {
      const times = { createdAt: Date.parse(now), updatedAt: Date.parse(now) };
      return { action: 'Create', alert: { alertId: 'sample', message: summary, tags, alias: 'sample', ...times } };
    }
    case 'cloudwatch':
      return {
        Type: 'Notification',
        MessageId: `sample-${now}`,
        TopicArn: 'arn:aws:sns:us-east-1:000000000000:sample',
        Subject: summary,
        Message: JSON.stringify({
          AlarmName: labels.alarm ?? 'sample',
          NewStateValue: 'ALARM',
          StateChangeTime: now,
          Trigger: { Dimensions: Object.entries(labels).map(([name, value]) => ({ name, value })) },
        }),
        Timestamp: now,
        SignatureVersion: '2',
        Signature: '',
        SigningCertURL: '',
      };
    case 'generic':
      return { status: 'firing', fingerprint: 'sample', startsAt: now, labels, annotations: { summary } };
  }
}
