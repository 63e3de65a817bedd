import { useMay } from '../../api/permissions.ts';
import type { Environment, Flag } from '../../api/types.ts';
import { EnvironmentName } from '../../environments/environment-name.tsx';
import { describeCondition } from '../../flags/describe-condition.ts';
import type { Toggling } from '../../flags/use-toggle.tsx';
import { variantColor } from '../../flags/variant-color.ts';
import { ReceiptStatus } from '../../receipts/receipt-status.tsx';
import { Badge } from '../../ui/badge.tsx';
import { classNames } from '../../ui/class-names.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { Swatch } from '../../ui/swatch.tsx';
import { Switch } from '../../ui/switch.tsx';
import { HeldRamps } from './held-ramps.tsx';
import { KillSwitch } from './kill-switch.tsx';
import { RuleBlock } from './rule-block.tsx';
import { RuleServe } from './rule-serve.tsx';
import { useSaveServe } from './use-save-serve.tsx';

interface EnvironmentCardProps {
  project: string;
  flag: Flag;
  environment: Environment;
  toggling: Toggling;
}

/** How one environment serves the flag, and the means to change it. */
export function EnvironmentCard({ project, flag, environment, toggling }: EnvironmentCardProps) {
  const save = useSaveServe(project, flag, environment);
  const may = useMay(project, environment.key);
  const state = flag.environments[environment.key];
  if (!state) return null;
  const archived = flag.archivedAt !== null;
  const { production } = environment;
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
        {state.killed && <Badge look="danger">killed</Badge>}
        <span className={classNames('font-medium text-xs', state.enabled ? 'text-live-ink' : 'text-ink-3')}>
          {state.enabled ? 'On' : 'Off'}
        </span>
        <Switch
          label={`Toggle ${flag.key} in ${environment.key}`}
          checked={state.enabled}
          disabled={archived || !may('targeting:write')}
          pending={toggling.pendingIn(flag.key).split(' ').includes(environment.key)}
          onChange={(enabled) => toggling.request({ flag, environment, enabled })}
        />
      </header>
      {state.killed && <KillSwitch project={project} flag={flag} environment={environment} />}
      <HeldRamps project={project} flag={flag} environment={environment} />
      <div className="flex flex-1 flex-col gap-4 px-4 py-3.5">
        {!state.enabled && !archived && (
          <p className="flex flex-wrap items-center gap-x-1.5 text-ink-2 text-xs">
            Everyone gets <Swatch color={variantColor(flag, state.offVariant)} />
            <span className="font-mono text-ink">{state.offVariant}</span> while it is off. Once on:
          </p>
        )}
        {state.rules.map((rule, at) => (
          <RuleBlock key={rule.id} title={rule.name ?? `Rule ${at + 1}`} when={describeCondition(rule.when)}>
            <RuleServe
              mayEdit={may('targeting:write')}
              flag={flag}
              environment={environment}
              name={rule.name ?? `rule ${at + 1}`}
              serve={rule.serve}
              onSave={(serve, draft) =>
                save({ rules: state.rules.map((other) => (other.id === rule.id ? { ...rule, serve } : other)) }, draft)
              }
            />
          </RuleBlock>
        ))}
        <RuleBlock title={state.rules.length === 0 ? 'Everyone gets' : 'Everyone else gets'}>
          <RuleServe
            mayEdit={may('targeting:write')}
            flag={flag}
            environment={environment}
            name="default rule"
            serve={state.defaultRule}
            onSave={(serve, draft) => save({ defaultRule: serve }, draft)}
          />
        </RuleBlock>
      </div>
      {!state.killed && !archived && may('kill:engage') && (
        <KillSwitch project={project} flag={flag} environment={environment} />
      )}
      <footer className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5 border-line border-t bg-sunken px-4 py-2">
        <ReceiptStatus project={project} environment={environment.key} />
        <p className="text-2xs text-ink-3">
          Flag changed here <RelativeTime at={state.updatedAt} />
        </p>
      </footer>
    </section>
  );
}
