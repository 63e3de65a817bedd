import { Toast } from '@base-ui/react/toast';
import { t } from '@lingui/core/macro';
import { CircleCheck, TriangleAlert, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import { Failure } from './failure.tsx';
import { forgetToasts, newestUndo, recordToast, undoToast } from './toast-log.ts';

const manager = Toast.createToastManager();

interface ToastContent {
  title: string;
  /** May be live: it is rendered, and rendered anew, like any other part of the page. */
  text?: ReactNode;
  /** Toasts with one id replace each other. */
  id?: string;
  /** Takes back what was done: by its button, by a key, or later from the messages. */
  undo?: (() => void) | undefined;
}

/** How long what can be taken back is offered, in sight and to the key. */
const undoMs = 12_000;

/** Says that something worked. */
export function toastDone({ title, text, id, undo }: ToastContent): void {
  const toast = manager.add({
    title,
    description: text,
    type: 'done',
    timeout: undo ? undoMs : 6_000,
    // Toasts that replace each other share what is not named, so it is named where there is none as well.
    actionProps: undo && {
      children: t`Undo`,
      onClick: () => undoToast(record),
    },
    ...(id === undefined ? {} : { id }),
  });
  const takeBack = () => {
    manager.close(toast);
    undo?.();
  };
  const record = recordToast({ kind: 'done', title, text, undo: undo && takeBack });
}

/** Takes back what was done last, while that is offered. */
export function undoLast(): void {
  const record = newestUndo(undoMs);
  if (record !== undefined) undoToast(record);
}

type FailedToast = Pick<ToastContent, 'title' | 'id'> & ({ text: ReactNode } | { error: unknown });

/** Says that something failed, why, and what helps. It is announced at once and stays longer. */
export function toastFailed({ title, id, ...why }: FailedToast): void {
  const text = 'error' in why ? <Failure error={why.error} /> : why.text;
  recordToast({ kind: 'failed', title, text });
  manager.add({
    title,
    description: text,
    type: 'failed',
    priority: 'high',
    timeout: 14_000,
    ...(id === undefined ? {} : { id }),
  });
}

/** Takes away what is in sight and forgets what was said: someone else may read it next. */
export function clearToasts(): void {
  manager.close();
  forgetToasts();
}

/** Where toasts appear. Once, around the application. */
export function ToastProvider({ children }: { children: ReactNode }) {
  return (
    <Toast.Provider toastManager={manager} limit={3}>
      {children}
      <Toast.Portal>
        <Toast.Viewport
          aria-label={t`Notifications`}
          className="fixed end-4 bottom-4 z-20 w-[calc(100vw-2rem)] sm:w-92"
        >
          <ToastList />
        </Toast.Viewport>
      </Toast.Portal>
    </Toast.Provider>
  );
}

function ToastList() {
  const { toasts } = Toast.useToastManager();
  return toasts.map((toast) => (
    <Toast.Root
      key={toast.id}
      toast={toast}
      data-toast
      className={classNames(
        'toast-stack absolute end-0 bottom-0 w-full select-none rounded-md border bg-raised shadow-popup',
        toast.type === 'failed' ? 'border-danger-line' : 'border-line',
      )}
    >
      <Toast.Content className="flex gap-2.5 overflow-hidden py-2.5 pe-1.5 ps-3 transition-opacity data-behind:opacity-0 data-expanded:opacity-100">
        {toast.type === 'failed' ? (
          <TriangleAlert className="mt-0.5 size-4 shrink-0 text-danger-ink" aria-hidden />
        ) : (
          <CircleCheck className="mt-0.5 size-4 shrink-0 text-live-ink" aria-hidden />
        )}
        <div className="min-w-0 flex-1">
          <Toast.Title className="break-words font-medium text-sm" />
          <Toast.Description render={<div />} className="break-words text-ink-2" />
        </div>
        <Toast.Action className="h-7 shrink-0 rounded-sm border border-edge bg-raised px-2 font-medium text-xs shadow-control hover:bg-hover" />
        <Toast.Close
          aria-label={t`Dismiss`}
          // It takes the focus, so it must not be hidden from who cannot see it, as it would be while toasts are stacked.
          aria-hidden={false}
          className="grid size-7 shrink-0 place-items-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink"
        >
          <X className="size-3.5" aria-hidden />
        </Toast.Close>
      </Toast.Content>
    </Toast.Root>
  ));
}
