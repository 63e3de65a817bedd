import type { EditServe, Flag, Serve } from '../../api/types.ts';
import { describeWeights } from '../../flags/describe-serve.ts';
import { formatPercent, movedPer100k, sameWeights, type Weight, weightsOfServe } from '../../flags/weights.ts';

/** A serve as someone edits it. */
export type ServeDraft =
  | { readonly kind: 'variant'; readonly variant: string }
  | { readonly kind: 'split'; readonly weights: readonly Weight[] };

type FlagShape = Pick<Flag, 'type' | 'variants'>;

export function draftOf(serve: Serve, flag: FlagShape, offVariant: string): ServeDraft {
  if ('variant' in serve) return { kind: 'variant', variant: serve.variant };
  return { kind: 'split', weights: weightsOfServe(serve, flag.variants, offVariant) };
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

/** What is sent: weights, from which the server makes ranges that move the fewest. What the split hashes stays. */
export function serveOfDraft(draft: ServeDraft, stored: Serve): EditServe {
  if (draft.kind === 'variant') return { variant: draft.variant };
  const weights = draft.weights.filter(({ weightPer100k }) => weightPer100k > 0).map((weight) => ({ ...weight }));
  if (!('split' in stored)) return { split: { weights } };
  const { ranges: _, ...hashed } = stored.split;
  return { split: { ...hashed, weights } };
}

export function sameDraft(a: ServeDraft, b: ServeDraft): boolean {
  if (a.kind === 'variant' || b.kind === 'variant')
    return a.kind === b.kind && 'variant' in a && 'variant' in b && a.variant === b.variant;
  return sameWeights(a.weights, b.weights);
}

/** Whom a change moves, before it is saved. */
export function describeImpact(before: ServeDraft, after: ServeDraft, flag: FlagShape): string {
  const moved = movedPer100k(weightsOfDraft(before, flag), weightsOfDraft(after, flag));
  if (moved === 0) return 'Nobody gets another variant.';
  return `Moves ${formatPercent(moved)} of subjects, the fewest possible.`;
}

export function describeDraft(draft: ServeDraft, flag: FlagShape): string {
  return draft.kind === 'variant' ? draft.variant : describeWeights(draft.weights, flag);
}

function weightsOfDraft(draft: ServeDraft, flag: FlagShape): readonly Weight[] {
  return draft.kind === 'split' ? draft.weights : weightsOfServe({ variant: draft.variant }, flag.variants, '');
}
