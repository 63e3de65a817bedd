import { plural, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { CircleHelp, Inbox, OctagonX, Search } from 'lucide-react';
import { useMay, useMaySomewhere } from '../../api/permissions.ts';
import type { Project } from '../../api/types.ts';
import { IconButton } from '../../ui/button.tsx';
import { KeyCap } from '../../ui/key-cap.tsx';
import { ThemeSwitch } from '../../ui/theme-switch.tsx';
import { useToastLog } from '../../ui/toast-log.ts';
import { Wordmark } from '../../ui/wordmark.tsx';
import { Account } from './account.tsx';
import { areaParts, areas } from './areas.ts';
import { EnvironmentLink } from './environment-link.tsx';
import { NavLink } from './nav-link.tsx';
import { ProjectSwitcher } from './project-switcher.tsx';

interface SidebarProps {
  project: Project;
  projects: readonly Project[];
  onFind: () => void;
  onMessages: () => void;
  onShortcuts: () => void;
  onKill: () => void;
}

/** What the application holds, and how each environment is at present. */
export function Sidebar({ project, projects, onFind, onMessages, onShortcuts, onKill }: SidebarProps) {
  const may = useMay(project.key);
  const maySomewhere = useMaySomewhere(project);
  return (
    <div className="flex h-full flex-col gap-3 px-3 pt-3.5 pb-3">
      <div className="px-2">
        <Wordmark />
      </div>
      <div className="flex flex-col gap-2">
        <ProjectSwitcher project={project} projects={projects} />
        <button
          type="button"
          data-closes-drawer
          onClick={onFind}
          className="flex h-8 w-full items-center gap-2 rounded-sm border border-line bg-surface px-2 text-start text-ink-2 hover:bg-hover pointer-coarse:h-10"
        >
          <Search className="size-3.75 shrink-0 text-ink-3" aria-hidden />
          <span className="min-w-0 flex-1 truncate">
            <Trans>Find or do</Trans>
          </span>
          <span className="text-ink-3">
            <KeyCap>Ctrl K</KeyCap>
          </span>
        </button>
        {maySomewhere('kill:engage') && (
          <button
            type="button"
            data-closes-drawer
            onClick={onKill}
            className="flex h-8 w-full items-center gap-2 rounded-sm border border-danger-line bg-surface px-2 text-start text-danger-ink hover:bg-danger-soft pointer-coarse:h-10"
          >
            <OctagonX className="size-3.75 shrink-0" aria-hidden />
            <span className="min-w-0 flex-1 truncate">
              <Trans>Kill a flag</Trans>
            </span>
            <KeyCap>Shift K</KeyCap>
          </button>
        )}
      </div>
      <div className="scroll-shade -mx-1 flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto px-1 py-0.5">
        <nav aria-label={t`Project`} className="flex flex-col gap-2">
          {areaParts.map((part) => (
            <div key={part} className="flex flex-col empty:hidden">
              {areas
                .filter((area) => area.part === part && may(area.permission))
                .map(({ label, icon: Icon, path }) => (
                  <NavLink key={label.id} {...path(project.key)} icon={<Icon aria-hidden />}>
                    {t(label)}
                  </NavLink>
                ))}
            </div>
          ))}
        </nav>
        <nav aria-label={t`Environments`} className="flex flex-col gap-0.5">
          <h2 className="px-2 pb-1 font-medium text-2xs text-ink-3">
            <Trans>Environments</Trans>
          </h2>
          {project.environments.map((environment) => (
            <EnvironmentLink key={environment.key} project={project.key} environment={environment} />
          ))}
        </nav>
      </div>
      <div className="flex flex-col gap-2">
        <div className="flex items-center gap-1 ps-2">
          <ThemeSwitch />
          <span className="ms-auto" />
          <MessagesButton onClick={onMessages} />
          <IconButton label={t`Keyboard shortcuts`} data-closes-drawer onClick={onShortcuts}>
            <CircleHelp aria-hidden />
          </IconButton>
        </div>
        <Account project={project.key} />
      </div>
    </div>
  );
}

function MessagesButton({ onClick }: { onClick: () => void }) {
  const failed = useToastLog().filter(({ kind, isRead }) => kind === 'failed' && !isRead).length;
  return (
    <IconButton
      label={
        failed === 0 ? t`Messages` : t`Messages: ${plural(failed, { one: '# failure', other: '# failures' })} not read`
      }
      data-closes-drawer
      onClick={onClick}
      className="relative"
    >
      <Inbox aria-hidden />
      {failed > 0 && <span aria-hidden className="absolute end-1 top-1 size-2 rounded-full bg-danger" />}
    </IconButton>
  );
}
