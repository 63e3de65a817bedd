import type { HelloMessage } from '@bunting/core';
import { ApiError } from '../http/api-error.ts';
import { incomplete } from '../keys/incomplete.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { requireOrigin } from '../keys/origins.ts';
import type { Rulesets } from '../rulesets/rulesets.ts';
import type { Peer } from './connection.ts';
import { checkPageContext } from './page-context.ts';

export interface IdentifyOptions {
  readonly keys: KeyRing;
  readonly rulesets: Rulesets;
  /** The site whose page says hello, if one does. */
  readonly origin: string | undefined;
  readonly maxContextBytes: number;
}

/**
 * Who says hello, and what they are to be served.
 * @throws {ApiError} when the key opens no stream, or the context does not fit it
 */
export function identify(hello: HelloMessage, { keys, rulesets, origin, maxContextBytes }: IdentifyOptions): Peer {
  const key = keys.find(hello.key);
  if (key === undefined && keys.mayLack(hello.key)) throw incomplete();
  if (key === undefined) {
    throw new ApiError(
      'key_refused',
      'The SDK key is unknown, has expired or was revoked. Use a valid key of this server.',
    );
  }
  if (key.environmentId === null) {
    throw new ApiError('key_refused', 'An admin key does not open the stream. Use an SDK key (bnt_srv_ or bnt_cli_).');
  }
  const ruleset = rulesets.get(key.environmentId);
  if (ruleset === undefined) throw incomplete('environment');
  requireOrigin(key, origin);
  if (key.kind === 'client') checkPageContext(ruleset.environmentId, hello, { keys, maxContextBytes });
  const canUnpack = hello.accept?.includes('gzip') ?? false;
  const source = key.kind === 'server' ? { instance: hello.instance.id, version: hello.deploy?.version } : undefined;
  return { key, ruleset, canUnpack, source, context: key.kind === 'client' ? hello.context : undefined };
}
