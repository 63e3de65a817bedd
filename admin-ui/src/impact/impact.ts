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
  return variant ?? "the code's default";
}

/** By what it is served, in a few words. */
export function causeWords({ ruleId, cause }: ImpactAnswer, nameOf: (ruleId: string) => string): string {
  if (ruleId !== undefined) return nameOf(ruleId);
  return (cause !== undefined && causes[cause]) || 'the default rule';
}

const causes: Readonly<Record<string, string>> = {
  off: 'the flag being off',
  kill: 'a kill',
  prerequisite: 'a prerequisite',
  'prerequisite-cycle': 'prerequisites in a circle',
  'prerequisite-limit': 'too many prerequisites',
  target: 'an individual target',
  holdout: 'a holdout',
  layer: 'a layer',
  'version-floor': 'a version floor',
};

/** `day`, `36 hours`, `7 days` */
export function spanWords(hours: number): string {
  if (hours === 24) return 'day';
  return hours % 24 === 0 ? `${hours / 24} days` : hours === 1 ? 'hour' : `${hours} hours`;
}
