import { createHash } from 'node:crypto';
import type { Delivery, Finding, Message } from './adapter.ts';
import { episodeOf, type SignalAlert } from './episode.ts';
import type { SignalSource } from './source.ts';

/** An episode as it is remembered. */
export interface Episode {
  readonly episode: string;
  readonly startsAtMs: number;
}

/** What names a delivery: the vendor's id where it sends one that is proved, else what was sent. */
export function deliveryIdOf({ id }: Delivery, raw: Buffer): string {
  return id ?? createHash('sha256').update(raw).digest('hex');
}

/** @param begun the episode that the finding is of, where it does not say itself */
export function toAlert(
  source: SignalSource,
  finding: Finding,
  { atMs }: Pick<Message, 'atMs'>,
  deliveryId: string,
  begun?: Episode,
): SignalAlert {
  const { startsAtMs = begun?.startsAtMs ?? finding.occurredAtMs, cycle, ...rest } = finding;
  const time = cycle ?? (finding.startsAtMs === undefined ? 'unknown' : String(startsAtMs));
  const { fingerprint, status, occurredAtMs, labels, annotations, value, link } = rest;
  return {
    sourceId: source.id,
    source: source.key,
    vendor: source.vendor,
    fingerprint,
    startsAtMs,
    episode: begun?.episode ?? episodeOf(source.id, fingerprint, time),
    status,
    occurredAtMs,
    receivedAtMs: atMs,
    deliveryId,
    labels,
    annotations,
    ...(value === undefined ? {} : { value }),
    ...(isWebLink(link) ? { link } : {}),
  };
}

/** People click on it: what a browser would run instead of open is not kept. */
function isWebLink(link: string | undefined): link is string {
  const protocol = link === undefined ? undefined : URL.parse(link)?.protocol;
  return protocol === 'https:' || protocol === 'http:';
}
