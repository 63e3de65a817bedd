import { Trans } from '@lingui/react/macro';
import { useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Outlet, useNavigate, useParams } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useMay, useMaySomewhere } from '../../api/permissions.ts';
import { projectQuery, projectsQuery } from '../../api/projects.ts';
import { useConnection } from '../../connection/use-connection.ts';
import { KillDialog } from '../../kills/kill-dialog.tsx';
import { flagPath, flagsPath, patterns } from '../../paths.ts';
import { useReceiptStream } from '../../receipts/use-receipts.ts';
import { useCommandKey, useHotkey, useKeySequence } from '../../ui/hotkey.ts';
import { undoLast } from '../../ui/toast.tsx';
import { usePaletteEntries } from '../palette/use-palette-entries.tsx';
import { areas } from './areas.ts';
import { Drawer } from './drawer.tsx';
import { LostBanner } from './lost-banner.tsx';
import { Messages } from './messages.tsx';
import { ProductionBand } from './production-band.tsx';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { Sidebar } from './sidebar.tsx';
import { SignInAgain } from './sign-in-again.tsx';

/** Nobody waits for it at the first paint; it is fetched right after, so that it is there when a key asks for it. */
const loadPalette = async () => ({ default: (await import('../palette/command-palette.tsx')).CommandPalette });
const CommandPalette = lazy(loadPalette);

/** What stands over the page: one at a time. */
type Overlay = 'palette' | 'messages' | 'shortcuts' | 'kill';

/** The frame around every page of a project: where one can go, what was said, and the keyboard's ways to both. */
export function Shell() {
  const { project: key } = getRouteApi(patterns.project).useParams();
  const { environment: environmentKey, flag: flagKey } = useParams({ strict: false });
  const { data: project } = useSuspenseQuery(projectQuery(key));
  const { data: projects } = useSuspenseQuery(projectsQuery);
  const [overlay, setOverlay] = useState<Overlay>();
  // Each opening is a new palette: nothing is left of what was typed before.
  const [openings, setOpenings] = useState(0);
  const navigate = useNavigate();
  const may = useMay(key);
  const maySomewhere = useMaySomewhere(project);
  const close = () => setOverlay(undefined);
  const openPalette = () => {
    setOpenings((count) => count + 1);
    setOverlay('palette');
  };
  const openMessages = () => setOverlay('messages');
  const openShortcuts = () => setOverlay('shortcuts');
  const openKill = () => setOverlay('kill');
  const entries = usePaletteEntries(project, projects, {
    ...{ onMessages: openMessages, onShortcuts: openShortcuts, onKill: openKill },
  });

  useEffect(() => {
    // Asked for again when it is opened: whoever is offline now may not be then.
    loadPalette().catch(() => {});
  }, []);
  useReceiptStream(key, project.environments);
  useConnection(key);
  useCommandKey('k', openPalette);
  useHotkey('?', openShortcuts);
  useHotkey('n', openMessages);
  useHotkey('z', undoLast);
  useHotkey('K', () => maySomewhere('kill:engage') && openKill());
  useHotkey('c', () => may('flag:write') && void navigate(flagsPath(key, { create: true })));
  const open = areas.filter(({ permission }) => may(permission));
  useKeySequence('g', new Map(open.map((area) => [area.key, () => void navigate(area.path(key))])));

  const sidebar = (
    <Sidebar
      project={project}
      projects={projects}
      onFind={openPalette}
      onMessages={openMessages}
      onShortcuts={openShortcuts}
      onKill={openKill}
    />
  );
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[14.5rem_minmax(0,1fr)]">
      <a
        href="#page"
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:start-2 focus:z-10 focus:rounded-sm focus:bg-raised focus:px-3 focus:py-2 focus:shadow-popup"
      >
        <Trans>Skip to the page</Trans>
      </a>
      <aside className="sticky top-0 hidden h-dvh border-line border-e bg-sunken lg:block">{sidebar}</aside>
      <Drawer onFind={openPalette}>{sidebar}</Drawer>
      <main id="page" tabIndex={-1} className="min-w-0 outline-none">
        <LostBanner />
        <ProductionBand environment={project.environments.find((one) => one.key === environmentKey)} />
        <Outlet />
      </main>
      <SignInAgain />
      <Messages open={overlay === 'messages'} onClose={close} />
      {/* Here from the start, never fetched first: it is needed when things fail. */}
      {overlay === 'kill' && <KillDialog project={project} flag={flagKey} onClose={close} />}
      <ShortcutSheet open={overlay === 'shortcuts'} onClose={close} />
      {openings > 0 && (
        <Suspense>
          <CommandPalette
            key={openings}
            open={overlay === 'palette'}
            onClose={close}
            project={key}
            entries={entries}
            onFlag={(flag) => void navigate(flagPath(key, flag))}
          />
        </Suspense>
      )}
    </div>
  );
}
