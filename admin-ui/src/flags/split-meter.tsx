import type { Serve } from '@bunting/core';
import type { Flag, FlagEnvironment } from '../api/types.ts';
import { classNames } from '../ui/class-names.ts';
import { variantColor } from './variant-color.ts';
import { percentOf, weightsOfServe } from './weights.ts';

/** A split as a tiny bar; the words beside it say the same. Nothing when one variant is served. */
export function SplitMeter({ flag, state }: { flag: Flag; state: FlagEnvironment }) {
  if (!state.enabled) return null;
  return <ServeBar flag={flag} serve={state.defaultRule} offVariant={state.offVariant} className="w-9 shrink-0" />;
}

interface ServeBarProps {
  flag: Flag;
  serve: Serve;
  offVariant: string;
  className?: string;
}

/** What a split gives, as a bar cut into parts; its words stand beside it. Nothing when one variant is served. */
export function ServeBar({ flag, serve, offVariant, className }: ServeBarProps) {
  if ('variant' in serve) return null;
  return (
    <span aria-hidden className={classNames('flex h-1.5 overflow-hidden rounded-full', className)}>
      {weightsOfServe(serve, flag.variants, offVariant).map(({ variant, weightPer100k }) => (
        <span
          key={variant}
          style={{ width: `${percentOf(weightPer100k)}%`, background: variantColor(flag, variant) }}
        />
      ))}
    </span>
  );
}
