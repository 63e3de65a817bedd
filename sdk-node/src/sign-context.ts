import { createHmac } from 'node:crypto';
import { type EvaluationContext, toCanonicalJson } from '@bunting/core';

/**
 * Proves a context of a page, so that nobody can be answered as someone else by changing it: HMAC-SHA256, hex, of the
 * context's canonical JSON (RFC 8785). Give it to the page as `contextHash`, together with exactly this context.
 *
 * ```ts
 * const context = { targetingKey: user.id, plan: user.plan };
 * const page = { context, contextHash: signContext(process.env.BUNTING_CONTEXT_SECRET, context) };
 * ```
 *
 * @param secret of the environment (`bnt_ctx_...`); only servers may know it
 * @returns empty, which proves nothing, when there is no secret or the context cannot be written as JSON
 */
export function signContext(secret: string | undefined, context: EvaluationContext): string {
  try {
    if (typeof secret !== 'string' || secret === '') return '';
    // As it will arrive: what JSON cannot say is not part of it.
    const travelled: unknown = JSON.parse(JSON.stringify(context));
    return createHmac('sha256', secret).update(toCanonicalJson(travelled)).digest('hex');
  } catch {
    return '';
  }
}
