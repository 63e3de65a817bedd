import { createHash, randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { toCanonicalJson } from '@bunting/core';

/** From where something was done. */
export interface Origin {
  /** IP address; of the proxy in front, unless `trustProxy` says whom to believe. */
  readonly address: string;
  /** What the program said of itself; untrusted, cut to 300 characters. */
  readonly userAgent?: string;
}

/** As it is stored: the salt keeps what was erased from being guessed by its digest. */
export interface SaltedOrigin extends Origin {
  readonly salt: string;
}

export function saltOrigin(origin: Origin): SaltedOrigin {
  return { ...origin, salt: randomBytes(16).toString('base64url') };
}

/** What an event's hash covers in place of the origin, so that the origin can be erased and the chain still verified. */
export function digestOrigin(origin: SaltedOrigin): string {
  return createHash('sha256').update(toCanonicalJson(origin)).digest('hex');
}

const MAX_USER_AGENT = 300;

export function originOf({ ip, headers }: { readonly ip: string; readonly headers: IncomingHttpHeaders }): Origin {
  const userAgent = headers['user-agent']?.slice(0, MAX_USER_AGENT);
  return { address: ip, ...(userAgent === undefined ? {} : { userAgent }) };
}
