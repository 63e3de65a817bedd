import { t } from '@lingui/core/macro';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { Environment, Flag } from '../../api/types.ts';
import { healthOf } from '../../flags/flag-health.ts';
import { HealthMarks } from '../../flags/health-marks.tsx';
import type { Toggling } from '../../flags/use-toggle.tsx';
import { flagPath } from '../../paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { wordOf } from '../../ui/code-words.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { useNow } from '../../ui/use-now.ts';
import { EnvironmentCell } from './environment-cell.tsx';

interface FlagRowProps {
  project: string;
  flag: Flag;
  environments: readonly Environment[];
  /** The titles of the releases under way that it is in, one a line. */
  releases: string;
  /** The environments in which a toggle of the flag is under way, joined by spaces. */
  pendingIn: string;
  onToggle: Toggling['request'];
  isChosen: boolean;
  /** Undefined: whoever looks can do nothing with many flags. */
  onChoose: ((flag: Flag, chosen: boolean) => void) | undefined;
}

/** Tags in a row; the others are on the flag's page. */
const shownTags = 2;

/** What classifies the flag, but for what most flags are: boolean, and of a release. */
function labelsOf({ type, kind, tags }: Flag): string[] {
  const more = tags.length - shownTags;
  return [
    ...(type === 'boolean' ? [] : [wordOf(type)]),
    ...(kind === 'release' ? [] : [wordOf(kind)]),
    ...tags.slice(0, shownTags).map((tag) => `#${tag}`),
    ...(more > 0 ? [`+${more}`] : []),
  ];
}

/** A flag in the list (only those that changed are rendered anew): a line with a column for each environment, or a card on a narrow screen. */
export const FlagRow = memo(function FlagRow(props: FlagRowProps) {
  const { project, flag, environments, releases, pendingIn, onToggle, isChosen, onChoose } = props;
  const nowMs = useNow();
  const about = [flag.name, flag.description].filter((text) => text !== '' && text !== flag.key);
  const labels = labelsOf(flag);
  const marks = healthOf({ flag, environments, releases: releases === '' ? [] : releases.split('\n'), nowMs });
  const pending = pendingIn.split(' ');
  return (
    <div className="group/row relative border-line border-b hover:bg-hover max-md:py-3 md:grid md:grid-cols-(--columns) has-[a:focus-visible]:bg-hover">
      <div className="relative z-1 flex items-center justify-center max-md:absolute max-md:end-4 max-md:top-3">
        {onChoose && (
          <Checkbox label={t`Choose ${flag.key}`} checked={isChosen} onChange={(chosen) => onChoose(flag, chosen)} />
        )}
      </div>
      <div className="flex min-w-0 flex-col justify-center ps-1 pe-4 max-md:px-4 md:py-1.5">
        <Link
          {...flagPath(project, flag.key)}
          title={flag.key}
          className="truncate font-medium font-mono text-ink text-sm outline-none after:absolute after:inset-0 hover:text-link focus-visible:after:outline-2 focus-visible:after:outline-link focus-visible:after:-outline-offset-2 max-md:me-8 max-md:whitespace-normal max-md:break-all"
        >
          {flag.key}
        </Link>
        <div className="flex min-w-0 items-center gap-1.5 empty:hidden max-md:flex-wrap max-md:pt-0.5">
          {labels.map((label) => (
            <span key={label} className="shrink-0">
              <Badge look="muted">{label}</Badge>
            </span>
          ))}
          {about.length > 0 && (
            <p className="min-w-0 truncate text-ink-3 text-xs" title={about.join(' · ')}>
              {about.join(' · ')}
            </p>
          )}
        </div>
      </div>
      {environments.map((environment) => (
        <EnvironmentCell
          key={environment.key}
          project={project}
          flag={flag}
          environment={environment}
          pending={pending.includes(environment.key)}
          onToggle={onToggle}
        />
      ))}
      <div className="flex min-w-0 flex-wrap items-center gap-1 px-3 max-md:px-4 max-md:pt-1.5 max-md:empty:hidden md:py-1">
        <HealthMarks marks={marks} />
      </div>
      <div className="flex items-center px-3 text-ink-3 text-xs max-md:hidden">
        <RelativeTime at={flag.updatedAt} />
      </div>
    </div>
  );
});
