import { Type } from '@sinclair/typebox';
import type { Adapter, Delivery } from '../adapter.ts';
import { headerOf, isSigned, unauthentic } from '../authentic.ts';
import { checkShape, readJson, readTime, toLabels } from '../body.ts';
import type { AlertStatus } from '../episode.ts';

const Text = Type.String();
const Named = Type.Union([Type.Object({ id: Type.Optional(Text), summary: Type.Optional(Text) }), Type.Null()]);

const Body = Type.Object({
  event: Type.Object({
    id: Type.String({ minLength: 1, maxLength: 200 }),
    event_type: Text,
    occurred_at: Text,
    data: Type.Unknown(),
  }),
});

const Incident = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 200 }),
  status: Type.Optional(Text),
  incident_key: Type.Optional(Type.Union([Text, Type.Null()])),
  created_at: Text,
  title: Type.Optional(Text),
  html_url: Type.Optional(Text),
  urgency: Type.Optional(Text),
  service: Type.Optional(Named),
  priority: Type.Optional(Named),
});

const STATUS: Readonly<Record<string, AlertStatus>> = {
  'incident.triggered': 'firing',
  'incident.reopened': 'firing',
  'incident.resolved': 'resolved',
};

/** Version 3: HMAC-SHA256 of the body, hex, once for each secret that PagerDuty has during a rotation. */
export const pagerduty: Adapter = {
  verify({ headers, raw }, { secrets }) {
    const signatures = (headerOf(headers, 'x-pagerduty-signature') ?? '').split(',').flatMap((text) => {
      const [version, signature] = text.trim().split('=', 2);
      return version === 'v1' && signature !== undefined ? [signature] : [];
    });
    if (isSigned(secrets, [raw], signatures, 'hex')) return;
    throw unauthentic(
      'The signature does not fit: give this source the secret that PagerDuty showed when the webhook was made.',
    );
  },
  read(message): Delivery {
    const { event } = readJson(message, Body);
    const { id, event_type } = event;
    if (!event_type.startsWith('incident.')) return { id, findings: [], note: `${event_type} is no incident.` };
    const incident = checkShape(Incident, event.data, 'event/data');
    const status = STATUS[event_type] ?? 'unknown';
    // Events of an incident queue behind each other, so one may come hours late.
    const occurredAtMs = readTime(event.occurred_at, 'event/occurred_at');
    return {
      id,
      findings: [
        {
          fingerprint: incident.id,
          status,
          startsAtMs: startOf(event_type, readTime(incident.created_at, 'event/data/created_at'), occurredAtMs),
          occurredAtMs,
          labels: toLabels({
            event_type,
            service: incident.service?.summary,
            service_id: incident.service?.id,
            urgency: incident.urgency,
            priority: incident.priority?.summary,
            incident_key: incident.incident_key,
            title: incident.title,
          }),
          annotations: toLabels({ title: incident.title }),
          ...(incident.html_url ? { link: incident.html_url } : {}),
        },
      ],
    };
  },
};

/** An incident that is reopened goes wrong once more; which time it was that is resolved, the message does not say. */
function startOf(eventType: string, createdAtMs: number, occurredAtMs: number): number | undefined {
  if (eventType === 'incident.triggered') return createdAtMs;
  return eventType === 'incident.reopened' ? occurredAtMs : undefined;
}
