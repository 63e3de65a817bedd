import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { updateRequest } from '../../api/change-requests.ts';
import type { ChangeRequest, Project } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Field, TextArea, TextInput } from '../../ui/field.tsx';
import { Notice } from '../../ui/notice.tsx';
import { toastDone } from '../../ui/toast.tsx';
import { EditedChanges } from './edited-changes.tsx';
import { type LeftOut, without } from './left-out.ts';

interface EditDialogProps {
  project: Project;
  request: ChangeRequest;
  onClose: () => void;
}

/** Says a change request otherwise: what it is called, why it is made, and which of its edits stay in it. Shown for as long as it is rendered. */
export function EditDialog({ project, request, onClose }: EditDialogProps) {
  const client = useQueryClient();
  const [title, setTitle] = useState(request.title);
  const [description, setDescription] = useState(request.description);
  const [leftOut, setLeftOut] = useState<LeftOut>(new Set());
  const [error, setError] = useState<string>();
  const saving = useMutation({
    mutationFn: () =>
      updateRequest(project.key, request, {
        title: title.trim(),
        description: description.trim(),
        ...(leftOut.size > 0 && { changes: without(request.changes, leftOut) }),
      }),
    onSuccess: (saved) => {
      toastDone({ title: t`The change request is changed`, text: saved.title });
      onClose();
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['change-requests', project.key] }),
  });
  const save = () => {
    if (title.trim() === '') return setError(t`Enter a title.`);
    saving.mutate();
  };
  const isEmpty = without(request.changes, leftOut).length === 0;
  return (
    <Dialog
      open
      onClose={onClose}
      width="wide"
      title={t`Edit the change request`}
      description={t`What it makes of a flag's targeting is edited by “Edit what it proposes”, beside the change.`}
    >
      <div className="flex flex-col gap-4 px-5 pt-4 pb-5">
        <Field label={t`Title`} error={error}>
          <TextInput value={title} onChange={setTitle} maxLength={200} autoComplete="off" />
        </Field>
        <Field label={t`Description`} optional hint={t`Those who approve it read it.`}>
          <TextArea value={description} onChange={setDescription} />
        </Field>
        <EditedChanges project={project} changes={request.changes} leftOut={leftOut} onChange={setLeftOut} />
        <p role="status" className="text-ink-2 text-xs">
          {isEmpty ? t`Nothing would be left of it: give it up instead.` : whatFollows(request, leftOut.size > 0)}
        </p>
        {saving.isError && (
          <Notice title={t`It is as it was`}>
            <Failure error={saving.error} />
          </Notice>
        )}
      </div>
      <DialogActions>
        <Button onClick={onClose}>
          <Trans>Cancel</Trans>
        </Button>
        <Button look="primary" busy={saving.isPending} disabled={isEmpty} onClick={save}>
          <Trans>Save</Trans>
        </Button>
      </DialogActions>
    </Dialog>
  );
}

/** What becomes of approvals, and of where it stands. */
function whatFollows({ state, approvals }: ChangeRequest, isOtherwise: boolean): string {
  if (state === 'draft') return t`Nobody is asked to approve it yet.`;
  const given = Math.max(0, ...approvals.map((one) => one.given));
  if (state === 'rejected' || state === 'conflicted') return t`It is proposed anew: others approve what it says then.`;
  if (given === 0) return t`Nobody has approved it yet.`;
  return isOtherwise
    ? t`What was approved is what it says now: approvals end with it, and others approve it anew.`
    : t`Approvals stay: they are of its changes, which stay as they are.`;
}
