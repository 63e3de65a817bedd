import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { Link } from '@tanstack/react-router';
import { useMay } from '../../api/permissions.ts';
import type { Environment, Flag, Project } from '../../api/types.ts';
import type { Way } from '../../flags/connect-code.ts';
import { useToggle } from '../../flags/use-toggle.tsx';
import { flagPath } from '../../paths.ts';
import { ReceiptStatus } from '../../receipts/receipt-status.tsx';
import { Switch } from '../../ui/switch.tsx';

interface TurnOnProps {
  project: Project;
  environment: Environment;
  flag: Flag;
  way: Way;
}

/** The flag's switch, beside the code that follows it. */
export function TurnOn({ project, environment, flag, way }: TurnOnProps) {
  const may = useMay(project.key, environment.key);
  const toggling = useToggle(project.key);
  const state = flag.environments[environment.key];
  if (!state) return null;
  return (
    <>
      <p className="text-ink-2">
        {way === 'curl'
          ? t`Turn it on, and run the command again: the answer has changed.`
          : t`Turn it on, and watch what your code says.`}
      </p>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <span className="flex items-center gap-3">
          <Switch
            label={t`Toggle ${flag.key} in ${environment.key}`}
            checked={state.enabled}
            disabled={!may('targeting:write') || flag.archivedAt !== null}
            pending={toggling.pendingIn(flag.key).split(' ').includes(environment.key)}
            onChange={(enabled) => toggling.request({ flag, environment, enabled })}
          />
          <span className="font-medium">
            {state.enabled ? t`${flag.key} is on in ${environment.name}` : t`${flag.key} is off in ${environment.name}`}
          </span>
        </span>
        {way !== 'curl' && <ReceiptStatus project={project.key} environment={environment.key} />}
      </div>
      <p className="text-ink-2">
        <Trans>
          Next: say{' '}
          <Link {...flagPath(project.key, flag.key)} className="font-medium text-link hover:underline">
            who gets it
          </Link>
          , by a percentage or by rules.
        </Trans>
      </p>
      {toggling.question}
    </>
  );
}
