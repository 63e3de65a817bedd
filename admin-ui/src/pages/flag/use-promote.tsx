import type { TargetingEdit } from '@bunting/core';
import { t } from '@lingui/core/macro';
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query';
import { isUnanswered, sayFailure } from '../../api/api-error.ts';
import { flagQuery } from '../../api/flags.ts';
import { type PromotionPlace, promoteMutation } from '../../api/promotions.ts';
import { requestApproval } from '../../api/proposals.ts';
import type { Environment, Flag, PromotedFlag, PromotionPart } from '../../api/types.ts';
import { ChangeReceipt } from '../../receipts/change-receipt.tsx';
import { toastDone } from '../../ui/toast.tsx';
import { targetingOf } from '../targeting/draft.ts';
import { undoSave } from '../targeting/undo-save.ts';

/** Promotes what was shown, or asks for approval where the environment wants it, and says how that went. */
export function usePromote(place: PromotionPlace, flag: Flag, to: Environment, onDone: () => void) {
  const { project } = place;
  const client = useQueryClient();
  const promoting = useMutation(promoteMutation(client));
  const asking = useMutation({
    mutationFn: ({ shown, comment }: { shown: PromotedFlag; comment: string }) =>
      requestApproval(project, {
        ...{ flag: flag.key, environment: to.key, edits: shown.edits as TargetingEdit[], comment },
        title: t`${flag.key}: promote from ${place.from} to ${place.to}`,
      }),
  });
  const promote = (shown: PromotedFlag, parts: readonly PromotionPart[], comment: string) => {
    if (to.requiredApprovals > 0) {
      const onSuccess = ({ title }: { title: string }) => {
        toastDone({ title: t`Approval is asked for`, text: title });
        onDone();
      };
      return asking.mutate({ shown, comment }, { onSuccess });
    }
    promoting.mutate(
      { ...place, parts, versions: shown.versions, comment },
      {
        onSuccess: async ({ revision }) => {
          const done = t`${flag.key} is promoted to ${to.name}`;
          onDone();
          toastDone({
            title: done,
            text: <ChangeReceipt project={project} environment={to.key} revision={revision} />,
            undo: await undoPromotion(client, project, { flag, environment: to.key, shown, done }),
          });
        },
      },
    );
  };
  const failure = promoting.error ?? asking.error;
  const unsure = isUnanswered(failure) ? `${t`It is not known whether it was done.`} ` : '';
  return {
    promote,
    isPending: promoting.isPending || asking.isPending,
    error: failure ? unsure + sayFailure(failure) : undefined,
  };
}

interface Promoted {
  /** As it was shown before. */
  readonly flag: Flag;
  /** The key of where it was promoted to. */
  readonly environment: string;
  readonly shown: PromotedFlag;
  readonly done: string;
}

/** What takes a promotion back; undefined where someone else has changed the flag before it is seen what was left, or it is not seen. */
async function undoPromotion(
  client: QueryClient,
  project: string,
  { flag, environment, shown, done }: Promoted,
): Promise<(() => void) | undefined> {
  const before = flag.environments[environment];
  if (before?.version !== shown.versions.to) return undefined;
  const saved = await client.fetchQuery({ ...flagQuery(project, flag.key), staleTime: 0 }).catch(() => undefined);
  if (saved?.environments[environment]?.version !== before.version + 1) return undefined;
  return undoSave(client, { project, flag: flag.key, environment, before: targetingOf(before), saved, done });
}
