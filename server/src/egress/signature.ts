import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';

/** A secret as receivers' libraries take it: 32 random bytes. */
export function newWebhookSecret(): string {
  return PREFIX + randomBytes(32).toString('base64');
}

/**
 * The headers that show who sent a body, by the Standard Webhooks scheme: HMAC-SHA256 over id, time and body, once for each
 * secret that is valid. (https://github.com/standard-webhooks/standard-webhooks, spec 1.0)
 * @param secrets none: the body is not signed
 * @param id the same for every attempt to deliver a message
 * @param atMs when the attempt is made, milliseconds since 1970, UTC
 */
export function signatureHeaders(secrets: readonly string[], id: string, atMs: number, body: string) {
  const timestamp = String(Math.floor(atMs / 1000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
  });
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    ...(signatures.length > 0 && { 'webhook-signature': signatures.join(' ') }),
  };
}
