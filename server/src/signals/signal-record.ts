import type { IncomingHttpHeaders } from 'node:http';
import { toTimestamp } from '../http/key-schema.ts';
import { newId } from '../store/new-id.ts';
import type { SignalEpisodeRow, SignalRow } from '../store/tables/signals.ts';
import type { Message } from './adapter.ts';
import type { BindingOutcome } from './binding-outcome.ts';
import type { SignalAlert } from './episode.ts';

/** What is kept of a signal, and when things went wrong by it. JSON. */
export interface SignalRecord {
  readonly row: SignalRow;
  readonly episodes: readonly SignalEpisodeRow[];
}

/** More of a body is not kept, in bytes. */
const MAX_KEPT_BYTES = 256 * 1024;

/** Of a message with more alerts, those that matched come first, and the rest is left out. */
export const MAX_KEPT_ALERTS = 100;

/** What helps to see what came. Never those that prove it, or say who may. */
const KEPT_HEADERS = [
  'content-type',
  'content-encoding',
  'user-agent',
  'webhook-id',
  'webhook-timestamp',
  'x-webhook-id',
  'x-grafana-alerting-timestamp',
  'request-id',
  'sentry-hook-resource',
  'sentry-hook-timestamp',
  'x-amz-sns-message-type',
];

/** An alert and what bindings made of it; undefined: that is not known yet. */
export interface Judged {
  readonly alert: SignalAlert;
  readonly outcomes: readonly BindingOutcome[] | undefined;
}

interface Kept {
  readonly sourceId: string;
  readonly deliveryId: string;
  readonly message: Message;
  readonly state: 'matched' | 'unmatched' | 'malformed';
  readonly note?: string | undefined;
  readonly judged: readonly Judged[];
}

export function toRecord({ sourceId, deliveryId, message, state, note, judged }: Kept): SignalRecord {
  const { raw, headers, atMs } = message;
  return {
    row: {
      id: newId(atMs),
      source_id: sourceId,
      delivery_id: deliveryId.slice(0, 300),
      received_at: atMs,
      deliveries: 1,
      last_at: atMs,
      state,
      headers: JSON.stringify(keptHeaders(headers)),
      body: raw.subarray(0, MAX_KEPT_BYTES).toString('base64'),
      body_bytes: raw.length,
      note: note ?? null,
      alerts: alertsOf(judged),
    },
    episodes: episodesOf(judged),
  };
}

/** The same with what came of all of its alerts. */
export function withOutcome({ row }: SignalRecord, judged: readonly Judged[]): SignalRecord {
  const state = judged.some(isMatched) ? 'matched' : 'unmatched';
  return { row: { ...row, state, alerts: alertsOf(judged) }, episodes: episodesOf(judged) };
}

/** As JSON: how many there are, and those that are kept. */
function alertsOf(judged: readonly Judged[]): string {
  const matched = judged.filter(isMatched);
  const shown = [...matched, ...judged.filter((one) => !isMatched(one))].slice(0, MAX_KEPT_ALERTS);
  return JSON.stringify({ total: judged.length, shown: shown.map(describe) });
}

export function isMatched({ outcomes }: Judged): boolean {
  return outcomes?.some(({ matched }) => matched) ?? false;
}

function describe({ alert, outcomes }: Judged) {
  // Those that did not match are told when one asks.
  const matches = outcomes?.filter(({ matched }) => matched).map(describeMatch) ?? null;
  return { ...describeAlert(alert), matches };
}

/** As the API shows it. */
export function describeAlert(alert: SignalAlert) {
  const { fingerprint, episode, status, startsAtMs, labels, annotations, value, link } = alert;
  return {
    ...{ fingerprint, episode, status, startsAt: toTimestamp(startsAtMs), labels, annotations },
    ...(value === undefined ? {} : { value }),
    ...(link === undefined ? {} : { link }),
  };
}

function describeMatch({ binding, project, outcomes, note }: BindingOutcome) {
  return {
    ...{ binding, project, note },
    outcomes: outcomes.map(({ id, action, target, result, reason }) => ({ id, action, target, result, reason })),
  };
}

/** Of what matched nothing the end matters to nobody. */
function episodesOf(judged: readonly Judged[]): SignalEpisodeRow[] {
  return judged
    .filter((one) => one.alert.status === 'firing' && isMatched(one))
    .map(({ alert }) => toEpisodeRow(alert));
}

function toEpisodeRow({ sourceId, episode, fingerprint, startsAtMs, receivedAtMs }: SignalAlert): SignalEpisodeRow {
  return { source_id: sourceId, episode, fingerprint, starts_at: startsAtMs, last_at: receivedAtMs };
}

function keptHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => {
      const value = headers[name];
      return typeof value === 'string' ? [[name, value.slice(0, 300)]] : [];
    }),
  );
}
