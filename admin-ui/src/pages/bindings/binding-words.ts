import type { MessageDescriptor } from '@lingui/core';
import { msg, t } from '@lingui/core/macro';
import type { Binding, Matcher } from '../../api/types.ts';
import type { Labels } from './label-match.ts';

type Targets = Binding['targets'];

/** `severity is critical, and service matches ^checkout` */
export function matchWords(match: readonly Matcher[]): string {
  return match.map(matcherWords).reduce((sooner, one) => t`${sooner}, and ${one}`);
}

function matcherWords(matcher: Matcher): string {
  const { label } = matcher;
  if ('equals' in matcher) return matcher.equals === '' ? t`${label} is empty` : t`${label} is ${matcher.equals}`;
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
  const valueIn = (label: string) =>
    labels !== undefined && Object.hasOwn(labels, label) ? String(labels[label]) : undefined;
  const namedFlag = (label: string) =>
    valueIn(label) ??
    (labels === undefined ? t`the flag that label “${label}” names` : t`no flag (it has no label “${label}”)`);
  const namedEnvironment = (label: string) =>
    valueIn(label) ??
    (labels === undefined
      ? t`the environment that label “${label}” names`
      : t`no environment (it has no label “${label}”)`);
  const which =
    'keys' in flags ? flags.keys.join(', ') : 'tag' in flags ? t`flags tagged ${flags.tag}` : namedFlag(flags.label);
  const where = 'keys' in environments ? environments.keys.join(', ') : namedEnvironment(environments.label);
  return t`${which} in ${where}`;
}

/** What is done and to what: `kill new-checkout in production`. */
export function sayAction(action: Binding['action'] | 'rollback', target: string): string {
  switch (action) {
    case 'notify':
      return t`notify ${target}`;
    case 'pause':
      return t`pause ${target}`;
    case 'abort':
      return t`abort ${target}`;
    case 'rollback':
      return t`roll back ${target}`;
    case 'kill':
      return t`kill ${target}`;
  }
}

/** What became of an action: `kill new-checkout in production: done`. @param reason empty: there is none to tell */
export function sayOutcome(
  action: Binding['action'] | 'rollback',
  { flag, environment }: { readonly flag: string; readonly environment: string },
  result: string,
  reason: string,
): string {
  const what = sayAction(action, t`${flag} in ${environment}`);
  return reason === '' ? t`${what}: ${result}` : t`${what}: ${result} (${reason})`;
}

/** What each action does, ascending in force. */
export const actionWords: Readonly<Record<Binding['action'], MessageDescriptor>> = {
  notify: msg`It is recorded and told to webhooks. Nothing is changed.`,
  pause: msg`The flag’s ramps and release stand still until the alert is resolved.`,
  abort: msg`The release that the flag is in goes back to its baseline.`,
  kill: msg`The flag serves its safe variant everywhere at once, until a person re-arms it.`,
};
