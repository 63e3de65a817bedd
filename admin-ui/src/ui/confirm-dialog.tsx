import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Trans } from '@lingui/react/macro';
import { type ReactNode, useRef } from 'react';
import { Button } from './button.tsx';
import { classNames } from './class-names.ts';
import { DialogActions, popupShape, scrimShape, viewportShape } from './dialog.tsx';

interface ConfirmDialogProps {
  open: boolean;
  onClose: () => void;
  onConfirm: () => void;
  title: string;
  /** What will happen, and to whom. */
  children: ReactNode;
  /** Says the act itself, never "OK". */
  confirmLabel: string;
  look: 'danger' | 'production' | 'primary';
  busy?: boolean;
}

/** Asks before something that is felt elsewhere. The safe way out has the focus. */
export function ConfirmDialog({
  open,
  onClose,
  onConfirm,
  title,
  children,
  confirmLabel,
  look,
  busy,
}: ConfirmDialogProps) {
  const cancel = useRef<HTMLButtonElement>(null);
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={scrimShape} />
        <AlertDialog.Viewport className={viewportShape}>
          <AlertDialog.Popup className={classNames(popupShape, 'sm:max-w-105')} initialFocus={cancel}>
            {look === 'production' && <div className="hazard-edge h-1.5" aria-hidden />}
            <div className="px-5 pt-4 pb-5">
              <AlertDialog.Title className="break-words font-semibold text-base">{title}</AlertDialog.Title>
              <AlertDialog.Description render={<div />} className="mt-1.5 flex flex-col gap-2 text-ink-2">
                {children}
              </AlertDialog.Description>
            </div>
            <DialogActions>
              <Button ref={cancel} onClick={onClose}>
                <Trans>Cancel</Trans>
              </Button>
              <Button look={look} onClick={onConfirm} busy={busy ?? false}>
                {confirmLabel}
              </Button>
            </DialogActions>
          </AlertDialog.Popup>
        </AlertDialog.Viewport>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}
