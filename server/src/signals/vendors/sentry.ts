import { type Static, Type } from '@sinclair/typebox';
import type { Adapter, Delivery, Finding } from '../adapter.ts';
import { headerOf, isSigned, unauthentic } from '../authentic.ts';
import { malformed, readJson, readTime, toLabels } from '../body.ts';

const Text = Type.String();
const Id = Type.Union([Type.String({ minLength: 1, maxLength: 200 }), Type.Integer()]);
const Maybe = Type.Optional(Type.Union([Text, Type.Null()]));
const Pair = Type.Tuple([Type.Union([Text, Type.Null()]), Type.Union([Text, Type.Null()])]);

const Any = Type.Object({ action: Text });

const EventAlert = Type.Object({
  action: Text,
  data: Type.Object({
    event: Type.Object({
      event_id: Text,
      issue_id: Id,
      datetime: Maybe,
      timestamp: Type.Optional(Type.Union([Type.Number({ minimum: 0, maximum: 1e11 }), Type.Null()])),
      release: Maybe,
      level: Maybe,
      environment: Maybe,
      title: Maybe,
      web_url: Maybe,
      project: Type.Optional(Type.Union([Text, Type.Number()])),
      tags: Type.Optional(Type.Union([Type.Array(Pair), Type.Null()])),
    }),
    triggered_rule: Maybe,
  }),
});

const MetricAlert = Type.Object({
  action: Text,
  data: Type.Object({
    metric_alert: Type.Object({
      id: Id,
      identifier: Type.Optional(Id),
      date_started: Text,
      date_detected: Maybe,
      date_closed: Maybe,
      projects: Type.Optional(Type.Array(Text)),
      alert_rule: Type.Optional(Type.Object({ id: Type.Optional(Id), name: Maybe })),
    }),
    description_title: Maybe,
    description_text: Maybe,
    web_url: Maybe,
  }),
});

const IssueChange = Type.Object({
  action: Text,
  data: Type.Object({ issue: Type.Object({ id: Id, title: Maybe, web_url: Maybe }) }),
});

/**
 * HMAC-SHA256 of the body under the client secret of the integration, hex. The headers are not signed: neither
 * the time nor the request's id in them proves anything.
 */
export const sentry: Adapter = {
  verify({ headers, raw }, { secrets }) {
    if (isSigned(secrets, [raw], [headerOf(headers, 'sentry-hook-signature') ?? ''], 'hex')) return;
    throw unauthentic("The signature does not fit: give this source the client secret of Sentry's integration.");
  },
  read(message): Delivery {
    const resource = headerOf(message.headers, 'sentry-hook-resource');
    switch (resource) {
      case 'event_alert':
        return { findings: [eventAlert(readJson(message, EventAlert))] };
      case 'metric_alert':
        return { findings: [metricAlert(readJson(message, MetricAlert), message.atMs)] };
      case 'issue': {
        const { action } = readJson(message, Any);
        if (action !== 'resolved') return { findings: [], note: `An issue was ${action}, which is no alert.` };
        return { findings: [issueResolved(readJson(message, IssueChange), message.atMs)] };
      }
      case undefined:
        throw malformed('The header Sentry-Hook-Resource is missing: send from an integration of Sentry.');
      default:
        return { findings: [], note: `${resource.slice(0, 50)} is no alert.` };
    }
  },
};

/** Each time that a rule triggers is an episode: Sentry says nothing of when it would end, or had begun. */
function eventAlert({ data: { event, triggered_rule } }: Static<typeof EventAlert>): Finding {
  const { datetime, timestamp, release, level, environment, title, web_url, project, tags } = event;
  if (!datetime && !timestamp) throw malformed('data/event has neither datetime nor timestamp.');
  const atMs = datetime ? readTime(datetime, 'data/event/datetime') : Math.round((timestamp ?? 0) * 1000);
  const tagged = Object.fromEntries((tags ?? []).map(([name, value]) => [name ?? '', value ?? '']));
  return {
    fingerprint: `issue:${event.issue_id}`,
    status: 'firing',
    startsAtMs: atMs,
    occurredAtMs: atMs,
    labels: toLabels({
      ...tagged,
      ...toLabels({ release, level, environment, rule: triggered_rule, issue: event.issue_id, project }),
    }),
    annotations: toLabels({ title }),
    ...(web_url ? { link: web_url } : {}),
  };
}

/** A warning is no alert: who wants to act on it makes it the rule's critical threshold. */
function metricAlert({ action, data }: Static<typeof MetricAlert>, atMs: number): Finding {
  const { id, date_started, date_detected, date_closed, projects = [], alert_rule } = data.metric_alert;
  const status = action === 'critical' ? 'firing' : action === 'resolved' ? 'resolved' : 'unknown';
  const startsAtMs = readTime(date_started, 'data/metric_alert/date_started');
  const saidAt = status === 'firing' ? date_detected : date_closed;
  return {
    fingerprint: `metric:${id}`,
    status,
    startsAtMs,
    occurredAtMs: saidAt ? readTime(saidAt, 'data/metric_alert') : atMs,
    labels: toLabels({ rule: alert_rule?.name, rule_id: alert_rule?.id, project: projects[0], severity: action }),
    annotations: toLabels({ title: data.description_title, description: data.description_text }),
    ...(data.web_url ? { link: data.web_url } : {}),
  };
}

function issueResolved({ data: { issue } }: Static<typeof IssueChange>, atMs: number): Finding {
  return {
    fingerprint: `issue:${issue.id}`,
    status: 'resolved',
    startsAtMs: undefined,
    occurredAtMs: atMs,
    labels: toLabels({ issue: issue.id }),
    annotations: toLabels({ title: issue.title }),
    ...(issue.web_url ? { link: issue.web_url } : {}),
  };
}
