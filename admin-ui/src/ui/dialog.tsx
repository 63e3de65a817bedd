import { Dialog as Base } from '@base-ui/react/dialog';
import { t } from '@lingui/core/macro';
import { X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { classNames } from './class-names.ts';

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  description?: ReactNode;
  children: ReactNode;
  width?: 'narrow' | 'wide';
  /** Whether what it does happens in production. */
  production?: boolean;
}

export const scrimShape =
  'fixed inset-0 bg-scrim transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0';

/** Where dialogs stand: high on the page, so that they do not jump when they grow; a sheet on a phone. */
export const viewportShape =
  'fixed inset-0 flex items-end justify-center overflow-y-auto sm:items-start sm:px-4 sm:pt-[12vh] sm:pb-8';

export const popupShape =
  'popup-motion w-full overflow-hidden rounded-t-lg bg-raised shadow-popup outline-none max-sm:max-h-[92dvh] max-sm:overflow-y-auto sm:rounded-lg';

/** A dialog for a task. Esc closes it, and so does a press beside it, but not beside a wide one: there is much typed in it. */
export function Dialog({
  open,
  onClose,
  title,
  description,
  children,
  width = 'narrow',
  production = false,
}: DialogProps) {
  const finalFocus = useWayBack(open);
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()} disablePointerDismissal={width === 'wide'}>
      <Base.Portal>
        <Base.Backdrop className={scrimShape} />
        <Base.Viewport className={viewportShape}>
          <Base.Popup
            finalFocus={finalFocus}
            className={classNames(popupShape, width === 'wide' ? 'sm:max-w-150' : 'sm:max-w-110')}
          >
            <header className="flex items-start gap-3 px-5 pt-4">
              <div className="min-w-0 flex-1">
                <Base.Title className="font-semibold text-base">{title}</Base.Title>
                {description && <Base.Description className="mt-0.5 text-ink-2">{description}</Base.Description>}
              </div>
              <Base.Close
                aria-label={t`Close`}
                className="-me-2 grid size-8 shrink-0 place-items-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink"
              >
                <X className="size-4" aria-hidden />
              </Base.Close>
            </header>
            {production && <div className="hazard-edge mt-3 h-1.5" aria-hidden />}
            {children}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

/**
 * What had the focus when the dialog opened, for when it closes. Asked while it is first rendered: a field of its own that
 * wants the focus has it before anyone else can look.
 */
function useWayBack(open: boolean) {
  const [seen, setSeen] = useState<{ open: boolean; opener: Element | null }>({ open: false, opener: null });
  if (seen.open !== open) setSeen({ open, opener: open ? document.activeElement : seen.opener });
  const { opener } = seen;
  // Where it is gone, as the line of a menu is, the browser's next best.
  return () => (opener instanceof HTMLElement && opener.isConnected ? opener : true);
}

/** The row of buttons at a dialog's end; the one that acts stands last. */
export function DialogActions({ children }: { children: ReactNode }) {
  return (
    <footer className="sticky bottom-0 z-2 flex items-center justify-end gap-2 border-line border-t bg-sunken px-5 py-3 max-sm:[&>button]:flex-1">
      {children}
    </footer>
  );
}
