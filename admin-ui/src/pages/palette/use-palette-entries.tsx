import { useNavigate } from '@tanstack/react-router';
import { BellRing, Cable, FolderOpen, Keyboard, KeyRound, OctagonX, Plus, Rows3, SunMoon, Users } from 'lucide-react';
import { useMay, useMaySomewhere } from '../../api/permissions.ts';
import type { Project } from '../../api/types.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { connectPath, contextsPath, flagsPath, keysPath } from '../../paths.ts';
import { chooseDensity, readDensity } from '../../ui/density.ts';
import { chooseTheme } from '../../ui/theme.ts';
import { areas } from '../layout/areas.ts';
import type { PaletteEntry } from './command-palette.tsx';

interface FrameActs {
  readonly onShortcuts: () => void;
  readonly onMessages: () => void;
  readonly onKill: () => void;
}

/** What the palette offers besides flags: the pages of a project, other projects, and what may be done here. */
export function usePaletteEntries(
  project: Project,
  projects: readonly Project[],
  { onShortcuts, onMessages, onKill }: FrameActs,
): readonly PaletteEntry[] {
  const navigate = useNavigate();
  const may = useMay(project.key);
  const maySomewhere = useMaySomewhere(project);
  const iconOf = (Icon: typeof Plus) => <Icon aria-hidden />;
  const action = (label: string, words: string, icon: typeof Plus, run: () => void): PaletteEntry => ({
    ...{ id: label, label, words: `${label} ${words}`, icon: iconOf(icon), group: 'Do', run },
  });
  return [
    ...areas
      .filter(({ permission }) => may(permission))
      .map(
        ({ label, icon, path, words }): PaletteEntry => ({
          ...{ id: `area ${label}`, label, words: `${label} ${words}`, icon: iconOf(icon), group: 'Go to' },
          run: () => void navigate(path(project.key)),
        }),
      ),
    ...project.environments.map(
      (environment): PaletteEntry => ({
        id: `environment ${environment.key}`,
        label: (
          <>
            <EnvironmentName environment={environment} />
            <span className="text-ink-2">keys</span>
          </>
        ),
        words: `${environment.key} ${environment.name} keys environment`,
        icon: <KeyRound aria-hidden />,
        group: 'Go to',
        run: () => void navigate(keysPath(project.key, environment.key)),
      }),
    ),
    ...projects
      .filter(({ key }) => key !== project.key)
      .map(
        ({ key, name }): PaletteEntry => ({
          ...{ id: `project ${key}`, label: `Project ${name}`, words: `${key} ${name} project switch` },
          ...{ icon: <FolderOpen aria-hidden />, group: 'Go to' },
          run: () => void navigate(flagsPath(key)),
        }),
      ),
    ...(may('flag:write')
      ? [action('New flag', 'create make', Plus, () => void navigate(flagsPath(project.key, { create: true })))]
      : []),
    action(
      'Connect your code',
      'sdk snippet install node react openfeature curl first run',
      Cable,
      () => void navigate(connectPath(project.key)),
    ),
    ...(maySomewhere('contexts:read')
      ? [
          action(
            'See sampled contexts',
            'attributes seen privacy users playground',
            Users,
            () => void navigate(contextsPath(project.key)),
          ),
        ]
      : []),
    ...(maySomewhere('kill:engage') ? [action('Kill a flag', 'emergency off stop', OctagonX, onKill)] : []),
    action('Read messages again', 'toasts notifications', BellRing, onMessages),
    action('Keyboard shortcuts', 'help keys', Keyboard, onShortcuts),
    action('Light theme', 'colour appearance', SunMoon, () => chooseTheme('light')),
    action('Dark theme', 'colour appearance', SunMoon, () => chooseTheme('dark')),
    action('System theme', 'colour appearance', SunMoon, () => chooseTheme('system')),
    action('Change density', 'compact comfortable rows', Rows3, () =>
      chooseDensity(readDensity() === 'compact' ? 'comfortable' : 'compact'),
    ),
  ];
}
