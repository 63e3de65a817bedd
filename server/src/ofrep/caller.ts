import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from '../http/api-error.ts';
import { incomplete } from '../keys/incomplete.ts';
import type { KeyRing, KnownKey } from '../keys/key-ring.ts';
import { requireOrigin } from '../keys/origins.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';

/** Whom a request is answered for. */
export interface OfrepCaller {
  readonly key: KnownKey;
  readonly ruleset: LiveRuleset;
}

/**
 * Who calls, by `Authorization: Bearer KEY` or `X-API-Key: KEY`: the two that OFREP providers are set up with.
 * @throws {ApiError} 401 without a valid key, 403 with one that evaluates nothing
 */
export function callerOf(headers: IncomingHttpHeaders, keys: KeyRing, rulesets: Rulesets): OfrepCaller {
  const secret = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? headers['x-api-key'];
  if (typeof secret !== 'string') {
    throw new ApiError('unauthenticated', 'Send an SDK key as "Authorization: Bearer bnt_srv_..." (or bnt_cli_...).');
  }
  const key = keys.find(secret);
  if (key === undefined && keys.mayLack(secret)) throw incomplete();
  if (key === undefined) throw new ApiError('unauthenticated', 'The SDK key is unknown, has expired or was revoked.');
  requireOrigin(key, headers.origin);
  return { key, ruleset: rulesetOf(key, rulesets) };
}

/** @throws {ApiError} 403 when the key is of a kind that reads no values; 503 while its environment is not known here */
export function rulesetOf(key: KnownKey, rulesets: Rulesets): LiveRuleset {
  const isSdkKey = key.kind === 'server' || key.kind === 'client';
  if (!isSdkKey || key.environmentId === null) {
    throw new ApiError('forbidden', `A key of kind ${key.kind} evaluates no flags. Use an SDK key of the environment.`);
  }
  const ruleset = rulesets.get(key.environmentId);
  if (ruleset === undefined) throw incomplete('environment');
  return ruleset;
}
