import { type Static, Type } from '@sinclair/typebox';
import type { Adapter, Delivery, Finding } from '../adapter.ts';
import { verifyBearer } from '../authentic.ts';
import { readJson, readTime } from '../body.ts';

const Texts = Type.Record(Type.String(), Type.String());

/** One alert, as Prometheus's Alertmanager (version 4 of its message) and Grafana write it. */
export const AlertSchema = Type.Object({
  status: Type.Union([Type.Literal('firing'), Type.Literal('resolved')]),
  labels: Texts,
  annotations: Type.Optional(Texts),
  startsAt: Type.String(),
  endsAt: Type.Optional(Type.String()),
  generatorURL: Type.Optional(Type.String()),
  fingerprint: Type.String({ minLength: 1, maxLength: 200 }),
});

const Body = Type.Object({
  alerts: Type.Array(AlertSchema),
  truncatedAlerts: Type.Optional(Type.Integer()),
});

/** Alertmanager signs nothing: its receiver sends a bearer token. The group's status says nothing of a single alert. */
export const alertmanager: Adapter = {
  verify: verifyBearer,
  read(message): Delivery {
    const { alerts, truncatedAlerts = 0 } = readJson(message, Body);
    return {
      findings: alerts.map((alert) => toFinding(alert, message.atMs)),
      ...(truncatedAlerts > 0 && {
        note: `${truncatedAlerts} alerts were left out by the sender: raise max_alerts of the receiver.`,
      }),
    };
  },
};

export function toFinding(alert: Static<typeof AlertSchema>, atMs: number): Finding {
  const { status, labels, annotations = {}, startsAt, endsAt, generatorURL, fingerprint } = alert;
  const startsAtMs = readTime(startsAt, 'startsAt');
  return {
    fingerprint,
    status,
    startsAtMs,
    occurredAtMs: status === 'firing' ? startsAtMs : endsAt === undefined ? atMs : readTime(endsAt, 'endsAt'),
    labels,
    annotations,
    ...(generatorURL ? { link: generatorURL } : {}),
  };
}
