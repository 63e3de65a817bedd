import type { TargetingEdit } from '@bunting/core';
import { t } from '@lingui/core/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { isUnanswered, sayFailure } from '../api/api-error.ts';
import { refreshFlags, updateCachedFlag } from '../api/flag-cache.ts';
import { setBackFlag } from '../api/history.ts';
import { requestApproval } from '../api/proposals.ts';
import { environmentChangeKey } from '../api/toggle.ts';
import type { Environment, Flag } from '../api/types.ts';
import { isProtected } from '../environments/protection.tsx';
import { targetingOf } from '../pages/targeting/draft.ts';
import { undoSave } from '../pages/targeting/undo-save.ts';
import { ChangeReceipt } from '../receipts/change-receipt.tsx';
import { toastDone } from '../ui/toast.tsx';

/** What was shown before it is done. */
interface Shown {
  readonly flag: Flag;
  readonly revision: number;
  /** What it would change. */
  readonly edits: readonly TargetingEdit[];
  readonly comment: string;
}

/** Sets a flag back to what a revision served, or asks for approval where the environment wants it, and says how that went. */
export function useSetBack(project: string, environment: Environment, onDone: () => void) {
  const client = useQueryClient();
  const act = async ({ flag, revision, edits, comment }: Shown) => {
    const place = { flag: flag.key, environment: environment.key };
    if (isProtected(environment)) {
      const text = t`${flag.key}: set back to revision ${revision}`;
      await requestApproval(project, { ...place, edits, title: text, comment });
      return { title: t`Approval is asked for`, text };
    }
    const before = flag.environments[environment.key];
    if (before === undefined) throw new Error(`${flag.key} is not in ${environment.key}`);
    const answer = await setBackFlag(project, { ...place, revision, version: before.version, comment });
    const saved = answer.flag;
    updateCachedFlag(client, project, flag.key, () => saved);
    const done = t`${flag.key} in ${environment.name} is as at revision ${revision}`;
    return {
      title: done,
      text: <ChangeReceipt project={project} environment={environment.key} revision={answer.revision} />,
      undo: undoSave(client, { ...place, project, before: targetingOf(before), saved, done }),
    };
  };
  const running = useMutation({
    mutationKey: environmentChangeKey,
    mutationFn: ({ shown }: { flag: string; environment: string; shown: Shown }) => act(shown),
    onSuccess: (said) => {
      toastDone(said);
      onDone();
    },
    onSettled: () => {
      void refreshFlags(client, project);
      void client.invalidateQueries({ queryKey: ['history', project] });
      void client.invalidateQueries({ queryKey: ['change-requests', project] });
    },
  });
  const unsure = isUnanswered(running.error) ? t`It is not known whether it was done. ` : '';
  return {
    run: (shown: Shown) => running.mutate({ flag: shown.flag.key, environment: environment.key, shown }),
    isPending: running.isPending,
    error: running.error ? unsure + sayFailure(running.error) : undefined,
  };
}
