import { Dialog } from '@base-ui/react/dialog';
import { t } from '@lingui/core/macro';
import { useLocation } from '@tanstack/react-router';
import { Menu as MenuIcon, Search } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { scrimShape } from '../../ui/dialog.tsx';
import { Wordmark } from '../../ui/wordmark.tsx';

const barButton = 'grid size-10 place-items-center rounded-sm text-ink-2 hover:bg-hover';

/** The sidebar on a narrow screen: behind a button of a bar at the top. It closes when it has led somewhere. */
export function Drawer({ onFind, children }: { onFind: () => void; children: ReactNode }) {
  const { href } = useLocation();
  const [openAt, setOpenAt] = useState<string>();
  return (
    <header className="sticky top-0 z-5 flex h-12 items-center gap-3 border-line border-b bg-sunken px-4 lg:hidden print:hidden">
      <Dialog.Root open={openAt === href} onOpenChange={(open) => setOpenAt(open ? href : undefined)}>
        <Dialog.Trigger aria-label={t`Menu`} className={`-ms-2 ${barButton}`}>
          <MenuIcon className="size-4.5" aria-hidden />
        </Dialog.Trigger>
        <Wordmark />
        <button type="button" aria-label={t`Find or do`} onClick={onFind} className={`-me-2 ms-auto ${barButton}`}>
          <Search className="size-4.5" aria-hidden />
        </button>
        <Dialog.Portal>
          <Dialog.Backdrop className={scrimShape} />
          <Dialog.Popup
            aria-label={t`Menu`}
            className="fixed inset-y-0 start-0 w-70 max-w-[85vw] overflow-y-auto bg-sunken shadow-popup outline-none transition-transform duration-200 ease-settle data-ending-style:-translate-x-full data-starting-style:-translate-x-full rtl:data-ending-style:translate-x-full rtl:data-starting-style:translate-x-full"
          >
            {/* Whatever it opens takes its place. */}
            <div className="h-full" onClickCapture={(event) => closesDrawer(event.target) && setOpenAt(undefined)}>
              {children}
            </div>
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
    </header>
  );
}

function closesDrawer(target: EventTarget): boolean {
  return target instanceof Element && target.closest('[data-closes-drawer]') !== null;
}
