import { formatPercent } from '../../flags/weights.ts';
import { formatSeconds } from '../../releases/stage-duration.ts';
import type { FormErrors } from '../../ui/form-errors.ts';

/** What the server calls a field, in the words of this page. */
const fieldWords: Readonly<Record<string, string>> = {
  title: 'the title',
  flags: 'the release',
  traffic: 'the release',
  migration: 'the release',
  flagsPer100k: 'the share of flags',
  trafficPer100k: 'the share of traffic',
  shadowPer100k: 'the share of copies',
  migrationPhase: 'the phase',
  soakSeconds: 'the time that it is watched',
  maxSeconds: 'the deadline',
  onLate: 'what follows when it is late',
  leaseSeconds: 'the lease',
  target: 'the traffic target',
  plan: 'the plan',
  source: 'the data source',
  of: 'what it counts',
  proves: 'the proof',
  alpha: 'the chance of a false alarm',
  atLeast: 'the least',
  atMost: 'the most',
  onInconclusive: 'what follows when it cannot say',
  timeZone: 'the time zone',
  url: 'the address',
  urls: 'the address',
  needs: 'what the target must be able to do',
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
  return field === '' ? '' : (fieldWords[field] ?? `the ${field}`);
}

/** Shares in percent, as they are typed here; seconds in the units that people plan in. */
function humanFigures(message: string, field: string): string {
  const withTimes = message.replace(
    /soakSeconds \((\d+)\)/g,
    (_, seconds) => `soakSeconds (${formatSeconds(Number(seconds))})`,
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
