import { AlertDialog } from '@base-ui/react/alert-dialog';
import { Trans } from '@lingui/react/macro';
import { memo, type ReactNode, useLayoutEffect, useRef } from 'react';
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
  // Who presses twice has answered by the first press, also while the question is still going out of sight.
  const isOpen = useRef(open);
  useLayoutEffect(() => {
    isOpen.current = open;
  });
  const answer = (act: () => void) => () => {
    if (isOpen.current) act();
  };
  return (
    <AlertDialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <AlertDialog.Portal>
        <AlertDialog.Backdrop className={scrimShape} />
        <AlertDialog.Viewport className={viewportShape}>
          <AlertDialog.Popup className={classNames(popupShape, 'sm:max-w-105')} initialFocus={cancel}>
            <Still isLive={open}>
              {look === 'production' && <div className="hazard-edge h-1.5" aria-hidden />}
              <div className="px-5 pt-4 pb-5">
                <AlertDialog.Title className="break-words font-semibold text-base">{title}</AlertDialog.Title>
                <AlertDialog.Description render={<div />} className="mt-1.5 flex flex-col gap-2 text-ink-2">
                  {children}
                </AlertDialog.Description>
              </div>
              <DialogActions>
                <Button ref={cancel} onClick={answer(onClose)}>
                  <Trans>Cancel</Trans>
                </Button>
                <Button look={look} onClick={answer(onConfirm)} busy={busy ?? false}>
                  {confirmLabel}
                </Button>
              </DialogActions>
            </Still>
          </AlertDialog.Popup>
        </AlertDialog.Viewport>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

/** What goes out of sight still says what it said: the question that it answers is no more. */
const Still = memo(
  ({ children }: { isLive: boolean; children: ReactNode }) => children,
  (_before, { isLive }) => !isLive,
);
