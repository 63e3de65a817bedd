import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { Pause, Play } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '../../api/permissions.ts';
import type { Environment, Ramp } from '../../api/types.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { formatPercent } from '../../flags/weights.ts';
import { targetingPath } from '../../paths.ts';
import { Button } from '../../ui/button.tsx';
import { HoldRampsDialog, ResumeRampsDialog } from '../flag/ramp-dialogs.tsx';
import { useRamps } from '../flag/use-ramps.ts';
import { timeOf } from './schedule-words.ts';

interface FlagRampsProps {
  project: string;
  environment: Environment;
  flag: string;
  ramps: readonly Ramp[];
}

/** The ramps of a flag in one environment: what each serves now, when that changes or what holds it; and both acts. */
export function FlagRamps({ project, environment, flag, ramps }: FlagRampsProps) {
  const may = useMay(project, environment.key);
  const [asking, setAsking] = useState<'hold' | 'resume'>();
  const { hold, resume, isPending } = useRamps(project, flag, environment);
  const place = t`${flag} in ${environment.name}`;
  const question = { flag, environment, onClose: () => setAsking(undefined) };
  const answer = (act: (reason: string) => void) => (reason: string) => {
    setAsking(undefined);
    act(reason);
  };
  return (
    <li className="flex flex-wrap items-center gap-x-3 gap-y-1.5 border-line border-b px-4 py-2 last:border-b-0">
      <div className="flex min-w-0 flex-1 basis-64 flex-col gap-0.5">
        <p className="flex min-w-0 flex-wrap items-center gap-x-2.5 gap-y-1">
          <Link
            {...targetingPath(project, flag, environment.key)}
            className="min-w-0 truncate rounded-xs font-medium font-mono text-xs leading-6 hover:underline"
          >
            {flag}
          </Link>
          <EnvironmentName environment={environment} />
        </p>
        {ramps.map((ramp) => (
          <p key={ramp.rule ?? ''} className="break-words text-ink-2 text-xs tabular-nums">
            {rampWords(ramp)}
          </p>
        ))}
      </div>
      {may('targeting:write') && (
        <span className="flex gap-2">
          {ramps.some(({ held }) => held !== null) && (
            <Button aria-label={t`Resume the ramp of ${place}`} busy={isPending} onClick={() => setAsking('resume')}>
              <Trans>
                <Play aria-hidden />
                Resume
              </Trans>
            </Button>
          )}
          {ramps.some(({ grows }) => grows) && (
            <Button aria-label={t`Hold the ramp of ${place}`} busy={isPending} onClick={() => setAsking('hold')}>
              <Trans>
                <Pause aria-hidden />
                Hold
              </Trans>
            </Button>
          )}
        </span>
      )}
      {asking === 'hold' && <HoldRampsDialog {...question} onConfirm={answer(hold)} />}
      {asking === 'resume' && <ResumeRampsDialog {...question} onConfirm={answer(resume)} />}
    </li>
  );
}

function rampWords({ rule, ruleName, weights, nextAt, held }: Ramp): string {
  const name = ruleName ?? rule ?? t`Default rule`;
  const now = weights.map(({ variant, weightPer100k }) => `${formatPercent(weightPer100k)} ${variant}`).join(', ');
  if (nextAt !== null) return t`${name}: ${now}; next at ${timeOf({ at: nextAt })}`;
  const causes = (held?.causes ?? []).map(({ by, reason }) => t`${by}: ${reason}`).join('; ');
  return causes === '' ? t`${name}: ${now}; held` : t`${name}: ${now}; held by ${causes}`;
}
