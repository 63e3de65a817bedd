import { rangesAt, type Serve, type Split, weighServe } from '@bunting/core';
import type { Flag } from '../../api/types.ts';
import { sameWeights, type Weight, weightsOfServe } from '../../flags/weights.ts';

/** A serve as someone edits it. */
export type ServeDraft =
  | { readonly kind: 'variant'; readonly variant: string }
  | { readonly kind: 'split'; readonly weights: readonly Weight[] };

type FlagShape = Pick<Flag, 'type' | 'variants'>;

/** @param nowMs milliseconds since 1970, UTC: a schedule has come so far */
export function draftOf(serve: Serve, flag: FlagShape, offVariant: string, nowMs: number): ServeDraft {
  if ('variant' in serve) return { kind: 'variant', variant: serve.variant };
  const { split } = serve;
  const now = { split: { ...split, ranges: rangesAt(split, nowMs) } };
  return { kind: 'split', weights: weightsOfServe(now, flag.variants, offVariant) };
}

/** The same answer in the other form: one variant becomes a split that gives it to all; a split its largest part. */
export function switchKind(draft: ServeDraft, kind: ServeDraft['kind'], flag: FlagShape): ServeDraft {
  if (draft.kind === kind) return draft;
  if (draft.kind === 'variant')
    return { kind: 'split', weights: weightsOfServe({ variant: draft.variant }, flag.variants, '') };
  const largest = draft.weights.reduce<Weight | undefined>(
    (best, weight) => (best && best.weightPer100k >= weight.weightPer100k ? best : weight),
    undefined,
  );
  return { kind: 'variant', variant: largest?.variant ?? flag.variants[0]?.name ?? '' };
}

/**
 * What the draft amounts to. What the split hashes stays; a schedule, which was of the old weights, ends.
 * @param serve what the draft was of
 * @param stored what is served now: the fewest subjects move from it; undefined: the rule is new
 * @param nowMs milliseconds since 1970, UTC
 */
export function serveOfDraft(draft: ServeDraft, serve: Serve, stored: Serve | undefined, nowMs: number): Serve {
  if (draft.kind === 'variant') return { variant: draft.variant };
  const weights = draft.weights.filter(({ weightPer100k }) => weightPer100k > 0);
  const { ranges: _, schedule: __, held: ___, ...hashed } = 'split' in serve ? serve.split : ({} as Partial<Split>);
  return weighServe({ split: { ...hashed, weights } }, stored, nowMs);
}

export function sameDraft(a: ServeDraft, b: ServeDraft): boolean {
  if (a.kind === 'variant' || b.kind === 'variant')
    return a.kind === b.kind && 'variant' in a && 'variant' in b && a.variant === b.variant;
  return sameWeights(a.weights, b.weights);
}
