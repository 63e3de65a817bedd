import { checkPattern } from '@bunting/core';
import { t } from '@lingui/core/macro';
import type { Binding, BindingBody, Matcher } from '../../api/types.ts';
import type { FormErrors } from '../../ui/form-errors.ts';

export type MatcherTest = 'equals' | 'in' | 'matches' | 'present';

export interface MatcherDraft {
  /** Tells the rows apart while they are edited. */
  readonly id: number;
  readonly label: string;
  readonly test: MatcherTest;
  /** Of `equals` and `matches`. */
  readonly value: string;
  /** Of `in`. */
  readonly values: readonly string[];
}

export interface BindingDraft {
  readonly name: string;
  readonly key: string;
  readonly match: readonly MatcherDraft[];
  readonly flagsBy: 'keys' | 'tag' | 'label';
  readonly flags: readonly string[];
  readonly tag: string;
  readonly flagLabel: string;
  readonly environmentsBy: 'keys' | 'label';
  readonly environments: readonly string[];
  readonly environmentLabel: string;
  readonly action: Binding['action'];
  readonly mode: Binding['mode'];
  readonly maxAgeSeconds: number;
  readonly maxKillsPerHour: number;
  readonly coolDownSeconds: number;
}

export const emptyMatcher: Omit<MatcherDraft, 'id'> = { label: '', test: 'equals', value: '', values: [] };

/** Nothing is done before someone arms it. */
const empty: BindingDraft = {
  ...{ name: '', key: '', match: [{ id: 0, ...emptyMatcher }] },
  ...{ flagsBy: 'keys', flags: [], tag: '', flagLabel: 'flag' },
  ...{ environmentsBy: 'keys', environments: [], environmentLabel: 'environment' },
  ...{ action: 'kill', mode: 'dry_run', maxAgeSeconds: 900, maxKillsPerHour: 10, coolDownSeconds: 120 },
};

/** @param binding the one to edit; without it: a new one */
export function draftOf(binding: Binding | undefined): BindingDraft {
  if (binding === undefined) return empty;
  const { name, key, action, mode, maxAgeSeconds, maxKillsPerHour, coolDownSeconds } = binding;
  const { flags, environments } = binding.targets;
  return {
    ...empty,
    ...{ name, key, action, mode, maxAgeSeconds, maxKillsPerHour, coolDownSeconds },
    match: binding.match.map((matcher, id) => ({ ...emptyMatcher, id, ...draftMatcher(matcher) })),
    ...('keys' in flags
      ? { flagsBy: 'keys', flags: flags.keys }
      : 'tag' in flags
        ? { flagsBy: 'tag', tag: flags.tag }
        : { flagsBy: 'label', flagLabel: flags.label }),
    ...('keys' in environments
      ? { environmentsBy: 'keys', environments: environments.keys }
      : { environmentsBy: 'label', environmentLabel: environments.label }),
  };
}

function draftMatcher(matcher: Matcher): Partial<MatcherDraft> {
  const { label } = matcher;
  if ('equals' in matcher) return { label, test: 'equals', value: matcher.equals };
  if ('in' in matcher) return { label, test: 'in', values: matcher.in };
  if ('matches' in matcher) return { label, test: 'matches', value: matcher.matches };
  return { label, test: 'present' };
}

/** The matchers as far as they are written: a row without a label says nothing yet. */
export function matchersOf(match: readonly MatcherDraft[]): Matcher[] {
  return match.flatMap(({ label: typed, test, value, values }): Matcher[] => {
    const label = typed.trim();
    if (label === '') return [];
    if (test === 'equals') return [{ label, equals: value }];
    if (test === 'in') return [{ label, in: [...values] }];
    if (test === 'matches') return [{ label, matches: value }];
    return [{ label, present: true }];
  });
}

export function targetsOf(draft: BindingDraft): Binding['targets'] {
  return {
    flags:
      draft.flagsBy === 'keys'
        ? { keys: [...draft.flags] }
        : draft.flagsBy === 'tag'
          ? { tag: draft.tag.trim() }
          : { label: draft.flagLabel.trim() },
    environments:
      draft.environmentsBy === 'keys' ? { keys: [...draft.environments] } : { label: draft.environmentLabel.trim() },
  };
}

/** Reads what was typed: what to send, or what is wrong, by its place as the server names it. */
export function checkBinding(
  draft: BindingDraft,
  source: string,
): { ok: true; ready: BindingBody } | { ok: false; errors: FormErrors } {
  const errors: Record<string, string> = {};
  const name = draft.name.trim();
  const key = draft.key.trim();
  if (name === '') errors.name = t`Name it after what goes wrong, such as “Checkout fails”.`;
  if (key === '') errors.key = t`Give it a key, such as checkout-fails: signals and the audit log name it so.`;
  if (draft.match.length === 0) errors.match = t`Say which alerts are meant: add a label.`;
  draft.match.forEach((matcher, at) => {
    const problem = problemOf(matcher);
    if (problem !== undefined) errors[`match.${at}`] = problem;
  });
  if (draft.flagsBy === 'keys' && draft.flags.length === 0) errors.flags = t`Choose a flag.`;
  if (draft.flagsBy === 'tag' && draft.tag.trim() === '') errors.flags = t`Enter the tag of the flags.`;
  if (draft.flagsBy === 'label' && draft.flagLabel.trim() === '')
    errors.flags = t`Enter the label that names the flag.`;
  if (draft.environmentsBy === 'keys' && draft.environments.length === 0)
    errors.environments = t`Choose an environment.`;
  if (draft.environmentsBy === 'label' && draft.environmentLabel.trim() === '') {
    errors.environments = t`Enter the label that names the environment.`;
  }
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  const { action, mode, maxAgeSeconds, maxKillsPerHour, coolDownSeconds } = draft;
  const limits = { maxAgeSeconds, maxKillsPerHour, coolDownSeconds };
  const match = matchersOf(draft.match);
  return { ok: true, ready: { key, name, source, match, targets: targetsOf(draft), action, mode, ...limits } };
}

function problemOf({ label, test, value, values }: MatcherDraft): string | undefined {
  if (label.trim() === '') return t`Enter the name of a label, such as severity.`;
  if (test === 'in' && values.length === 0) return t`Enter at least one value.`;
  if (test !== 'matches') return undefined;
  if (value === '') return t`Enter a pattern, such as ^checkout.`;
  const [problem] = checkPattern(value);
  return problem && t`The pattern ${problem.message}.`;
}

/** What the server found wrong, at the place of the form that it is about. */
export function placeErrors(errors: FormErrors): FormErrors {
  return Object.fromEntries(
    Object.entries(errors).map(([path, message]) => [
      /^match\.\d+/.exec(path)?.[0] ?? /^targets\.(flags|environments)/.exec(path)?.[1] ?? path,
      message,
    ]),
  );
}
