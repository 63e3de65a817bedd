import { createHmac } from 'node:crypto';
import { type EvaluationContext, toCanonicalJson } from '@bunting/core';
import { isSameSecret } from '../access/secrets.ts';
import { ApiError } from '../http/api-error.ts';
import type { KeyRing } from '../keys/key-ring.ts';

/** Whom a page says that it is. */
export interface PageClaim {
  readonly context?: EvaluationContext | undefined;
  /** HMAC-SHA256 of the context's canonical JSON, hex, by a secret of the environment. */
  readonly contextHash?: string | undefined;
}

/** @throws {ApiError} when a page's context is missing, too large, or must be proved and is not */
export function checkPageContext(
  environmentId: string,
  claim: PageClaim,
  { keys, maxContextBytes }: { readonly keys: KeyRing; readonly maxContextBytes: number },
): void {
  const { context } = claim;
  if (context === undefined) {
    throw new ApiError('validation_failed', 'A client key needs a context to evaluate for.', [
      { path: 'context', message: 'is required with a client key' },
    ]);
  }
  const bytes = Buffer.byteLength(JSON.stringify(context));
  if (bytes > maxContextBytes) {
    throw new ApiError('payload_too_large', `The context has ${bytes} bytes; at most ${maxContextBytes} are accepted.`);
  }
  checkProof(environmentId, claim, keys);
}

/** @throws {ApiError} when a page's context must be proved and is not */
export function checkProof(environmentId: string, { context, contextHash }: PageClaim, keys: KeyRing): void {
  const proof = keys.proofOf(environmentId);
  if (proof === undefined) return;
  if (contextHash === undefined) throw refused('carries no contextHash, which this environment requires');
  const text = toCanonicalJson(context);
  const isProved = proof.secrets.some((secret) => isSameSecret(contextHash, hashOf(secret, text)));
  if (!isProved) throw refused('is not what its contextHash was made of, or was signed with a secret that is retired');
}

function hashOf(secret: string, text: string): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}

function refused(why: string): ApiError {
  return new ApiError(
    'context_refused',
    `The context ${why}. Let your server sign the very context that the page sends: signContext(secret, context) of @bunting/node.`,
  );
}
