import { Trans } from '@lingui/react/macro';
import { Play } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../../api/permissions.ts';
import type { Environment, Flag } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { holdCauses } from './hold-causes.ts';
import { ResumeRampsDialog } from './ramp-dialogs.tsx';
import { useRamps } from './use-ramps.ts';

interface HeldRampsProps {
  project: string;
  flag: Flag;
  environment: Environment;
}

/** While ramps of the flag are held in an environment: says so, by whom and why, and lets them go on. */
export function HeldRamps({ project, flag, environment }: HeldRampsProps) {
  const may = useMay(project, environment.key);
  const [asking, setAsking] = useState(false);
  const { resume, isPending } = useRamps(project, flag.key, environment);
  const state = flag.environments[environment.key];
  const causes = state && holdCauses(state);
  if (causes === undefined) return null;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-line border-b bg-sunken px-4 py-2.5">
      <div className="min-w-0 flex-1 basis-48 break-words text-ink-2 text-xs">
        {causes.map(({ id, by, reason, atMs }) => (
          <p key={id}>
            <Trans>
              <strong className="font-medium text-ink">Ramp held</strong>{' '}
              <RelativeTime at={new Date(atMs).toISOString()} /> by {by}: {reason}
            </Trans>
          </p>
        ))}
      </div>
      {flag.archivedAt === null && may('targeting:write') && (
        <Button onClick={() => setAsking(true)} busy={isPending}>
          <Trans>
            <Play aria-hidden />
            Resume
          </Trans>
        </Button>
      )}
      {asking && (
        <ResumeRampsDialog
          flag={flag.key}
          environment={environment}
          onClose={() => setAsking(false)}
          onConfirm={(reason) => {
            setAsking(false);
            resume(reason);
          }}
        />
      )}
    </div>
  );
}
