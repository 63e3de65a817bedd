import { SYSTEM } from '../audit/actor.ts';
import type { BindingEditor } from '../bindings/service.ts';
import type { Flags } from '../flags/service.ts';
import { ApiError } from '../http/api-error.ts';
import { CANARY } from '../interventions/canary.ts';
import type { LiveRuleset } from '../rulesets/live-ruleset.ts';
import type { SignalSources } from '../signals/sources.ts';

export interface PropsDependencies {
  readonly flags: Pick<Flags, 'create'>;
  readonly sources: Pick<SignalSources, 'create' | 'remove'>;
  readonly bindings: Pick<BindingEditor, 'create' | 'remove'>;
}

/** The label by which the binding knows a drill's alert. */
export const ALERT_NAME = 'BuntingFireDrill';

/** The key of the source of signals, and of the binding: the same each time. */
export function propsKeyOf({ environmentId }: LiveRuleset): string {
  return `fire-drill-${environmentId}`;
}

/** Makes what a drill needs and is not there: the flag, who may send the alert, and what it leads to. */
export async function makeProps({ flags, sources, bindings }: PropsDependencies, ruleset: LiveRuleset): Promise<void> {
  const { project, environment } = ruleset;
  const key = propsKeyOf(ruleset);
  const name = `Fire drill of ${environment}`;
  await once(() =>
    flags.create(SYSTEM, project, {
      key: CANARY,
      type: 'boolean',
      name: 'Fire drills',
      description: 'Killed and re-armed by fire drills. Nothing asks for it, and nothing should.',
      kind: 'operational',
      tags: ['fire-drill'],
    }),
  );
  await once(() =>
    sources.create(SYSTEM, {
      key,
      vendor: 'generic',
      project,
      name,
      // Whoever has its secret can kill the flag that nobody asks for.
      allow: { environments: [environment], flags: [CANARY], action: 'kill' },
      mode: 'armed',
    }),
  );
  await once(() =>
    bindings.create(SYSTEM, project, {
      key,
      name,
      source: key,
      match: [{ label: 'alertname', equals: ALERT_NAME }],
      targets: { flags: { keys: [CANARY] }, environments: { keys: [environment] } },
      action: 'kill',
      mode: 'armed',
      maxKillsPerHour: 1_000,
      coolDownSeconds: 0,
    }),
  );
}

/** The flag stays: other environments may have drills. */
export async function removeProps({ sources, bindings }: PropsDependencies, ruleset: LiveRuleset): Promise<void> {
  const key = propsKeyOf(ruleset);
  await unlessGone(() => bindings.remove(SYSTEM, ruleset.project, key));
  await unlessGone(() => sources.remove(SYSTEM, key));
}

async function once(make: () => Promise<unknown>): Promise<void> {
  await make().catch((error: unknown) => {
    if (!(error instanceof ApiError && error.code === 'conflict')) throw error;
  });
}

async function unlessGone(remove: () => Promise<unknown>): Promise<void> {
  await remove().catch((error: unknown) => {
    if (!(error instanceof ApiError && error.code === 'not_found')) throw error;
  });
}
