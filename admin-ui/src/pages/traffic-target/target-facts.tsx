import { t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { CircleCheck, CircleMinus } from 'lucide-react';
import type { TrafficState, TrafficTarget } from '../../api/types.ts';
import { say } from '../../locales/say.ts';
import { describeCapabilities, describeSteps } from '../../traffic/capabilities.ts';
import { trafficKinds } from '../../traffic/kinds.ts';
import { textOf, valueAt } from '../../traffic/target-draft.ts';
import { Fact, FactList } from '../../ui/fact-list.tsx';
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
  const { name, means, settings, secrets = [] } = trafficKinds[target.kind];
  const told = settings.filter(({ path }) => valueAt(target.settings, path) !== undefined);
  return (
    <Panel title={t`Settings`} note={t(means)}>
      <FactList className="px-4 py-3">
        <Fact name={t`Kind`}>{say(name)}</Fact>
        {told.map(({ path, label }) => (
          <Fact key={path} mono name={t(label)}>
            {textOf(valueAt(target.settings, path)) || t`no`}
          </Fact>
        ))}
        {target.secrets.map((secret) => (
          <Fact key={secret} name={say(secrets.find(({ path }) => path === secret)?.label ?? secret)}>
            <Trans>kept sealed, never shown</Trans>
          </Fact>
        ))}
      </FactList>
    </Panel>
  );
}
