import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { revertEvent, revertPreviewQuery } from '../../api/audit.ts';
import type { AuditEvent } from '../../api/types.ts';
import { ActOrCancel } from '../../ui/act-or-cancel.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Failure } from '../../ui/failure.tsx';
import { Field, TextInput } from '../../ui/field.tsx';
import { Loaded } from '../../ui/loaded.tsx';
import { Notice } from '../../ui/notice.tsx';
import { toastDone } from '../../ui/toast.tsx';

interface RevertDialogProps {
  event: AuditEvent;
  isProduction: boolean;
  onClose: () => void;
}

/** Says what undoing an event would set back now, then does it. Shown for as long as it is rendered. */
export function RevertDialog({ event, isProduction, onClose }: RevertDialogProps) {
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const preview = useQuery({ ...revertPreviewQuery(event.id), retry: false });
  const revert = useMutation({
    mutationFn: () => revertEvent(event.id, reason.trim()),
    onSuccess: ({ changes }) => {
      toastDone({ title: t`Set back: ${changes.join(', ')}`, text: t`It is a change of its own, with its own event.` });
      void client.invalidateQueries();
      onClose();
    },
  });
  const isNothing = preview.data?.length === 0;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t`Undo this change`}
      description={t`Only what it changed is set back, as a new change. What was changed again since stays.`}
    >
      <div className="flex flex-col gap-3 px-5 py-4">
        {revert.isError && (
          <Notice title={t`It was not undone`}>
            <Failure error={revert.error} />
          </Notice>
        )}
        {/* A conflict is an answer: it says who changed it since. */}
        <Loaded from={preview} what={t`what it would set back`}>
          {(changes) =>
            changes.length === 0 ? (
              <p className="text-ink-2">
                <Trans>Everything that it changed is back already: there is nothing to undo.</Trans>
              </p>
            ) : (
              <p>
                <Trans>
                  Will be set back: <strong className="break-words font-mono font-medium">{changes.join(', ')}</strong>
                </Trans>
              </p>
            )
          }
        </Loaded>
        {!isNothing && preview.data && (
          <Field label={t`Reason`} optional hint={t`Kept with the change, for those who see it later.`}>
            <TextInput value={reason} onChange={setReason} maxLength={500} />
          </Field>
        )}
      </div>
      <ActOrCancel
        onCancel={onClose}
        look={isProduction ? 'production' : 'primary'}
        busy={revert.isPending}
        disabled={!preview.data || isNothing}
        onAct={() => revert.mutate()}
      >
        <Trans>Undo</Trans>
      </ActOrCancel>
    </Dialog>
  );
}
