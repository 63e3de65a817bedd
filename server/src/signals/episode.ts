import { createHash } from 'node:crypto';

export const VENDORS = [
  'alertmanager',
  'grafana',
  'datadog',
  'pagerduty',
  'sentry',
  'opsgenie',
  'cloudwatch',
  'generic',
] as const;
export type Vendor = (typeof VENDORS)[number];

/** `unknown`: the vendor says neither, such as "no data", an acknowledgement or a warning. It never acts, nor ends anything. */
export type AlertStatus = 'firing' | 'resolved' | 'unknown';

/** One alert of a message, in the same words whoever sent it. Times: ms since 1970, UTC. */
export interface SignalAlert {
  readonly sourceId: string;
  /** The source's key. */
  readonly source: string;
  readonly vendor: Vendor;
  /** What is the same whenever the same thing goes wrong. */
  readonly fingerprint: string;
  /** When it began to go wrong this time, as the vendor says. */
  readonly startsAtMs: number;
  /** Names this time, and is the same on every server: one acts once. See `episodeOf`. */
  readonly episode: string;
  readonly status: AlertStatus;
  /** When the vendor found what the message says. */
  readonly occurredAtMs: number;
  readonly receivedAtMs: number;
  /** Of the message: the same when it is delivered again. */
  readonly deliveryId: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly value?: number;
  readonly link?: string;
}

/** Names an episode by its source, its fingerprint and what the vendor tells this time from others by: 128 bits, hex. */
export function episodeOf(sourceId: string, fingerprint: string, time: string): string {
  return createHash('sha256')
    .update(JSON.stringify([sourceId, fingerprint, time]))
    .digest('hex')
    .slice(0, 32);
}
