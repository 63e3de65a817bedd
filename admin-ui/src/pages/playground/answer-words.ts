import { t } from '@lingui/core/macro';
import type { PastEvaluation } from '../../api/types.ts';

type Answer = Pick<PastEvaluation['answers'][number], 'value' | 'variant' | 'errorCode'>;

/** What a flag answered, in a few words: its variant, with the value where that is not the same; or its error. */
export function answerWords({ value, variant, errorCode }: Answer): string {
  if (errorCode !== undefined) return errorCode;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (variant === undefined) return text ?? t`the default of the code`;
  return text === variant || typeof value === 'boolean' ? variant : `${variant}: ${text}`;
}

/** Whether code would have got the same. */
export function isSame(a: Answer | undefined, b: Answer | undefined): boolean {
  if (!a || !b) return a === b;
  return a.variant === b.variant && a.errorCode === b.errorCode && JSON.stringify(a.value) === JSON.stringify(b.value);
}
