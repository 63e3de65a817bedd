import type { Flag, FlagEnvironment } from '../api/types.ts';
import { variantColor } from './variant-color.ts';
import { percentOf, weightsOfServe } from './weights.ts';

/** A split as a tiny bar; the words beside it say the same. Nothing when one variant is served. */
export function SplitMeter({ flag, state }: { flag: Flag; state: FlagEnvironment }) {
  if (!state.enabled || 'variant' in state.defaultRule) return null;
  return (
    <span aria-hidden className="flex h-1.5 w-9 shrink-0 overflow-hidden rounded-full">
      {weightsOfServe(state.defaultRule, flag.variants, state.offVariant).map(({ variant, weightPer100k }) => (
        <span
          key={variant}
          style={{ width: `${percentOf(weightPer100k)}%`, background: variantColor(flag, variant) }}
        />
      ))}
    </span>
  );
}
