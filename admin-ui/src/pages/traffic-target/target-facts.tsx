import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { CircleCheck, CircleMinus } from 'lucide-react';
import type { TrafficState, TrafficTarget } from '../../api/types.ts';
import { say } from '../../locales/say.ts';
import { describeCapabilities, describeSteps } from '../../traffic/capabilities.ts';
import { trafficKinds } from '../../traffic/kinds.ts';
import { textOf, valueAt } from '../../traffic/target-draft.ts';
import { Panel } from '../../ui/panel.tsx';

/** What a target can do for a release, each in a sentence. */
export function CapabilitiesPanel({ capabilities }: { capabilities: NonNullable<TrafficState['capabilities']> }) {
  return (
    <Panel title={t`What it can do`} note={t`A release that asks for more is refused.`}>
      <ul aria-label={t`What it can do`} className="grid gap-x-8 gap-y-2.5 px-4 py-3 md:grid-cols-2">
        {describeCapabilities(capabilities).map(({ name, can, sentence }) => {
          const Sign = can ? CircleCheck : CircleMinus;
          return (
            <li key={name} className="flex min-w-0 gap-2">
              <Sign
                className={`mt-0.5 size-4 shrink-0 ${can ? 'text-live-ink' : 'text-ink-3'}`}
                aria-label={can ? t`Yes` : t`No`}
              />
              <span className="min-w-0">
                <span className="font-medium">{name}</span>
                <span className="block text-ink-2 text-xs">{sentence}</span>
              </span>
            </li>
          );
        })}
      </ul>
      <p className="border-line border-t px-4 py-2.5 text-ink-2 text-xs">{describeSteps(capabilities)}</p>
    </Panel>
  );
}

/** Where it leads. Of what is sealed only the name is told. */
export function SettingsPanel({ target }: { target: TrafficTarget }) {
  const { name, means, settings } = trafficKinds[target.kind];
  const told = settings.filter(({ path }) => valueAt(target.settings, path) !== undefined);
  return (
    <Panel title={t`Settings`} note={t(means)}>
      <dl className="grid grid-cols-2 gap-x-6 sm:grid-cols-[minmax(7rem,auto)_1fr] gap-y-1.5 px-4 py-3 text-xs [&>dt]:text-ink-3">
        <dt>
          <Trans>Kind</Trans>
        </dt>
        <dd>{say(name)}</dd>
        {told.map(({ path, label }) => (
          <Fact key={path} label={t(label)} value={textOf(valueAt(target.settings, path)) || t`no`} />
        ))}
        {target.secrets.map((secret) => (
          <div key={secret} className="contents [&>dt]:text-ink-3">
            <dt className="capitalize">{secret}</dt>
            <dd className="text-ink-2">
              <Trans>kept sealed, never shown</Trans>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <div className="contents [&>dt]:text-ink-3">
      <dt>{label}</dt>
      <dd className="min-w-0 break-all font-mono">{value}</dd>
    </div>
  );
}
