import { t } from '@lingui/core/macro';
import { Dialog } from '../../ui/dialog.tsx';
import { KeyCap } from '../../ui/key-cap.tsx';
import { listShortcuts } from './shortcuts.ts';

/** What the keyboard does. */
export function ShortcutSheet({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} onClose={onClose} title={t`Keyboard shortcuts`} width="wide">
      <div className="grid gap-x-8 gap-y-5 px-5 pt-3 pb-5 sm:grid-cols-2">
        {listShortcuts().map(({ title, items }) => (
          <section key={title} aria-label={title}>
            <h3 className="pb-1.5 font-medium text-ink-3 text-xs">{title}</h3>
            <dl className="flex flex-col">
              {items.map(({ keys, does }) => (
                <div key={does} className="flex min-h-8 items-center gap-3 border-line border-t py-1">
                  <dt className="order-last ms-auto flex shrink-0 gap-1">
                    {keys.map((key) => (
                      <KeyCap key={key} alone>
                        {key}
                      </KeyCap>
                    ))}
                  </dt>
                  <dd className="min-w-0 text-ink-2">{does}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
