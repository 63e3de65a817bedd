import type { Flag } from '../api/types.ts';
import { onOffVariants } from './describe-serve.ts';

const seriesLength = 6;

/** The colour of a variant wherever the flag is shown: on is live, off is quiet, others by their order. */
export function variantColor(flag: Pick<Flag, 'type' | 'variants'>, variant: string): string {
  const pair = onOffVariants(flag);
  if (pair) return variant === pair.on ? 'var(--color-live)' : 'var(--color-series-rest)';
  const at = flag.variants.findIndex(({ name }) => name === variant);
  return at < 0 || at >= seriesLength ? 'var(--color-series-rest)' : `var(--color-series-${at + 1})`;
}

/** The same of a line: as a bar, off is quiet; a line that quiet could not be seen. */
export function lineColor(flag: Pick<Flag, 'type' | 'variants'>, variant: string): string {
  const color = variantColor(flag, variant);
  return color === 'var(--color-series-rest)' ? 'var(--color-ink-3)' : color;
}
