import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import type { Binding, Matcher } from '../../api/types.ts';
import type { Labels } from './label-match.ts';

type Targets = Binding['targets'];

/** `severity is critical, and service matches ^checkout` */
export function matchWords(match: readonly Matcher[]): string {
  return match.map(matcherWords).join(', and ');
}

function matcherWords(matcher: Matcher): string {
  const { label } = matcher;
  if ('equals' in matcher) return t`${label} is ${matcher.equals === '' ? t`empty` : matcher.equals}`;
  if ('in' in matcher) return t`${label} is one of ${matcher.in.join(', ')}`;
  if ('matches' in matcher) return t`${label} matches ${matcher.matches}`;
  return t`${label} is there`;
}

/**
 * `new-checkout in production`; `the flag that label “flag” names in production`
 *
 * @param labels of an alert: those that name a flag or an environment are read
 */
export function targetWords({ flags, environments }: Targets, labels?: Labels): string {
  const named = (label: string, what: string) => {
    if (labels === undefined) return t`the ${what} that label “${label}” names`;
    return Object.hasOwn(labels, label) ? String(labels[label]) : t`no ${what} (it has no label “${label}”)`;
  };
  const which =
    'keys' in flags
      ? flags.keys.join(', ')
      : 'tag' in flags
        ? t`flags tagged ${flags.tag}`
        : named(flags.label, 'flag');
  const where = 'keys' in environments ? environments.keys.join(', ') : named(environments.label, 'environment');
  return t`${which} in ${where}`;
}

/** What each action does, ascending in force. */
export const actionWords: Readonly<Record<Binding['action'], MessageDescriptor>> = {
  notify: msg`It is recorded and told to webhooks. Nothing is changed.`,
  pause: msg`The flag’s ramps and release stand still until the alert is resolved.`,
  abort: msg`The release that the flag is in goes back to its baseline.`,
  kill: msg`The flag serves its safe variant everywhere at once, until a person re-arms it.`,
};
