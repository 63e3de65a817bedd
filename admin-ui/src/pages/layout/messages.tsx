import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import { useEffect } from 'react';
import { Button } from '../../ui/button.tsx';
import { Dialog, DialogActions } from '../../ui/dialog.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { forgetToasts, markToastsRead, undoToast, useToastLog } from '../../ui/toast-log.ts';

/** What toasts said since the page was loaded, to be read again. */
export function Messages({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t`Messages`}
      description={t`What happened since this page was loaded.`}
    >
      <MessageList />
      <DialogActions>
        <Button
          onClick={() => {
            forgetToasts();
            onClose();
          }}
        >
          <Trans>Clear</Trans>
        </Button>
        <Button look="primary" onClick={onClose}>
          <Trans>Close</Trans>
        </Button>
      </DialogActions>
    </Dialog>
  );
}

function MessageList() {
  const log = useToastLog();
  // What comes while the list is open is read, too.
  useEffect(markToastsRead);
  if (log.length === 0)
    return <EmptyState title={t`No messages yet`} text={t`What you change, and whether it worked, is kept here.`} />;
  return (
    <ul aria-label={t`Messages`} className="mt-3 max-h-[50vh] overflow-y-auto border-line border-t">
      {log.map(({ id, kind, title, text, atMs, undo }) => (
        <li key={id} className="flex gap-2.5 border-line border-b px-5 py-2.5 last:border-b-0">
          {kind === 'failed' ? (
            <TriangleAlert className="mt-0.5 size-4 shrink-0 text-danger-ink" aria-label={t`Failed`} />
          ) : (
            <CircleCheck className="mt-0.5 size-4 shrink-0 text-live-ink" aria-label={t`Done`} />
          )}
          <div className="min-w-0 flex-1">
            <p className="break-words font-medium">{title}</p>
            {text && <div className="break-words text-ink-2">{text}</div>}
          </div>
          {undo && (
            <Button className="-my-1" aria-label={t`Undo: ${title}`} onClick={() => undoToast(id)}>
              <Trans>Undo</Trans>
            </Button>
          )}
          <span className="shrink-0 text-ink-3 text-xs">
            <RelativeTime at={new Date(atMs).toISOString()} />
          </span>
        </li>
      ))}
    </ul>
  );
}
