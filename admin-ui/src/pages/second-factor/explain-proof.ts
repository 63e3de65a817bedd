import { t } from '@lingui/core/macro';
import { asApiError, fieldErrors, isUnanswered } from '../../api/api-error.ts';
import type { FormErrors } from '../../ui/form-errors.ts';

/** What is wrong with a password and a code that someone signed in shows once more, each beside its field. */
export function explainProof(thrown: unknown): FormErrors {
  const error = asApiError(thrown);
  if (error.code === 'wrong_credentials') return { password: t`This is not your password.` };
  if (error.code === 'wrong_code') return { code: error.message };
  if (isUnanswered(error)) {
    return { '': t`${error.message} It may have been done all the same: reload the page to see.` };
  }
  return fieldErrors(error);
}
