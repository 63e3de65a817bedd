import { Dialog } from '@base-ui/react/dialog';
import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { Menu as MenuIcon } from 'lucide-react';
import { useState } from 'react';
import { projectQuery, projectsQuery } from '../../api/projects.ts';
import { flagsPath, patterns } from '../../paths.ts';
import { useReceiptStream } from '../../receipts/use-receipts.ts';
import { scrimShape } from '../../ui/dialog.tsx';
import { useHotkey } from '../../ui/hotkey.ts';
import { Wordmark } from '../../ui/wordmark.tsx';
import { Sidebar } from './sidebar.tsx';

/** The frame around every page of a project. */
export function Shell() {
  const { project: key } = getRouteApi(patterns.project).useParams();
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const { data: projects } = useSuspenseQuery(projectsQuery);
  const navigate = useNavigate();
  useReceiptStream(key, project.environments);
  useHotkey('c', () => void navigate(flagsPath(key, { create: true })));
  const sidebar = <Sidebar project={project} projects={projects} />;
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[14.5rem_minmax(0,1fr)]">
      <aside className="sticky top-0 hidden h-dvh border-line border-r bg-sunken lg:block">{sidebar}</aside>
      <Drawer>{sidebar}</Drawer>
      <main className="min-w-0">
        <Outlet />
      </main>
    </div>
  );
}

/** The sidebar on a narrow screen: behind a button of a bar at the top. It closes when it has led somewhere. */
function Drawer({ children }: { children: React.ReactNode }) {
  const { href } = useLocation();
  const [openAt, setOpenAt] = useState<string>();
  return (
    <header className="sticky top-0 z-5 flex h-12 items-center gap-3 border-line border-b bg-sunken px-4 lg:hidden">
      <Dialog.Root open={openAt === href} onOpenChange={(open) => setOpenAt(open ? href : undefined)}>
        <Dialog.Trigger
          aria-label="Menu"
          className="-ml-2 grid size-10 place-items-center rounded-sm text-ink-2 hover:bg-hover"
        >
          <MenuIcon className="size-4.5" aria-hidden />
        </Dialog.Trigger>
        <Wordmark />
        <Dialog.Portal>
          <Dialog.Backdrop className={scrimShape} />
          <Dialog.Popup
            aria-label="Menu"
            className="fixed inset-y-0 left-0 w-70 max-w-[85vw] overflow-y-auto bg-sunken shadow-popup outline-none transition-transform duration-200 ease-settle data-ending-style:-translate-x-full data-starting-style:-translate-x-full"
          >
            {children}
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
    </header>
  );
}
