import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { useNavigate } from '@tanstack/react-router';
import { ChevronsUpDown, FolderOpen, Plus } from 'lucide-react';
import { useMayEverywhere } from '../../api/permissions.ts';
import type { Project } from '../../api/types.ts';
import { flagsPath, settingsPath } from '../../paths.ts';
import { Menu, MenuItem } from '../../ui/menu.tsx';

/** Which project the pages are about, and the way to others, where there are any or may be made. */
export function ProjectSwitcher({ project, projects }: { project: Project; projects: readonly Project[] }) {
  const navigate = useNavigate();
  const mayCreate = useMayEverywhere()('project:write');
  if (projects.length < 2 && !mayCreate) return <p className="truncate px-2 font-medium text-ink-2">{project.name}</p>;
  return (
    <Menu
      label={t`Project: ${project.name}`}
      triggerClassName="flex h-8 w-full items-center gap-2 rounded-sm border border-line bg-surface px-2 text-start font-medium hover:bg-hover pointer-coarse:h-10"
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
      {mayCreate && (
        <MenuItem onSelect={() => void navigate(settingsPath(project.key, { create: true }))}>
          <Trans>
            <Plus aria-hidden />
            New project
          </Trans>
        </MenuItem>
      )}
    </Menu>
  );
}
