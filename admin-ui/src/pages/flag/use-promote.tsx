import type { TargetingEdit } from '@bunting/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { asApiError, isUnanswered } from '../../api/api-error.ts';
import { type PromotionPlace, promoteMutation } from '../../api/promotions.ts';
import { requestApproval } from '../../api/proposals.ts';
import type { Environment, Flag, PromotedFlag, PromotionPart } from '../../api/types.ts';
import { ChangeReceipt } from '../../receipts/change-receipt.tsx';
import { toastDone } from '../../ui/toast.tsx';

/** Promotes what was shown, or asks for approval where the environment wants it, and says how that went. */
export function usePromote(place: PromotionPlace, flag: Flag, to: Environment, onDone: () => void) {
  const { project } = place;
  const promoting = useMutation(promoteMutation(useQueryClient()));
  const asking = useMutation({
    mutationFn: ({ shown, comment }: { shown: PromotedFlag; comment: string }) =>
      requestApproval(project, {
        ...{ flag: flag.key, environment: to.key, edits: shown.edits as TargetingEdit[], comment },
        title: `${flag.key}: promote from ${place.from} to ${place.to}`,
      }),
  });
  const promote = (shown: PromotedFlag, parts: readonly PromotionPart[], comment: string) => {
    if (to.requiredApprovals > 0) {
      const onSuccess = ({ title }: { title: string }) => {
        toastDone({ title: 'Approval is asked for', text: title });
        onDone();
      };
      return asking.mutate({ shown, comment }, { onSuccess });
    }
    promoting.mutate(
      { ...place, parts, versions: shown.versions, comment },
      {
        onSuccess: ({ revision }) => {
          toastDone({
            title: `${flag.key} is promoted to ${to.name}`,
            text: <ChangeReceipt project={project} environment={to.key} revision={revision} />,
          });
          onDone();
        },
      },
    );
  };
  const failure = promoting.error ?? asking.error;
  const unsure = isUnanswered(failure) ? 'It is not known whether it was done. ' : '';
  return {
    promote,
    isPending: promoting.isPending || asking.isPending,
    error: failure ? unsure + asApiError(failure).message : undefined,
  };
}
