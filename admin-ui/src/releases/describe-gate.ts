import type { Gate } from '../api/types.ts';
import { formatNumber } from '../ui/format.ts';
import { formatSeconds } from './stage-duration.ts';

/** What a gate asks of the world, in a sentence. */
export function describeGate(gate: Gate): string {
  switch (gate.kind) {
    case 'http':
      return `Asks whether all instances are ready, at ${gate.urls.length === 1 ? 'one address' : `${gate.urls.length} addresses`}.`;
    case 'prometheus':
      return `Wants ${gate.baseline === undefined ? 'a number' : 'the candidate beside the baseline'} of ${gate.source} ${boundsOf(gate.atLeast, gate.atMost)}.`;
    case 'sequential':
      return `Fails once it is proven, by ${sourceOf(gate.of)}, that the candidate ${harmOf(gate.test)}.`;
    case 'burn_rate':
      return `Fails when, by ${sourceOf(gate.of)}, the error budget of ${formatShare(gate.objective)} is used up too fast.`;
    case 'sample_ratio':
      return 'Fails when the candidate gets another share of subjects than its split says.';
    case 'mann_whitney':
      return `Compares two gauges of ${gate.source}, such as memory, by the Mann-Whitney test.`;
    case 'migration':
      return `Waits until the migration${gate.plan === undefined ? '' : ` ${gate.plan}`} has come to ${(gate.phase ?? 'its phase').replaceAll('_', ' ')} with at most ${formatNumber(gate.maxRowsLeft ?? 0)} rows left.`;
    case 'job':
      return gate.run.kind === 'command'
        ? `Runs the job ${gate.run.command} once.`
        : 'Runs a job behind a webhook once.';
    case 'calendar':
      return `Lets the stage end only ${gate.days === undefined ? 'on any day' : `on ${gate.days.join(', ')}`}, ${gate.from ?? '00:00'} to ${gate.to ?? '24:00'} ${gate.timeZone ?? 'UTC'}.`;
  }
}

/** What follows from a gate's failure, and from not knowing. */
export function describePolicy({ onFailure = 'abort', onInconclusive = 'hold', onProviderLoss }: Gate): string {
  const loss =
    onProviderLoss === undefined
      ? ''
      : ` When it cannot be asked for ${formatSeconds(onProviderLoss.afterSeconds)}: ${onProviderLoss.then}.`;
  return `When it fails: ${onFailure}. When it cannot say before time is up: ${onInconclusive}.${loss}`;
}

type Sequential = Extract<Gate, { kind: 'sequential' }>;

function sourceOf(of: Sequential['of']): string {
  switch (of.kind) {
    case 'flag':
      return of.aboveMs === undefined ? 'errors that SDKs measured' : `what took longer than ${of.aboveMs} ms in SDKs`;
    case 'mismatches':
      return 'differences of old and new';
    case 'traffic':
      return 'counts of the traffic target';
    case 'prometheus':
      return `counts of ${of.source}`;
  }
}

function harmOf(test: Sequential['test']): string {
  return 'atMost' in test && typeof test.atMost === 'number'
    ? `has more than ${formatShare(test.atMost)} of bad ones`
    : 'is worse';
}

function boundsOf(atLeast: number | undefined, atMost: number | undefined): string {
  if (atLeast === undefined) return `at ${atMost} or less`;
  return atMost === undefined ? `at ${atLeast} or more` : `between ${atLeast} and ${atMost}`;
}

/** 0.995 -> `99.5%` */
export function formatShare(share: number): string {
  return `${Number((share * 100).toPrecision(4))}%`;
}
