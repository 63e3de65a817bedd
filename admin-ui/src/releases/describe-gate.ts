import { plural, t } from '@lingui/core/macro';
import type { Gate } from '../api/types.ts';
import { wordOf } from '../ui/code-words.ts';
import { migrationPhases } from './migration-phases.ts';
import { formatSeconds } from './stage-duration.ts';

/** What a gate asks of the world, in a sentence. */
export function describeGate(gate: Gate): string {
  switch (gate.kind) {
    case 'http':
      return t`Asks whether all instances are ready, at ${plural(gate.urls.length, { one: 'one address', other: '# addresses' })}.`;
    case 'prometheus':
      return gate.baseline === undefined
        ? t`Wants a number of ${gate.source} ${boundsOf(gate.atLeast, gate.atMost)}.`
        : t`Wants the candidate beside the baseline of ${gate.source} ${boundsOf(gate.atLeast, gate.atMost)}.`;
    case 'sequential':
      return t`Fails once it is proven, by ${sourceOf(gate.of)}, that the candidate ${harmOf(gate.test)}.`;
    case 'burn_rate':
      return t`Fails when, by ${sourceOf(gate.of)}, the error budget of ${formatShare(gate.objective)} is used up too fast.`;
    case 'sample_ratio':
      return t`Fails when the candidate gets another share of subjects than its split says.`;
    case 'mann_whitney':
      return t`Compares two gauges of ${gate.source}, such as memory, by the Mann-Whitney test.`;
    case 'migration':
      return waitsForMigration(gate);
    case 'job':
      return gate.run.kind === 'command'
        ? t`Runs the job ${gate.run.command} once.`
        : t`Runs a job behind a webhook once.`;
    case 'calendar':
      return letsEnd(gate);
  }
}

/** What follows from a gate's failure, and from not knowing. */
export function describePolicy({ onFailure = 'abort', onInconclusive = 'hold', onProviderLoss }: Gate): string {
  const policy = t`When it fails: ${wordOf(onFailure)}. When it cannot say before time is up: ${wordOf(onInconclusive)}.`;
  if (onProviderLoss === undefined) return policy;
  const { afterSeconds, then } = onProviderLoss;
  return `${policy} ${t`When it cannot be asked for ${formatSeconds(afterSeconds)}: ${wordOf(then)}.`}`;
}

function waitsForMigration({ plan, phase, maxRowsLeft = 0 }: Extract<Gate, { kind: 'migration' }>): string {
  const come = phase === undefined ? t`its phase` : t(migrationPhases[phase].name);
  const rows = plural(maxRowsLeft, { one: '# row', other: '# rows' });
  return plan === undefined
    ? t`Waits until the migration has come to ${come} with at most ${rows} left.`
    : t`Waits until the migration ${plan} has come to ${come} with at most ${rows} left.`;
}

function letsEnd({
  days,
  from = '00:00',
  to = '24:00',
  timeZone = 'UTC',
}: Extract<Gate, { kind: 'calendar' }>): string {
  return days === undefined
    ? t`Lets the stage end only on any day, ${from} to ${to} ${timeZone}.`
    : t`Lets the stage end only on ${days.join(', ')}, ${from} to ${to} ${timeZone}.`;
}

type Sequential = Extract<Gate, { kind: 'sequential' }>;

function sourceOf(of: Sequential['of']): string {
  switch (of.kind) {
    case 'flag':
      return of.aboveMs === undefined
        ? t`errors that SDKs measured`
        : t`what took longer than ${of.aboveMs} ms in SDKs`;
    case 'mismatches':
      return t`differences of old and new`;
    case 'traffic':
      return t`counts of the traffic target`;
    case 'prometheus':
      return t`counts of ${of.source}`;
  }
}

function harmOf(test: Sequential['test']): string {
  return 'atMost' in test && typeof test.atMost === 'number'
    ? t`has more than ${formatShare(test.atMost)} of bad ones`
    : t`is worse`;
}

function boundsOf(atLeast: number | undefined, atMost: number | undefined): string {
  if (atLeast === undefined) return t`at ${atMost ?? 0} or less`;
  return atMost === undefined ? t`at ${atLeast} or more` : t`between ${atLeast} and ${atMost}`;
}

/** 0.995 -> `99.5%` */
export function formatShare(share: number): string {
  return `${Number((share * 100).toPrecision(4))}%`;
}
