import { randomBytes } from 'node:crypto';

/** Names whoever counts an environment's revisions: never the same twice. */
export function newIncarnation(): string {
  return randomBytes(9).toString('base64url');
}
