import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import type { Gate } from '../../../api/types.ts';
import type { ReleaseSpec } from '../../../releases/release-spec.ts';

export type GateKind = Gate['kind'];
export type GateOf<K extends GateKind> = Extract<Gate, { kind: K }>;
/** Where a gate's counts come from. */
export type CountsSource = GateOf<'sequential'>['of'];

/** What kinds of gates there are called, and what each asks, for people who choose one. */
export const gateKinds: Readonly<
  Record<GateKind, { readonly name: MessageDescriptor; readonly asks: MessageDescriptor }>
> = {
  sequential: {
    name: msg`Worse than before`,
    asks: msg`Tests errors, slow calls or differences as they come, and may be looked at as often as one likes.`,
  },
  burn_rate: { name: msg`Error budget`, asks: msg`Fails when what is promised is used up too fast.` },
  prometheus: { name: msg`Number of Prometheus`, asks: msg`Wants a number, or two in relation, within bounds.` },
  mann_whitney: { name: msg`Shifted gauge`, asks: msg`Compares two gauges, such as memory, by many points of each.` },
  sample_ratio: {
    name: msg`Shares of the split`,
    asks: msg`Fails when the candidate gets another share than it should.`,
  },
  http: { name: msg`Readiness`, asks: msg`Asks addresses of the new instances whether they are ready.` },
  migration: { name: msg`Migration`, asks: msg`Waits until a migration has come so far, with so few rows left.` },
  job: { name: msg`Job`, asks: msg`Runs something of yours once, such as smoke tests, and waits for its end.` },
  calendar: { name: msg`Hours`, asks: msg`Lets the stage end only within office hours, or others.` },
};

export const gateKindNames = Object.keys(gateKinds) as readonly GateKind[];

/** What of a release gates are made for. */
export type GateGround = Pick<ReleaseSpec, 'environment' | 'flags' | 'traffic' | 'migration'>;

/** A gate to begin with, as sensible as it can be without knowing more. */
export function freshGate(kind: GateKind, ground: GateGround, source: string): Gate {
  const of: CountsSource = ground.traffic ? { kind: 'traffic' } : { kind: 'flag' };
  switch (kind) {
    case 'sequential':
      return { kind, name: 'errors', test: { kind: 'relative_risk', alpha: 0.01, tolerance: 1.5 }, of };
    case 'burn_rate':
      return { kind, name: 'budget', objective: 0.999, profile: 'release', of };
    case 'prometheus':
      return { kind, name: 'number', source, query: '', atMost: 1 };
    case 'mann_whitney':
      return { kind, name: 'gauge', source, query: '', baseline: '' };
    case 'sample_ratio':
      return { kind, name: 'shares' };
    case 'http':
      return { kind, name: 'ready', urls: [] };
    case 'migration':
      return { kind, name: 'migrated' };
    case 'job':
      return { kind, name: 'job', run: { kind: 'webhook', webhook: '' } };
    case 'calendar': {
      const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
      const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'] as const;
      return { kind, name: t`office hours`, days: [...days], from: '09:00', to: '17:00', timeZone };
    }
  }
}

/** What is still to be filled in of a gate, by its place; the server judges the rest. */
export function missingOfGate(gate: Gate): Readonly<Record<string, string>> {
  const missing: Record<string, string> = {};
  const want = (place: string, value: string | undefined, message: string) => {
    if (value?.trim() === '') missing[place] = message;
  };
  want('name', gate.name, t`Name it, so that it is known in the log.`);
  if ('source' in gate) want('source', gate.source, t`Choose where to ask.`);
  if ('query' in gate) want('query', gate.query, t`Write a query that gives one number.`);
  switch (gate.kind) {
    case 'http':
      if (gate.urls.length === 0) missing.urls = t`Name an address at least.`;
      for (const [at, { path }] of (gate.says ?? []).entries()) want(`says[${at}].path`, path, t`Say where to look.`);
      break;
    case 'prometheus':
    case 'mann_whitney':
      want('baseline', gate.baseline, t`Write the query of the baseline.`);
      break;
    case 'job':
      if (gate.run.kind === 'webhook') want('run.webhook', gate.run.webhook, t`Choose the webhook that runs it.`);
      else want('run.command', gate.run.command, t`Name a command of the server.`);
      break;
    case 'sequential':
    case 'burn_rate':
      if (gate.of.kind !== 'prometheus') break;
      want('of.source', gate.of.source, t`Choose where to ask.`);
      want('of.candidate.total', gate.of.candidate.total, t`Write how often it ran.`);
      want('of.candidate.bad', gate.of.candidate.bad, t`Write how often that was bad.`);
      want('of.baseline.total', gate.of.baseline?.total, t`Write how often it ran.`);
      want('of.baseline.bad', gate.of.baseline?.bad, t`Write how often that was bad.`);
      break;
    default:
  }
  return missing;
}
