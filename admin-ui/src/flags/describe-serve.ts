import type { Serve } from '@bunting/core';
import { plural, t } from '@lingui/core/macro';
import type { Flag, FlagEnvironment } from '../api/types.ts';
import { formatPercent, type Weight, weightsOfServe } from './weights.ts';

/** A flag whose two variants are true and false: its split is one percentage, that of the true one. */
export function onOffVariants(flag: Pick<Flag, 'type' | 'variants'>): { on: string; off: string } | undefined {
  if (flag.type !== 'boolean' || flag.variants.length !== 2) return undefined;
  const on = flag.variants.find(({ value }) => value === true)?.name;
  const off = flag.variants.find(({ value }) => value === false)?.name;
  return on === undefined || off === undefined ? undefined : { on, off };
}

/** What a serve gives, in a few words: `on`, `25% on`, `50% a, 30% b, 20% c`. */
export function describeServe(serve: Serve, flag: Pick<Flag, 'type' | 'variants'>, offVariant: string): string {
  if ('variant' in serve) return serve.variant;
  return describeWeights(weightsOfServe(serve, flag.variants, offVariant), flag);
}

function describeWeights(weights: readonly Weight[], flag: Pick<Flag, 'type' | 'variants'>): string {
  const pair = onOffVariants(flag);
  const shown = pair
    ? weights.filter(({ variant }) => variant === pair.on)
    : weights.filter((weight) => weight.weightPer100k > 0);
  return shown.map(({ variant, weightPer100k }) => `${formatPercent(weightPer100k)} ${variant}`).join(', ');
}

/** What an environment serves now, all in all: the safe variant while it is killed, the off variant while it is off. */
export function describeEnvironment(flag: Flag, state: FlagEnvironment): string {
  if (state.killed) return t`${state.safeVariant ?? state.offVariant} (killed)`;
  if (!state.enabled) return state.offVariant;
  const rest = describeServe(state.defaultRule, flag, state.offVariant);
  const { length } = state.rules;
  return length === 0 ? rest : t`${plural(length, { one: '# rule', other: '# rules' })}, else ${rest}`;
}
