import { type Static, Type } from '@sinclair/typebox';
import type { Adapter, Delivery } from '../adapter.ts';
import { verifyBearer } from '../authentic.ts';
import { malformed, readJson, tagsToLabels, toLabels } from '../body.ts';
import type { AlertStatus } from '../episode.ts';

/** What the webhook in Datadog sends: its payload is whatever one writes there, so this is what to write. */
export const DATADOG_TEMPLATE = {
  source: 'datadog',
  alert_id: '$ALERT_ID',
  cycle: '$ALERT_CYCLE_KEY',
  aggreg: '$AGGREG_KEY',
  transition: '$ALERT_TRANSITION',
  type: '$ALERT_TYPE',
  event_id: '$ID',
  title: '$EVENT_TITLE',
  scope: '$ALERT_SCOPE',
  tags: '$TAGS',
  query: '$ALERT_QUERY',
  priority: '$ALERT_PRIORITY',
  link: '$LINK',
  date: '$DATE',
  last_updated: '$LAST_UPDATED',
  org_id: '$ORG_ID',
} as const;

const Said = Type.String();
const Body = Type.Object({
  alert_id: Said,
  cycle: Said,
  aggreg: Type.Optional(Said),
  transition: Said,
  type: Type.Optional(Said),
  event_id: Type.Optional(Said),
  title: Type.Optional(Said),
  scope: Type.Optional(Said),
  tags: Type.Optional(Said),
  priority: Type.Optional(Said),
  link: Type.Optional(Said),
  date: Type.Optional(Said),
  last_updated: Type.Optional(Said),
});

/** Datadog signs nothing: the webhook sends a header of one's own. */
export const datadog: Adapter = {
  verify: verifyBearer,
  read(message): Delivery {
    const { alert_id, cycle, transition, date, event_id, ...rest } = withoutUnset(readJson(message, Body));
    if (alert_id === undefined || cycle === undefined || transition === undefined) {
      throw malformed(
        'alert_id, cycle and transition are not filled in: write the template that this source shows into the webhook, and send from a monitor.',
      );
    }
    const { aggreg, title, scope, tags = '', priority, link, type } = rest;
    const occurredAtMs = readEpochMs(rest.last_updated ?? date, message.atMs);
    return {
      ...(event_id === undefined ? {} : { id: event_id }),
      findings: [
        {
          fingerprint: `${alert_id}:${aggreg ?? ''}`,
          status: statusOf(transition, type),
          // A cycle lasts from the trigger to the recovery, and its messages do not say when it began.
          cycle,
          startsAtMs: occurredAtMs,
          occurredAtMs,
          labels: {
            ...tagsToLabels(tags.split(',')),
            ...toLabels({ monitor: alert_id, scope, priority, transition, type }),
          },
          annotations: toLabels({ title }),
          ...(link === undefined ? {} : { link }),
        },
      ],
    };
  },
};

/** A warning, or no data, is no alert: who wants to act on them makes a monitor of its own. */
function statusOf(transition: string, type: string | undefined): AlertStatus {
  switch (transition.toLowerCase()) {
    case 'triggered':
    case 're-triggered':
      return 'firing';
    case 'renotify':
      return type === 'error' ? 'firing' : 'unknown';
    case 'recovered':
      return 'resolved';
    default:
      return 'unknown';
  }
}

/** Variables that Datadog has no value for come as they are written. */
function withoutUnset(body: Static<typeof Body>): Partial<Static<typeof Body>> {
  return Object.fromEntries(Object.entries(body).filter(([, text]) => text !== '' && !/^\$[A-Z_]+$/.test(text)));
}

/** @param text ms since 1970 */
function readEpochMs(text: string | undefined, otherwiseMs: number): number {
  return text !== undefined && /^\d{12,14}$/.test(text) ? Number(text) : otherwiseMs;
}
