import type { Static } from '@sinclair/typebox';
import { MAX_RESULTS } from './documents.ts';
import type { ScimQuery } from './schemas.ts';

/** What is asked for of a list. */
export interface Window {
  /** From 1. */
  readonly startIndex: number;
  readonly count: number;
}

/** Out of range counts as the nearest that is in it (RFC 7644, section 3.4.2.4). */
export function windowOf({ startIndex = 1, count = MAX_RESULTS }: Static<typeof ScimQuery>): Window {
  return { startIndex: Math.max(1, startIndex), count: Math.min(MAX_RESULTS, Math.max(0, count)) };
}
