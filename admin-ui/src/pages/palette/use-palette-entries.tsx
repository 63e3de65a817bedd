import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
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
    ...{ id: label, label, words: `${label} ${words}`, icon: iconOf(icon), group: 'do', run },
  });
  return [
    ...areas
      .filter(({ permission }) => may(permission))
      .map(
        ({ label, icon, path, words }): PaletteEntry => ({
          ...{
            id: `area ${path(project.key).to}`,
            label: t(label),
            words: `${t(label)} ${t(words)}`,
            icon: iconOf(icon),
            group: 'go',
          },
          run: () => void navigate(path(project.key)),
        }),
      ),
    ...project.environments.map(
      (environment): PaletteEntry => ({
        id: `environment ${environment.key}`,
        label: (
          <>
            <EnvironmentName environment={environment} />
            <span className="text-ink-2">
              <Trans>keys</Trans>
            </span>
          </>
        ),
        words: t`${environment.key} ${environment.name} keys environment`,
        icon: <KeyRound aria-hidden />,
        group: 'go',
        run: () => void navigate(keysPath(project.key, environment.key)),
      }),
    ),
    ...projects
      .filter(({ key }) => key !== project.key)
      .map(
        ({ key, name }): PaletteEntry => ({
          ...{ id: `project ${key}`, label: t`Project ${name}`, words: t`${key} ${name} project switch` },
          ...{ icon: <FolderOpen aria-hidden />, group: 'go' },
          run: () => void navigate(flagsPath(key)),
        }),
      ),
    ...(may('flag:write')
      ? [action(t`New flag`, t`create make`, Plus, () => void navigate(flagsPath(project.key, { create: true })))]
      : []),
    action(
      t`Connect your code`,
      t`sdk snippet install node react openfeature curl first run`,
      Cable,
      () => void navigate(connectPath(project.key)),
    ),
    ...(maySomewhere('contexts:read')
      ? [
          action(
            t`See sampled contexts`,
            t`attributes seen privacy users playground`,
            Users,
            () => void navigate(contextsPath(project.key)),
          ),
        ]
      : []),
    ...(maySomewhere('kill:engage') ? [action(t`Kill a flag`, t`emergency off stop`, OctagonX, onKill)] : []),
    action(t`Read messages again`, t`toasts notifications`, BellRing, onMessages),
    action(t`Keyboard shortcuts`, t`help keys`, Keyboard, onShortcuts),
    action(t`Light theme`, t`colour appearance`, SunMoon, () => chooseTheme('light')),
    action(t`Dark theme`, t`colour appearance`, SunMoon, () => chooseTheme('dark')),
    action(t`System theme`, t`colour appearance`, SunMoon, () => chooseTheme('system')),
    action(t`Change density`, t`compact comfortable rows`, Rows3, () =>
      chooseDensity(readDensity() === 'compact' ? 'comfortable' : 'compact'),
    ),
  ];
}
