import type { Cause } from '../interventions/intervention.ts';
import type { SignalAlert } from '../signals/episode.ts';
import type { SignalSource } from '../signals/source.ts';
import type { KnownBinding } from './binding.ts';

/** Of the labels that an outcome keeps, in number and characters. */
const MAX_LABELS = 30;
const MAX_TEXT = 100;
const MAX_SUMMARY = 500;

/** What an alert is to those who act on it, and in the audit log. */
export function causeOf(binding: KnownBinding, source: SignalSource, alert: SignalAlert): Cause {
  const { fingerprint, episode, startsAtMs, receivedAtMs, deliveryId, value, link } = alert;
  const labels = Object.entries(alert.labels)
    .slice(0, MAX_LABELS)
    .map(([name, text]) => [name.slice(0, MAX_TEXT), text.slice(0, MAX_TEXT)]);
  return {
    kind: 'signal',
    id: binding.id,
    name: binding.terms.name,
    actor: { kind: 'signal', id: source.id, name: source.name },
    episode,
    summary: summaryOf(alert),
    // A source's clock may be ahead: nothing was found after it was heard of.
    detectedAtMs: Math.min(startsAtMs, receivedAtMs),
    receivedAtMs,
    evidence: { labels: Object.fromEntries(labels), value, fingerprint, deliveryId },
    ...(link === undefined ? {} : { link }),
  };
}

function summaryOf({ annotations, labels, source }: SignalAlert): string {
  const own = annotations.summary ?? annotations.description ?? annotations.title;
  const text = own === undefined || own.trim() === '' ? `${labels.alertname ?? 'An alert'} of ${source} fires` : own;
  return text.slice(0, MAX_SUMMARY);
}
