import { t } from '@lingui/core/macro';
import type { ReleaseLint } from '../api/types.ts';
import { formatShare } from './describe-gate.ts';

/** What a release risks all in all: to be taken back for nothing, and to use up what is promised before harm is seen. Empty: unknown. */
export function describeRisk({
  stages,
  falseAbortRisk,
  budgetShare,
  objective,
}: Pick<ReleaseLint, 'stages' | 'falseAbortRisk' | 'budgetShare' | 'objective'>): string {
  if (falseAbortRisk === null) return '';
  const risk = t`The chance that it is taken back although it does no harm is ${formatShare(falseAbortRisk)} at most.`;
  if (stages.every((stage) => stage.budgetShare === null)) return risk;
  return t`${risk} Where it is known, harm may use up ${formatShare(budgetShare)} of the error budget of 30 days (of ${formatShare(objective)}) before it is seen.`;
}
