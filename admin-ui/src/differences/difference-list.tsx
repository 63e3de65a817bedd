import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import { Trans } from '@lingui/react/macro';
import { say } from '../locales/say.ts';
import { describeValue } from './describe-value.ts';
import type { Difference } from './differences-of.ts';

const words: Readonly<Record<string, MessageDescriptor>> = {
  enabled: msg`state`,
  offVariant: msg`off variant`,
  safeVariant: msg`safe variant`,
  defaultRule: msg`default rule`,
  clientVisible: msg`visible to browsers`,
  archivedAt: msg`archived`,
  when: msg`condition`,
  includedCount: msg`included keys`,
  excludedCount: msg`excluded keys`,
};

/** What two states of a document differ in, place by place: what was there struck out, what is there now after it. */
export function DifferenceList({ differences }: { differences: readonly Difference[] }) {
  return (
    <dl className="flex flex-col">
      {differences.map(({ place, before, after }) => (
        <div
          key={place.join('\n')}
          className="grid gap-x-4 gap-y-0.5 border-line border-b px-4 py-2 last:border-b-0 sm:grid-cols-[12rem_minmax(0,1fr)]"
        >
          <dt className="break-words text-ink-3 text-xs leading-5">{wordsOfPlace(place)}</dt>
          <dd className="flex min-w-0 flex-col items-start gap-1 font-mono text-xs">
            {before !== undefined && (
              <del className="max-w-full rounded-xs bg-danger-soft px-1.5 py-0.5 text-ink-2 decoration-danger-ink/60">
                <Said field={place.at(-1) ?? ''} value={before} />
              </del>
            )}
            {after !== undefined && (
              <ins className="max-w-full rounded-xs bg-live/10 px-1.5 py-0.5 text-ink no-underline">
                <Said field={place.at(-1) ?? ''} value={after} />
              </ins>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** The same in one line, for lists: the first few, and how many more there are. */
export function DifferenceLine({ differences, shown = 2 }: { differences: readonly Difference[]; shown?: number }) {
  if (differences.length === 0) return null;
  const further = differences.length - shown;
  return (
    <span className="line-clamp-2 break-words text-ink-2 text-xs">
      {differences.slice(0, shown).map((difference, at) => (
        <span key={difference.place.join('\n')}>
          {at > 0 && '; '}
          <span className="text-ink-3">{wordsOfPlace(difference.place)}</span> {lineOf(difference)}
        </span>
      ))}
      {further > 0 && (
        <span className="text-ink-3">
          {' '}
          <Trans>and {further} more</Trans>
        </span>
      )}
    </span>
  );
}

/** Longer values are cut in lists. */
const lineLength = 80;

function lineOf({ place, before, after }: Difference): string {
  const say = (value: unknown) => {
    const text = describeValue(place.at(-1) ?? '', value);
    return text.length > lineLength ? `${text.slice(0, lineLength)}…` : text;
  };
  if (before === undefined) return say(after);
  return after === undefined ? t`${say(before)} → nothing` : t`${say(before)} → ${say(after)}`;
}

function Said({ field, value }: { field: string; value: unknown }) {
  const text = describeValue(field, value);
  return <span className="whitespace-pre-wrap break-words">{text === '' ? t`(empty)` : text}</span>;
}

function wordsOfPlace(place: readonly string[]): string {
  if (place.length === 0) return t`all of it`;
  return place.map((name) => say(words[name] ?? name)).join(' › ');
}
