import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { formatPercent } from '../../flags/weights.ts';
import { say } from '../../locales/say.ts';
import { formatSeconds } from '../../releases/stage-duration.ts';
import type { FormErrors } from '../../ui/form-errors.ts';

/** What the server calls a field, in the words of this page. */
const fieldWords: Readonly<Record<string, MessageDescriptor>> = {
  title: msg`the title`,
  flags: msg`the release`,
  traffic: msg`the release`,
  migration: msg`the release`,
  flagsPer100k: msg`the share of flags`,
  trafficPer100k: msg`the share of traffic`,
  shadowPer100k: msg`the share of copies`,
  migrationPhase: msg`the phase`,
  soakSeconds: msg`the time that it is watched`,
  maxSeconds: msg`the deadline`,
  onLate: msg`what follows when it is late`,
  leaseSeconds: msg`the lease`,
  target: msg`the traffic target`,
  plan: msg`the plan`,
  source: msg`the data source`,
  of: msg`what it counts`,
  proves: msg`the proof`,
  alpha: msg`the chance of a false alarm`,
  atLeast: msg`the least`,
  atMost: msg`the most`,
  onInconclusive: msg`what follows when it cannot say`,
  timeZone: msg`the time zone`,
  url: msg`the address`,
  urls: msg`the address`,
  needs: msg`what the target must be able to do`,
};

/** Fields that a message names: never in other words than those of the page. */
const named = /\b(flagsPer100k|trafficPer100k|shadowPer100k|soakSeconds|maxSeconds|onLate)\b/g;

/** The API's refusals in the words of the page, by the same places; what is said of the whole stays as it is. */
export function problemSentences(errors: FormErrors): FormErrors {
  return Object.fromEntries(
    Object.entries(errors).map(([path, message]) => [path, path === '' ? message : problemSentence(path, message)]),
  );
}

/** A refusal as a sentence about its field. @param path the API's: `stages[1].trafficPer100k` */
export function problemSentence(path: string, message: string): string {
  const field = (path.split('.').at(-1) ?? '').replace(/\[\d+\]$/, '');
  // A place in a list, such as a stage, is what the sentence stands beside.
  const subject = path.endsWith(']') && field !== 'urls' && field !== 'needs' ? 'it' : wordOf(field);
  const text = humanFigures(message, field).replaceAll(named, wordOf).replace('say blind: true', 'accept it below');
  const isSentence = subject === '' || /^(?:there |Traffic target |Or )/.test(text);
  return capitalised(isSentence ? text : `${subject} ${text}`);
}

function wordOf(field: string): string {
  return field === '' ? '' : say(fieldWords[field] ?? t`the ${field}`);
}

/** Shares in percent, as they are typed here; seconds in the units that people plan in. */
function humanFigures(message: string, field: string): string {
  const withTimes = message.replace(
    /soakSeconds \((\d+)\)/g,
    (_, seconds) => t`soakSeconds (${formatSeconds(Number(seconds))})`,
  );
  if (!/Per100k/.test(`${field} ${message}`)) return withTimes;
  return withTimes.replace(/\b\d{1,6}\b/g, (figure) => formatPercent(Number(figure)));
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What is wrong at a place and within it, but not within the `parts` of it that say so themselves. */
export function problemsAt(errors: FormErrors, place: string, ...parts: readonly string[]): readonly string[] {
  return Object.entries(errors)
    .filter(([path]) => isWithin(path, place) && !parts.some((part) => isWithin(path, `${place}${part}`)))
    .map(([, message]) => message);
}

function isWithin(path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`);
}
