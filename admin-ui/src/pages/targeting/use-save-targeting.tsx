import { useMutation, useQueryClient } from '@tanstack/react-query';
import { asApiError, fieldErrors, isUnanswered } from '../../api/api-error.ts';
import { saveTargetingMutation } from '../../api/targeting.ts';
import type { Environment, Flag } from '../../api/types.ts';
import { ChangeReceipt } from '../../receipts/change-receipt.tsx';
import type { FormErrors } from '../../ui/form-errors.ts';
import { formatCount } from '../../ui/format.ts';
import { toastDone } from '../../ui/toast.tsx';
import { type Draft, editsOf } from './draft.ts';

/** How saving went: done; someone else was quicker; or refused, with the reasons by their places. */
export type SaveOutcome =
  | { readonly kind: 'saved' }
  | { readonly kind: 'behind' }
  | { readonly kind: 'refused'; readonly errors: FormErrors };

/** Saves a draft, and says how that went. */
export function useSaveTargeting(project: string, flag: Flag, environment: Environment) {
  const { mutateAsync, isPending } = useMutation(saveTargetingMutation(useQueryClient(), project));
  const save = async (draft: Draft): Promise<SaveOutcome> => {
    const edits = editsOf(draft);
    try {
      const place = { flag: flag.key, environment: environment.key };
      const { revision } = await mutateAsync({
        ...place,
        version: draft.version,
        edits,
        comment: draft.comment.trim(),
      });
      toastDone({
        title: `${flag.key} in ${environment.name}: ${formatCount(edits.length, 'change')} saved`,
        text: <ChangeReceipt project={project} environment={environment.key} revision={revision} />,
      });
      return { kind: 'saved' };
    } catch (thrown) {
      const error = asApiError(thrown);
      if (error.code === 'version_mismatch') return { kind: 'behind' };
      const errors = fieldErrors(error);
      const unsure = isUnanswered(error) ? 'It is not known whether it was saved. ' : '';
      return { kind: 'refused', errors: unsure ? { '': unsure + error.message } : errors };
    }
  };
  return { save, isPending };
}
