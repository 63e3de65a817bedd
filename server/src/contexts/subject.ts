import { createHmac } from 'node:crypto';
import type { Json } from '@bunting/core';

/** How a targeting key looks that was hidden before it left its process. */
const HIDDEN = /^sha256:([\w-]{43})$/;

/** What stands for a targeting key that must not be shown. The same key is hidden alike in a whole environment. */
export function hideKey(salt: string, targetingKey: string): string {
  return HIDDEN.test(targetingKey) ? targetingKey : `sha256:${hash(salt, targetingKey)}`;
}

/**
 * Names the subject of a context: by its targeting key, whether that is hidden or not; without one each context is a
 * subject of its own. Hashes are spread evenly and say nothing of what they are of, so they also decide who is kept.
 */
export function subjectOf(salt: string, context: { readonly [attribute: string]: Json }): string {
  const { targetingKey } = context;
  if (typeof targetingKey !== 'string') return hash(salt, `context ${JSON.stringify(context)}`);
  return HIDDEN.exec(targetingKey)?.[1] ?? hash(salt, targetingKey);
}

/** The salt of an environment, from the installation's secret. */
export function saltOf(secret: string, environmentId: string): string {
  return hash(secret, environmentId);
}

function hash(salt: string, text: string): string {
  return createHmac('sha256', salt).update(text).digest('base64url');
}
