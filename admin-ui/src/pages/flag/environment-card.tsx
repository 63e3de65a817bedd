import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { SlidersHorizontal } from 'lucide-react';
import { useMay } from '../../api/permissions.ts';
import type { Environment, Flag } from '../../api/types.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { describeProtection, isProtected } from '../../environments/protection.tsx';
import { TargetingWords } from '../../flags/targeting-words.tsx';
import type { Toggling } from '../../flags/use-toggle.tsx';
import { targetingPath } from '../../paths.ts';
import { ReceiptStatus } from '../../receipts/receipt-status.tsx';
import { buttonShape } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { Switch } from '../../ui/switch.tsx';
import { CardMarks } from './card-marks.tsx';
import { GrowingRamps } from './growing-ramps.tsx';
import { HeldRamps } from './held-ramps.tsx';
import { KillSwitch } from './kill-switch.tsx';

interface EnvironmentCardProps {
  project: string;
  flag: Flag;
  environment: Environment;
  toggling: Toggling;
  /** It is asked whether to re-arm it here, as the address wants it, until that is answered. */
  isRearming: boolean;
  onRearmed: () => void;
}

/** How one environment serves the flag, its switch, and the way to change the rest. */
export function EnvironmentCard({ project, flag, environment, toggling, ...rearming }: EnvironmentCardProps) {
  const may = useMay(project, environment.key);
  const state = flag.environments[environment.key];
  if (!state) return null;
  const archived = flag.archivedAt !== null;
  const { production } = environment;
  const mayEdit = !archived && may('targeting:write');
  return (
    <section
      aria-label={environment.name}
      className={classNames(
        'flex min-w-0 flex-col overflow-hidden rounded-md border bg-surface',
        production ? 'border-production-line' : 'border-line',
      )}
    >
      {production && <div className="hazard-edge h-1" aria-hidden />}
      <header
        className={classNames(
          'flex min-h-12 items-center gap-3 border-b px-4 py-2',
          production ? 'border-production-line bg-production-soft' : 'border-line',
        )}
      >
        <h2 className="flex min-w-0 flex-1 font-semibold">
          <EnvironmentName environment={environment} />
        </h2>
        <span className={classNames('font-medium text-xs', state.enabled ? 'text-live-ink' : 'text-ink-3')}>
          {state.enabled ? t`On` : t`Off`}
        </span>
        <Switch
          label={t`Toggle ${flag.key} in ${environment.key}`}
          checked={state.enabled}
          disabled={archived || !may('targeting:write')}
          pending={toggling.pendingIn(flag.key).split(' ').includes(environment.key)}
          note={isProtected(environment) ? t`${describeProtection(environment)} The switch asks for it.` : undefined}
          onChange={(enabled) => toggling.request({ flag, environment, enabled })}
        />
      </header>
      {state.killed && <KillSwitch project={project} flag={flag} environment={environment} {...rearming} />}
      <HeldRamps project={project} flag={flag} environment={environment} />
      <GrowingRamps project={project} flag={flag} environment={environment} />
      <div className="flex flex-1 flex-col gap-4 px-4 py-3.5">
        <CardMarks project={project} flag={flag} environment={environment} />
        <TargetingWords flag={flag} state={state} />
      </div>
      <div className="flex flex-wrap items-center justify-between gap-2 px-4 pb-2">
        <Link
          {...targetingPath(project, flag.key, environment.key)}
          aria-label={mayEdit ? t`Edit targeting in ${environment.name}` : t`Show targeting in ${environment.name}`}
          className={`${buttonShape} border border-edge bg-raised text-ink shadow-control hover:bg-hover`}
        >
          <SlidersHorizontal aria-hidden />
          {mayEdit ? t`Edit targeting` : t`Show targeting`}
        </Link>
        {!state.killed && !archived && may('kill:engage') && (
          <KillSwitch project={project} flag={flag} environment={environment} />
        )}
      </div>
      <footer className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5 border-line border-t bg-sunken px-4 py-2">
        <ReceiptStatus project={project} environment={environment.key} />
        <p className="text-2xs text-ink-3">
          <Trans>
            Flag changed here <RelativeTime at={state.updatedAt} />
          </Trans>
        </p>
      </footer>
    </section>
  );
}
