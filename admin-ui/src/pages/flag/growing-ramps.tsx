import { rampsOf } from '@bunting/core';
import { Trans } from '@lingui/react/macro';
import { Pause } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../../api/permissions.ts';
import type { Environment, Flag } from '../../api/types.ts';
import { Button } from '../../ui/button.tsx';
import { useNow } from '../../ui/use-now.ts';
import { timeOf } from '../schedules/schedule-words.ts';
import { targetingOf } from '../targeting/draft.ts';
import { HoldRampsDialog } from './ramp-dialogs.tsx';
import { useRamps } from './use-ramps.ts';

interface GrowingRampsProps {
  project: string;
  flag: Flag;
  environment: Environment;
}

/** While a ramp of the flag is going to expose more people by itself: says so and when, and stops it where it is. */
export function GrowingRamps({ project, flag, environment }: GrowingRampsProps) {
  const nowMs = useNow();
  const may = useMay(project, environment.key);
  const [asking, setAsking] = useState(false);
  const { hold, isPending } = useRamps(project, flag.key, environment);
  const state = flag.environments[environment.key];
  if (state === undefined || flag.archivedAt !== null) return null;
  const nextsMs = rampsOf(targetingOf(state), nowMs).flatMap(({ grows, nextMs }) =>
    grows && nextMs !== undefined ? [nextMs] : [],
  );
  if (nextsMs.length === 0) return null;
  const next = timeOf({ at: new Date(Math.min(...nextsMs)).toISOString() });
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-line border-b bg-sunken px-4 py-2.5">
      <p className="min-w-0 flex-1 basis-48 text-ink-2 text-xs">
        <Trans>
          <strong className="font-medium text-ink">Ramp under way</strong>: it exposes more by itself, next at {next}.
        </Trans>
      </p>
      {may('targeting:write') && (
        <Button onClick={() => setAsking(true)} busy={isPending}>
          <Trans>
            <Pause aria-hidden />
            Hold
          </Trans>
        </Button>
      )}
      {asking && (
        <HoldRampsDialog
          flag={flag.key}
          environment={environment}
          onClose={() => setAsking(false)}
          onConfirm={(reason) => {
            setAsking(false);
            hold(reason);
          }}
        />
      )}
    </div>
  );
}
