import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from '../http/api-error.ts';
import { incomplete } from '../keys/incomplete.ts';
import type { KeyKind, KeyRing, KnownKey } from '../keys/key-ring.ts';
import { requireOrigin } from '../keys/origins.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';

/** Whom a request is answered for. */
export interface Caller {
  readonly key: KnownKey;
  readonly ruleset: LiveRuleset;
}

/**
 * Who calls, by `Authorization: Bearer KEY`.
 * @throws {ApiError} 401 without a valid key, 403 with one of another kind
 */
export function callerOf(headers: IncomingHttpHeaders, kind: KeyKind, keys: KeyRing, rulesets: Rulesets): Caller {
  const prefix = kind === 'client' ? 'bnt_cli_' : 'bnt_srv_';
  const challenge = { 'www-authenticate': 'Bearer' };
  const secret = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  if (secret === undefined) {
    const message = `Send a ${kind} key as "Authorization: Bearer ${prefix}...".`;
    throw new ApiError('unauthenticated', message, undefined, challenge);
  }
  const key = keys.find(secret);
  if (key === undefined && keys.mayLack(secret)) throw incomplete();
  if (key === undefined) {
    const message = 'The SDK key is unknown, has expired or was revoked. Use a valid key of this server.';
    throw new ApiError('unauthenticated', message, undefined, challenge);
  }
  if (key.kind !== kind || key.environmentId === null) {
    throw new ApiError('key_refused', `This takes no ${key.kind} key. Use a ${kind} key (${prefix}...).`);
  }
  const ruleset = rulesets.get(key.environmentId);
  if (ruleset === undefined) throw incomplete('environment');
  requireOrigin(key, headers.origin);
  return { key, ruleset };
}
