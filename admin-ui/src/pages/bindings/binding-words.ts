import type { Binding, Matcher } from '../../api/types.ts';
import type { Labels } from './label-match.ts';

type Targets = Binding['targets'];

/** `severity is critical, and service matches ^checkout` */
export function matchWords(match: readonly Matcher[]): string {
  return match.map(matcherWords).join(', and ');
}

function matcherWords(matcher: Matcher): string {
  const { label } = matcher;
  if ('equals' in matcher) return `${label} is ${matcher.equals === '' ? 'empty' : matcher.equals}`;
  if ('in' in matcher) return `${label} is one of ${matcher.in.join(', ')}`;
  if ('matches' in matcher) return `${label} matches ${matcher.matches}`;
  return `${label} is there`;
}

/**
 * `new-checkout in production`; `the flag that label “flag” names in production`
 *
 * @param labels of an alert: those that name a flag or an environment are read
 */
export function targetWords({ flags, environments }: Targets, labels?: Labels): string {
  const named = (label: string, what: string) => {
    if (labels === undefined) return `the ${what} that label “${label}” names`;
    return Object.hasOwn(labels, label) ? labels[label] : `no ${what} (it has no label “${label}”)`;
  };
  const which =
    'keys' in flags ? flags.keys.join(', ') : 'tag' in flags ? `flags tagged ${flags.tag}` : named(flags.label, 'flag');
  const where = 'keys' in environments ? environments.keys.join(', ') : named(environments.label, 'environment');
  return `${which} in ${where}`;
}

/** What each action does, ascending in force. */
export const actionWords: Readonly<Record<Binding['action'], string>> = {
  notify: 'It is recorded and told to webhooks. Nothing is changed.',
  pause: 'The flag’s ramps and release stand still until the alert is resolved.',
  abort: 'The release that the flag is in goes back to its baseline.',
  kill: 'The flag serves its safe variant everywhere at once, until a person re-arms it.',
};
