import type { IncomingHttpHeaders } from 'node:http';
import type { Revision } from '@bunting/core';
import { HttpError } from './http-client.ts';
import type { Stamp } from './transport.ts';

/** A revision as `have` takes it in a URL; undefined for none. */
export function wordOf(have: Revision | null): string | undefined {
  return have === null ? undefined : `${have.incarnation}.${have.number}.${have.hash}`;
}

/** An ETag's text is what `have` takes, too. Proxies that pack answers weaken the ETag. */
export function wordOfEtag(etag: string | undefined): string | undefined {
  return /"([^"]+)"/.exec(etag ?? '')?.[1]?.replace(/\+gzip$/, '');
}

/**
 * The origin's clock and the age of the data, as an answer's headers tell them.
 * @throws {HttpError} when they do not: a proxy has answered for the server
 */
export function stampOf(headers: IncomingHttpHeaders): Stamp {
  const timeMs = numberOf(headers['stream-time-ms']);
  const vouchAgeMs = numberOf(headers['stream-vouch-age-ms']);
  if (timeMs !== undefined) {
    const dataAgeMs = numberOf(headers['stream-data-age-ms']) ?? 0;
    return { timeMs, dataAgeMs, ...(vouchAgeMs === undefined ? {} : { vouchAgeMs }) };
  }
  throw new HttpError({ closeCode: 0, fault: 'denied', detail: 'an answer that is not of a Bunting server' });
}

function numberOf(header: string | string[] | undefined): number | undefined {
  const number = typeof header === 'string' && header !== '' ? Number(header) : Number.NaN;
  return Number.isFinite(number) ? number : undefined;
}
