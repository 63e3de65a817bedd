import type { Safeguard, SafeguardTest, WatchedVariant } from '../api/types.ts';
import { formatShare } from '../releases/describe-gate.ts';

type Metric = Safeguard['metric'];

/** Which flags it watches: `flags tagged shop`. */
export function watchWords(watch: Safeguard['watch']): string {
  if ('flag' in watch) return watch.flag;
  return 'tag' in watch ? `flags tagged ${watch.tag}` : 'all that SDKs measure here';
}

/** What counts as bad: `errors of run`. */
function metricWords(metric: Metric): string {
  switch (metric.kind) {
    case 'errors':
      return `errors of ${metric.path ?? 'run'}`;
    case 'latency':
      return metric.aboveMs === undefined
        ? `how long ${metric.path ?? 'run'} takes`
        : `${metric.path ?? 'run'} taking longer than ${metric.aboveMs} ms`;
    case 'mismatches':
      return metric.path === 'read' ? 'reads of old and new that differ' : 'results of old and new that differ';
    case 'events':
      return `${metric.bad}, of ${metric.bad} and ${metric.good}`;
    case 'values':
      return `${metric.event} above ${metric.above}`;
    case 'exposures':
      return 'who gets which variant';
    case 'prometheus':
      return `queries of ${metric.source}`;
  }
}

/** When it fails. */
export function testWords(test: SafeguardTest): string {
  switch (test.kind) {
    case 'crash':
      return 'a variant is far worse, within seconds';
    case 'relative_risk':
      return test.tolerance === 1
        ? 'a variant is worse than the one beside it'
        : `a variant is more than ${test.tolerance} times as bad as the one beside it`;
    case 'placebo_rank':
      return 'those who get a variant are worse off than any other group as large';
    case 'latency':
      return test.tolerance === 1
        ? 'a variant is slower than the one beside it'
        : `a variant is slow more than ${test.tolerance} times as often as the one beside it`;
    case 'ceiling':
      return `more than ${formatShare(test.atMost)} of a variant is bad`;
    case 'burn_rate':
      return `the error budget of ${formatShare(test.objective)} is used up too fast`;
    case 'sample_ratio':
      return 'a split gives a variant another share of subjects than it should';
  }
}

const deeds = { notify: 'Tells', pause: 'Pauses ramps', abort: 'Takes releases back', kill: 'Kills the flag' } as const;

/** What it does, when, and by what: in a sentence. */
export function describeSafeguard({ action, test, metric }: Pick<Safeguard, 'action' | 'test' | 'metric'>): string {
  return `${deeds[action]} when ${testWords(test)}. Judged by ${metricWords(metric)}.`;
}

const dayMs = 24 * 60 * 60_000;

/** How often it is wrong, at most; undefined where it does not go by chance. */
export function describeChance(test: SafeguardTest): string | undefined {
  if (!('alpha' in test)) return undefined;
  if ('periodMs' in test && test.periodMs !== undefined) {
    return `False alarms: once in ${daysWords(test.periodMs / dayMs / test.alpha)} at most, on average.`;
  }
  return `False alarms: ${formatShare(test.alpha)} at most, however long it stands.`;
}

function daysWords(days: number): string {
  if (days < 730) return `${Math.round(days)} days`;
  return `${Math.round(days / 365)} years`;
}

/** The least harm that would be seen, in a sentence. */
export function sightWords(
  { detectable, dueShare }: Pick<WatchedVariant, 'detectable' | 'dueShare'>,
  silence: string | null,
): string {
  if (detectable === null) {
    return silence === null
      ? 'With today’s traffic it would not see any harm within 10 minutes.'
      : 'It sees nothing now.';
  }
  const { rate, ratio, withinMinutes } = detectable;
  if (dueShare !== undefined) {
    return `At today’s traffic it sees within ${withinMinutes} minutes that ${formatShare(rate)} of subjects get it where ${formatShare(dueShare)} should.`;
  }
  return `At today’s traffic it sees a harm of ${formatTimes(ratio)}, ${formatRate(rate)} bad, within ${withinMinutes} minutes.`;
}

/** 2.94 -> `2.9×`; 31.4 -> `31×` */
function formatTimes(ratio: number): string {
  return `${ratio >= 10 ? Math.round(ratio).toLocaleString('en-GB') : Number(ratio.toPrecision(2))}×`;
}

/** 0.01234 -> `1.2%` */
function formatRate(rate: number): string {
  return `${Number((rate * 100).toPrecision(2))}%`;
}
