import { msg, t } from '@lingui/core/macro';
import type { Safeguard, SafeguardTest, WatchedVariant } from '../api/types.ts';
import { manners } from '../locales/locale.ts';
import { formatShare } from '../releases/describe-gate.ts';

type Metric = Safeguard['metric'];

/** Which flags it watches: `flags tagged shop`. */
export function watchWords(watch: Safeguard['watch']): string {
  if ('flag' in watch) return watch.flag;
  return 'tag' in watch ? t`flags tagged ${watch.tag}` : t`all that SDKs measure here`;
}

/** What counts as bad: `errors of run`. */
function metricWords(metric: Metric): string {
  switch (metric.kind) {
    case 'errors':
      return t`errors of ${metric.path ?? 'run'}`;
    case 'latency':
      return metric.aboveMs === undefined
        ? t`how long ${metric.path ?? 'run'} takes`
        : t`${metric.path ?? 'run'} taking longer than ${metric.aboveMs} ms`;
    case 'mismatches':
      return metric.path === 'read' ? t`reads of old and new that differ` : t`results of old and new that differ`;
    case 'events':
      return t`${metric.bad}, of ${metric.bad} and ${metric.good}`;
    case 'values':
      return t`${metric.event} above ${metric.above}`;
    case 'exposures':
      return t`who gets which variant`;
    case 'prometheus':
      return t`queries of ${metric.source}`;
  }
}

/** When it fails. */
export function testWords(test: SafeguardTest): string {
  switch (test.kind) {
    case 'crash':
      return t`a variant is far worse, within seconds`;
    case 'relative_risk':
      return test.tolerance === 1
        ? t`a variant is worse than the one beside it`
        : t`a variant is more than ${test.tolerance} times as bad as the one beside it`;
    case 'placebo_rank':
      return t`those who get a variant are worse off than any other group as large`;
    case 'latency':
      return test.tolerance === 1
        ? t`a variant is slower than the one beside it`
        : t`a variant is slow more than ${test.tolerance} times as often as the one beside it`;
    case 'ceiling':
      return t`more than ${formatShare(test.atMost)} of a variant is bad`;
    case 'burn_rate':
      return t`the error budget of ${formatShare(test.objective)} is used up too fast`;
    case 'sample_ratio':
      return t`a split gives a variant another share of subjects than it should`;
  }
}

const deeds = {
  notify: msg`Tells`,
  pause: msg`Pauses ramps`,
  abort: msg`Takes releases back`,
  kill: msg`Kills the flag`,
} as const;

/** What it does, when, and by what: in a sentence. */
export function describeSafeguard({ action, test, metric }: Pick<Safeguard, 'action' | 'test' | 'metric'>): string {
  return t`${t(deeds[action])} when ${testWords(test)}. Judged by ${metricWords(metric)}.`;
}

const dayMs = 24 * 60 * 60_000;

/** How often it is wrong, at most; undefined where it does not go by chance. */
export function describeChance(test: SafeguardTest): string | undefined {
  if (!('alpha' in test)) return undefined;
  if ('periodMs' in test && test.periodMs !== undefined) {
    return t`False alarms: once in ${daysWords(test.periodMs / dayMs / test.alpha)} at most, on average.`;
  }
  return t`False alarms: ${formatShare(test.alpha)} at most, however long it stands.`;
}

function daysWords(days: number): string {
  if (days < 730) return t`${Math.round(days)} days`;
  return t`${Math.round(days / 365)} years`;
}

/** The least harm that would be seen, in a sentence. */
export function sightWords(
  { detectable, dueShare }: Pick<WatchedVariant, 'detectable' | 'dueShare'>,
  silence: string | null,
): string {
  if (detectable === null) {
    return silence === null
      ? t`With today’s traffic it would not see any harm within 10 minutes.`
      : t`It sees nothing now.`;
  }
  const { rate, ratio, withinMinutes } = detectable;
  if (dueShare !== undefined) {
    return t`At today’s traffic it sees within ${withinMinutes} minutes that ${formatShare(rate)} of subjects get it where ${formatShare(dueShare)} should.`;
  }
  return t`At today’s traffic it sees a harm of ${formatTimes(ratio)}, ${formatRate(rate)} bad, within ${withinMinutes} minutes.`;
}

/** 2.94 -> `2.9×`; 31.4 -> `31×` */
function formatTimes(ratio: number): string {
  return `${ratio >= 10 ? Math.round(ratio).toLocaleString(manners()) : Number(ratio.toPrecision(2))}×`;
}

/** 0.01234 -> `1.2%` */
function formatRate(rate: number): string {
  return `${Number((rate * 100).toPrecision(2))}%`;
}
