import { plural, t } from '@lingui/core/macro';
import type { Gate } from '../api/types.ts';
import { formatNumber } from '../ui/format.ts';
import { formatSeconds } from './stage-duration.ts';

/** What a gate asks of the world, in a sentence. */
export function describeGate(gate: Gate): string {
  switch (gate.kind) {
    case 'http':
      return t`Asks whether all instances are ready, at ${plural(gate.urls.length, { one: 'one address', other: '# addresses' })}.`;
    case 'prometheus':
      return t`Wants ${gate.baseline === undefined ? t`a number` : t`the candidate beside the baseline`} of ${gate.source} ${boundsOf(gate.atLeast, gate.atMost)}.`;
    case 'sequential':
      return t`Fails once it is proven, by ${sourceOf(gate.of)}, that the candidate ${harmOf(gate.test)}.`;
    case 'burn_rate':
      return t`Fails when, by ${sourceOf(gate.of)}, the error budget of ${formatShare(gate.objective)} is used up too fast.`;
    case 'sample_ratio':
      return t`Fails when the candidate gets another share of subjects than its split says.`;
    case 'mann_whitney':
      return t`Compares two gauges of ${gate.source}, such as memory, by the Mann-Whitney test.`;
    case 'migration':
      return t`Waits until the migration${gate.plan === undefined ? '' : ` ${gate.plan}`} has come to ${(gate.phase ?? t`its phase`).replaceAll('_', ' ')} with at most ${formatNumber(gate.maxRowsLeft ?? 0)} rows left.`;
    case 'job':
      return gate.run.kind === 'command'
        ? t`Runs the job ${gate.run.command} once.`
        : t`Runs a job behind a webhook once.`;
    case 'calendar':
      return t`Lets the stage end only ${gate.days === undefined ? t`on any day` : t`on ${gate.days.join(', ')}`}, ${gate.from ?? '00:00'} to ${gate.to ?? '24:00'} ${gate.timeZone ?? t`UTC`}.`;
  }
}

/** What follows from a gate's failure, and from not knowing. */
export function describePolicy({ onFailure = 'abort', onInconclusive = 'hold', onProviderLoss }: Gate): string {
  const loss =
    onProviderLoss === undefined
      ? ''
      : t` When it cannot be asked for ${formatSeconds(onProviderLoss.afterSeconds)}: ${onProviderLoss.then}.`;
  return t`When it fails: ${onFailure}. When it cannot say before time is up: ${onInconclusive}.${loss}`;
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
