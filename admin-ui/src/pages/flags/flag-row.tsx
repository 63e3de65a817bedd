import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import type { Environment, Flag } from '../../api/types.ts';
import type { Toggling } from '../../flags/use-toggle.tsx';
import { flagPath } from '../../paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { EnvironmentCell } from './environment-cell.tsx';

interface FlagRowProps {
  project: string;
  flag: Flag;
  environments: readonly Environment[];
  /** The environments in which a toggle of the flag is under way, joined by spaces. */
  pendingIn: string;
  onToggle: Toggling['request'];
}

/** A flag in the list (a list may have hundreds: only the flags that changed are rendered anew): a line with a column for each environment, or a card on a narrow screen. */
export const FlagRow = memo(function FlagRow({ project, flag, environments, pendingIn, onToggle }: FlagRowProps) {
  const about = [flag.name, flag.description].filter((text) => text !== '' && text !== flag.key);
  return (
    <li className="group/row relative border-line border-b last:border-b-0 hover:bg-hover max-md:py-3 md:grid md:grid-cols-(--columns)">
      <div className="flex min-w-0 flex-col justify-center px-4 md:py-1.5">
        <div className="flex min-w-0 items-center gap-2">
          <Link
            {...flagPath(project, flag.key)}
            title={flag.key}
            className="truncate font-medium font-mono text-ink text-sm after:absolute after:inset-0 hover:text-link max-md:whitespace-normal max-md:break-all"
          >
            {flag.key}
          </Link>
          {flag.type !== 'boolean' && <Badge>{flag.type}</Badge>}
          {flag.kind !== 'release' && <Badge look="muted">{flag.kind}</Badge>}
        </div>
        {about.length > 0 && (
          <p className="truncate text-ink-3 text-xs" title={about.join(' · ')}>
            {about.join(' · ')}
          </p>
        )}
      </div>
      {environments.map((environment) => (
        <EnvironmentCell
          key={environment.key}
          flag={flag}
          environment={environment}
          pending={pendingIn.split(' ').includes(environment.key)}
          onToggle={onToggle}
        />
      ))}
      <div className="flex items-center px-3 text-ink-3 text-xs max-md:hidden">
        <RelativeTime at={flag.updatedAt} />
      </div>
    </li>
  );
});
