import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * What opens the event stream: browsers can send no header with an EventSource, and a secret has no place in a URL. A
 * ticket is made from the key's hash, so every server that knows the key knows its tickets, and it ends with the key. All
 * that it lets anyone learn is that something changed.
 */
export function ticketFor(keyId: string, keyHash: string): string {
  return `${keyId}.${createHmac('sha256', keyHash).update(`ofrep events ${keyId}`).digest('base64url')}`;
}

/** The id of the key that a ticket claims to be for; undefined when it is no ticket. */
export function keyIdOf(ticket: string): string | undefined {
  const [keyId, proof, ...rest] = ticket.split('.');
  return keyId === undefined || keyId === '' || proof === undefined || rest.length > 0 ? undefined : keyId;
}

export function isTicketOf(ticket: string, keyId: string, keyHash: string): boolean {
  const given = Buffer.from(ticket);
  const right = Buffer.from(ticketFor(keyId, keyHash));
  return given.length === right.length && timingSafeEqual(given, right);
}
