import type { MessageDescriptor } from '@lingui/core';
import { msg, plural, t } from '@lingui/core/macro';
import type { Preview } from '../api/types.ts';

/** What a context got or gets, and by what. */
export interface ImpactAnswer {
  /** null: an error; the code serves its own default. */
  readonly variant: string | null;
  readonly ruleId?: string;
  /** Such as `off`, `kill`, `target`. */
  readonly cause?: string;
}

export interface ImpactMove {
  readonly before: ImpactAnswer;
  readonly after: ImpactAnswer;
  readonly contexts: number;
  readonly examples: readonly object[];
}

/** Whom a draft moves, among so many contexts. */
export interface Impact {
  readonly seen: number;
  readonly moved: number;
  readonly moves: readonly ImpactMove[];
}

/** What the server says of the flag itself. */
export function seenImpact(preview: Preview, flag: string): Impact {
  const own = preview.flags.find((one) => one.flag === flag);
  const moves = (own?.moves ?? []).map(({ examples, ...move }) => ({
    ...move,
    examples: examples.map(({ context }) => context),
  }));
  return { seen: preview.sampled, moved: own?.moved ?? 0, moves };
}

/** Flags that depend on it and move with it. */
export function movedWith(preview: Preview, flag: string): { readonly flag: string; readonly moved: number }[] {
  return preview.flags.filter((one) => one.flag !== flag && one.moved > 0);
}

/** The variant, or what stands for it. */
export function variantWords({ variant }: ImpactAnswer): string {
  return variant ?? t`the code's default`;
}

/** By what it is served, in a few words. */
export function causeWords({ ruleId, cause }: ImpactAnswer, nameOf: (ruleId: string) => string): string {
  if (ruleId !== undefined) return nameOf(ruleId);
  const known = cause === undefined ? undefined : causes[cause];
  return known === undefined ? t`the default rule` : t(known);
}

const causes: Readonly<Record<string, MessageDescriptor>> = {
  off: msg`the flag being off`,
  kill: msg`a kill`,
  prerequisite: msg`a prerequisite`,
  'prerequisite-cycle': msg`prerequisites in a circle`,
  'prerequisite-limit': msg`too many prerequisites`,
  target: msg`an individual target`,
  holdout: msg`a holdout`,
  layer: msg`a layer`,
  'version-floor': msg`a version floor`,
};

/** `day`, `36 hours`, `7 days` */
export function spanWords(hours: number): string {
  return hours % 24 === 0
    ? plural(hours / 24, { one: 'day', other: '# days' })
    : plural(hours, { one: 'hour', other: '# hours' });
}
