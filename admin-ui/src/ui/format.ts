import { i18n } from '@lingui/core';
import { plural, t } from '@lingui/core/macro';
import { manners } from '../locales/locale.ts';

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** A measured duration: `0.4 ms`, `63 ms`, `1.2 s`, `3 min`. Never rounded up to a figure that was not reached. */
export function formatDuration(ms: number): string {
  if (ms < 1) return t`${floor(ms, 1)} ms`;
  if (ms < secondMs) return t`${Math.floor(ms)} ms`;
  if (ms < minuteMs) return t`${floor(ms / secondMs, 1)} s`;
  if (ms < hourMs) return t`${Math.floor(ms / minuteMs)} min`;
  return t`${Math.floor(ms / hourMs)} h`;
}

/** How long ago something was, coarsely: `just now`, `5 min ago`, `3 d ago`, then a date. Clocks may differ: the future is now. */
export function formatAge(ageMs: number, nowMs: number): string {
  if (ageMs < 45 * secondMs) return t`just now`;
  if (ageMs < hourMs) return t`${Math.max(1, Math.round(ageMs / minuteMs))} min ago`;
  if (ageMs < dayMs) return t`${Math.floor(ageMs / hourMs)} h ago`;
  if (ageMs < 30 * dayMs) return t`${Math.floor(ageMs / dayMs)} d ago`;
  return new Date(nowMs - ageMs).toISOString().slice(0, 10);
}

/** A sentence that begins with a thing's name as it stands within sentences. */
export function capitalized(sentence: string): string {
  return sentence.charAt(0).toLocaleUpperCase(manners()) + sentence.slice(1);
}

/** `a, b or c` */
export function orOf(choices: readonly string[]): string {
  return new Intl.ListFormat(manners(), { type: 'disjunction' }).format(choices);
}

/** Digits in groups of three. */
export function formatNumber(value: number): string {
  return i18n.number(value);
}

/** 20 000 -> `20k`: an axis has little room. */
export function formatTick(count: number): string {
  if (count < 1_000) return String(count);
  return count < 1_000_000 ? `${count / 1_000}k` : `${count / 1_000_000}M`;
}

/** `812 bytes`, `4.1 kB`, `12.3 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return plural(bytes, { one: '# byte', other: '# bytes' });
  return bytes < 1_000_000 ? t`${floor(bytes / 1_000, 1)} kB` : t`${floor(bytes / 1_000_000, 1)} MB`;
}

/**
 * What the server says in words, with its moments, shares and spans as pages write them: `2026-11-21T22:49:51.816Z` becomes
 * `22:49:51 UTC`, on another day `2026-11-21 22:49 UTC`, `2 %` becomes `2%`, `523 s` becomes `8 min 43 s`, and `3341 s` becomes `56 min`.
 */
export function formatSentence(text: string, nowMs: number = Date.now()): string {
  const today = new Date(nowMs).toISOString().slice(0, 10);
  return text
    .replace(
      /\b(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)(?:\.\d+)?Z/g,
      (_moment, day: string, minute: string, second: string) =>
        day === today ? `${minute}${second} UTC` : `${day} ${minute} UTC`,
    )
    .replace(/(?<=\d) %/g, '%')
    .replace(/(?<![\d.] ?)\b\d{3,} s\b/g, (span) => formatSpan(Number.parseInt(span, 10)));
}

/** Seconds, of minutes and hours as these: of a few minutes to the second, then never less exactly than by one in twenty. */
function formatSpan(seconds: number): string {
  const rest = seconds % 60;
  if (seconds < 600 && rest > 0) return t`${Math.floor(seconds / 60)} min ${rest} s`;
  if (seconds < 7_200) return t`${Math.round(seconds / 60)} min`;
  return t`${Number((seconds / 3_600).toFixed(1))} h`;
}

function floor(value: number, digits: number): string {
  const scale = 10 ** digits;
  return (Math.floor(value * scale) / scale).toFixed(digits);
}
