import { useNavigate } from '@tanstack/react-router';
import { ChevronsUpDown, Flag, FolderOpen } from 'lucide-react';
import type { Project } from '../../api/types.ts';
import { flagsPath } from '../../paths.ts';
import { Menu, MenuItem } from '../../ui/menu.tsx';
import { ThemeSwitch } from '../../ui/theme-switch.tsx';
import { Wordmark } from '../../ui/wordmark.tsx';
import { Account } from './account.tsx';
import { EnvironmentLink } from './environment-link.tsx';
import { NavLink } from './nav-link.tsx';

interface SidebarProps {
  project: Project;
  projects: readonly Project[];
}

/** What the application holds, and how each environment is at present. */
export function Sidebar({ project, projects }: SidebarProps) {
  return (
    <div className="flex h-full flex-col gap-5 px-3 py-4">
      <div className="px-2">
        <Wordmark />
      </div>
      <ProjectSwitcher project={project} projects={projects} />
      <nav aria-label="Project" className="flex flex-col gap-0.5">
        <NavLink {...flagsPath(project.key)} icon={<Flag aria-hidden />}>
          Flags
        </NavLink>
      </nav>
      <nav aria-label="Environments" className="flex flex-col gap-0.5">
        <h2 className="px-2 pb-1 font-medium text-2xs text-ink-3">Environments</h2>
        {project.environments.map((environment) => (
          <EnvironmentLink key={environment.key} project={project.key} environment={environment} />
        ))}
      </nav>
      <div className="mt-auto flex flex-col gap-3">
        <div className="px-2">
          <ThemeSwitch />
        </div>
        <Account />
      </div>
    </div>
  );
}

function ProjectSwitcher({ project, projects }: SidebarProps) {
  const navigate = useNavigate();
  if (projects.length < 2) return <p className="truncate px-2 font-medium text-ink-2">{project.name}</p>;
  return (
    <Menu
      label={`Project: ${project.name}`}
      triggerClassName="flex h-8 w-full items-center gap-2 rounded-sm border border-line bg-surface px-2 text-left font-medium hover:bg-hover"
      trigger={
        <>
          <span className="min-w-0 flex-1 truncate">{project.name}</span>
          <ChevronsUpDown className="size-3.5 shrink-0 text-ink-3" aria-hidden />
        </>
      }
    >
      {projects.map(({ key, name }) => (
        <MenuItem key={key} onSelect={() => void navigate(flagsPath(key))}>
          <FolderOpen aria-hidden />
          {name}
        </MenuItem>
      ))}
    </Menu>
  );
}
