import type { Json } from '@bunting/core';
import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { asApiError, fieldErrors } from '../../api/api-error.ts';
import { refreshFlags, updateCachedFlag } from '../../api/flag-cache.ts';
import { editFlag } from '../../api/flags.ts';
import { requestFlagApproval } from '../../api/proposals.ts';
import { flagChangeKey } from '../../api/toggle.ts';
import type { Flag, FlagEdit, Project } from '../../api/types.ts';
import { checkValue } from '../../flags/check-value.ts';
import { undoChange } from '../../flags/undo-change.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { JsonEditor } from '../../ui/json-editor.tsx';
import { Notice } from '../../ui/notice.tsx';
import { toastDone } from '../../ui/toast.tsx';

interface ValueDialogProps {
  project: Project;
  flag: Flag;
  variant: Flag['variants'][number];
  onClose: () => void;
}

/** What to say of it, and what takes it back. */
interface Done {
  readonly title: string;
  readonly undo?: () => void;
}

/** Changes what a variant is, everywhere at once; checked by the flag's schema as it is typed. */
export function ValueDialog({ project, flag, variant, onClose }: ValueDialogProps) {
  const client = useQueryClient();
  const now = JSON.stringify(variant.value, undefined, 2);
  const [initial] = useState(now);
  const [seen] = useState(flag.version);
  const [text, setText] = useState(initial);
  const problem = checkValue(text, flag);
  const guarded = project.environments.filter(({ requiredApprovals }) => requiredApprovals > 0);
  const { mutate, isPending, error } = useMutation({
    mutationKey: [...flagChangeKey, 'value'],
    mutationFn: async (value: Json): Promise<Done> => {
      const editsTo = (to: Json): FlagEdit[] => [{ kind: 'setVariantValue', variant: variant.name, value: to }];
      const edits = editsTo(value);
      if (guarded.length > 0) {
        const title = t`${flag.key}: change the value of "${variant.name}"`;
        await requestFlagApproval(project.key, flag.key, edits, title);
        return { title: t`Approval is asked for` };
      }
      // Whatever else was changed meanwhile stays; another value of someone else is refused, not overrun.
      const saved = await editFlag(project.key, flag.key, edits, now === initial ? flag.version : seen);
      updateCachedFlag(client, project.key, saved.key, () => saved);
      const done = t`${variant.name} of ${flag.key} has another value`;
      const act = () => editFlag(project.key, flag.key, editsTo(variant.value as Json), saved.version);
      return { title: done, undo: () => void undoChange(client, project.key, { done, act }) };
    },
    onSuccess: (done) => {
      toastDone(done);
      onClose();
    },
    onSettled: () => {
      void refreshFlags(client, project.key);
    },
  });
  const refused = error ? Object.values(fieldErrors(asApiError(error))).join('; ') : undefined;
  return (
    <Dialog
      open
      onClose={onClose}
      width="wide"
      title={t`Value of ${variant.name}`}
      description={t`In every environment, for all who get this variant, at once.`}
    >
      <div className="flex flex-col gap-3 px-5 pt-4 pb-5">
        <JsonEditor label={t`Value of ${variant.name} as JSON`} initial={initial} onChange={setText} />
        {problem !== undefined && (
          <p role="status" className="break-words text-danger-ink text-xs">
            {problem}
          </p>
        )}
        {guarded.length > 0 && (
          <p className="text-ink-2 text-xs">
            <Trans>
              Protected: {guarded.map(({ name }) => name).join(', ')}. Others must approve it before it is served
              anywhere.
            </Trans>
          </p>
        )}
        {refused && <Notice title={t`It was not changed`}>{refused}</Notice>}
      </div>
      <ActOrCancel
        onCancel={onClose}
        disabled={problem !== undefined || text === initial}
        busy={isPending}
        onAct={() => mutate(JSON.parse(text) as Json)}
      >
        {guarded.length > 0 ? t`Request approval` : t`Change the value`}
      </ActOrCancel>
    </Dialog>
  );
}
