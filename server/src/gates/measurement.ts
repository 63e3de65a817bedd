import type { Json } from '@bunting/core';

/** The stretch of time that something is about: milliseconds since 1970, UTC. Of what is looked at in a moment both are it. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * What one look at the world came to, as it is stored and judged. no_data: it was asked, and has none. error: it could not
 * be asked. gap: nobody looked for that long.
 */
export type Measurement =
  | (Span & { readonly kind: 'data'; readonly data: Json })
  | (Span & { readonly kind: 'no_data' | 'error' | 'gap'; readonly reason: string });
