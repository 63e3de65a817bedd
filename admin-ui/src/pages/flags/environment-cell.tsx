import { t } from '@lingui/core/macro';
import { useMay } from '../../api/permissions.ts';
import type { Environment, Flag } from '../../api/types.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { describeProtection, isProtected, ProtectedMark } from '../../environments/protection.tsx';
import { describeEnvironment } from '../../flags/describe-serve.ts';
import { SplitMeter } from '../../flags/split-meter.tsx';
import type { Toggling } from '../../flags/use-toggle.tsx';
import { classNames } from '../../ui/class-names.ts';
import { Switch } from '../../ui/switch.tsx';

interface EnvironmentCellProps {
  project: string;
  flag: Flag;
  environment: Environment;
  pending: boolean;
  onToggle: Toggling['request'];
}

/** A flag in one environment: its switch, and what it serves there. */
export function EnvironmentCell({ project, flag, environment, pending, onToggle }: EnvironmentCellProps) {
  const may = useMay(project, environment.key);
  const state = flag.environments[environment.key];
  const serves = state && describeEnvironment(flag, state);
  return (
    <div
      className={classNames(
        'flex min-w-0 items-center gap-2.5 px-4 py-1.5 md:min-h-11.5 md:px-3',
        environment.production &&
          'border-production-line bg-production-soft group-hover/row:bg-production-line/35 md:border-x',
      )}
    >
      <span className="flex w-32 shrink-0 items-center gap-1 text-ink-2 text-xs md:hidden">
        <EnvironmentName environment={environment} />
        <ProtectedMark environment={environment} />
      </span>
      {/* Above the link that covers the row. */}
      <span className="relative z-1 max-md:order-last max-md:ms-auto">
        <Switch
          label={t`Toggle ${flag.key} in ${environment.key}`}
          checked={state?.enabled ?? false}
          disabled={!may('targeting:write') || !state || flag.archivedAt !== null}
          pending={pending}
          note={isProtected(environment) ? t`${describeProtection(environment)} The switch asks for it.` : undefined}
          onChange={(enabled) => onToggle({ flag, environment, enabled })}
        />
      </span>
      {state && <SplitMeter flag={flag} state={state} />}
      <span
        className={classNames(
          'min-w-0 truncate text-xs',
          state?.enabled ? 'text-ink' : 'text-ink-3 group-hover/row:text-ink-2',
        )}
        title={serves}
      >
        {serves ?? t`not there`}
      </span>
    </div>
  );
}
