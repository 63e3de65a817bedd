import type { Serve } from '@bunting/core';
import type { Targeting } from './flag.ts';

/** Where an environment refers to a variant: JSON paths within the environment's targeting. */
export function findVariantUses(targeting: Targeting, variant: string): string[] {
  const uses: string[] = [];
  if (targeting.offVariant === variant) uses.push('offVariant');
  if (targeting.safeVariant === variant) uses.push('safeVariant');
  for (const [at, target] of targeting.targets.entries()) if (target.variant === variant) uses.push(`targets[${at}]`);
  if (serves(targeting.defaultRule, variant)) uses.push('defaultRule');
  for (const [at, rule] of targeting.rules.entries()) if (serves(rule.serve, variant)) uses.push(`rules[${at}].serve`);
  return uses;
}

function serves(serve: Serve, variant: string): boolean {
  if (!('split' in serve)) return serve.variant === variant;
  const { ranges, schedule = [], held, lease } = serve.split;
  if (lease?.variant === variant || lease?.fallback === variant) return true;
  const all = [{ ranges }, ...schedule, ...(held?.schedule ?? [])];
  return all.some((step) => step.ranges.some((range) => range.variant === variant));
}
