import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from '../http/api-error.ts';
import type { Message, Trust } from './adapter.ts';

/** What was signed longer ago, or further in the future, may be a replay, in milliseconds. */
const TOLERANCE_MS = 5 * 60_000;

export function unauthentic(message: string): ApiError {
  return new ApiError('unauthenticated', message);
}

/** A header that is there once. */
export function headerOf(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? undefined : value;
}

/**
 * For vendors that sign nothing: one of the secrets, as a bearer token or as the password of HTTP Basic.
 * @throws {ApiError} `unauthenticated`
 */
export function verifyBearer({ headers }: Message, { secrets }: Trust): void {
  const [scheme = '', credentials = ''] = (headers.authorization ?? '').split(' ', 2);
  const given =
    scheme.toLowerCase() === 'basic'
      ? Buffer.from(credentials, 'base64').toString('utf8').split(':').slice(1).join(':')
      : credentials;
  if (/^(bearer|basic)$/i.test(scheme) && secrets.some((secret) => isSame(secret, given))) return;
  throw unauthentic(
    "The header Authorization must be: Bearer <the source's secret>. Look at what the vendor is told to send.",
  );
}

/**
 * HMAC-SHA256 of bytes under any of the secrets.
 * @param signatures what was sent, any of which may fit
 */
export function isSigned(
  secrets: readonly (string | Buffer)[],
  bytes: readonly (string | Buffer)[],
  signatures: readonly string[],
  encoding: 'hex' | 'base64',
): boolean {
  return secrets.some((secret) => {
    const hmac = createHmac('sha256', secret);
    for (const part of bytes) hmac.update(part);
    const right = hmac.digest(encoding);
    return signatures.some((signature) => isSame(right, signature));
  });
}

/**
 * @param seconds since 1970, as text
 * @throws {ApiError} `unauthenticated` when it is not about now
 */
export function checkSignedTime(seconds: string, nowMs: number): void {
  const isNear = /^\d{1,12}$/.test(seconds) && Math.abs(Number(seconds) * 1000 - nowMs) <= TOLERANCE_MS;
  if (isNear) return;
  throw unauthentic(
    "The time of the signature is not within 5 minutes of this server's: it is a replay, or a clock is wrong.",
  );
}

/** Takes the same time however much is the same. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(digest(a), digest(b));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
