import { Trans } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import { useMayForCertain } from '../../api/permissions.ts';
import { releasesOfFlagQuery } from '../../api/releases.ts';
import type { Environment, Flag } from '../../api/types.ts';
import { describeProtection, isProtected } from '../../environments/protection.tsx';
import { healthOf } from '../../flags/flag-health.ts';
import { HealthMarks } from '../../flags/health-marks.tsx';
import { Badge } from '../../ui/badge.tsx';
import { useNow } from '../../ui/use-now.ts';

interface CardMarksProps {
  project: string;
  flag: Flag;
  environment: Environment;
}

/** What is out of the ordinary about a flag in one environment: killed, held, ramping, in a release; and whether others must approve its changes. */
export function CardMarks({ project, flag, environment }: CardMarksProps) {
  const nowMs = useNow();
  const mayRead = useMayForCertain(project)('release:read');
  const { data = [] } = useQuery({ ...releasesOfFlagQuery(project, flag.key), enabled: mayRead });
  const releases = data.filter((release) => release.environment === environment.key).map(({ title }) => title);
  // Whether it is stale is said of the flag, not of an environment.
  const marks = healthOf({ flag, environments: [environment], releases, nowMs }).filter(({ kind }) => kind !== 'stale');
  if (marks.length === 0 && !isProtected(environment)) return null;
  return (
    <p className="flex flex-wrap gap-1.5">
      <HealthMarks marks={marks} />
      {isProtected(environment) && (
        <span title={describeProtection(environment)} className="inline-flex">
          <Badge look="muted">
            <Trans>
              <ShieldCheck aria-hidden />
              needs approval
            </Trans>
          </Badge>
        </span>
      )}
    </p>
  );
}
