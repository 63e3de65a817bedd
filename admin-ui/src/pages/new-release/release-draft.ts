import type { CreateReleaseBody, Flag } from '../../api/types.ts';
import { onOffVariants } from '../../flags/describe-serve.ts';
import { type Weight, weightOfPercent, weightsOfServe } from '../../flags/weights.ts';
import type { FormErrors } from '../../ui/form-errors.ts';

export interface DraftFlag {
  readonly flag: Flag;
  readonly candidate: string;
  readonly baseline: string;
  /** Id of the rule whose subjects take part; empty: those of the default rule. */
  readonly rule: string;
}

export interface DraftStage {
  /** Tells stages apart while they are edited. */
  readonly id: number;
  readonly percent: number;
  readonly soakMinutes: number;
  readonly approvals: number;
  /** 0: it is never late. */
  readonly maxMinutes: number;
  readonly onLate: 'hold' | 'abort';
}

export interface ReleaseDraft {
  readonly title: string;
  readonly environment: string;
  readonly flags: readonly DraftFlag[];
  readonly stages: readonly DraftStage[];
  readonly bakeMinutes: number;
  readonly rollbackHours: number;
}

let lastStageId = 0;

export function newStage(part: Pick<DraftStage, 'percent' | 'soakMinutes'> & Partial<DraftStage>): DraftStage {
  lastStageId += 1;
  return { approvals: 0, maxMinutes: 0, onLate: 'hold', ...part, id: lastStageId };
}

/** Ways that have proved themselves, to begin from. */
export const templates = [
  { name: 'Usual', words: '5, 20, 50, 100%', stages: [5, 20, 50, 100], soakMinutes: 10, approvals: 0 },
  { name: 'Careful', words: '1, 5, 25, 50, 100%', stages: [1, 5, 25, 50, 100], soakMinutes: 60, approvals: 1 },
  { name: 'Quick', words: '10, 100%', stages: [10, 100], soakMinutes: 2, approvals: 0 },
] as const;

export type Template = (typeof templates)[number];

/** The stages of a template. Approval is asked for before half of all people are reached, never after the last stage. */
export function stagesOf({ stages, soakMinutes, approvals }: Template): DraftStage[] {
  return stages.map((percent, at) =>
    newStage({ percent, soakMinutes, approvals: (stages[at + 1] ?? 0) === 50 ? approvals : 0 }),
  );
}

/** A flag as it would most likely be released: from what it serves now to the other one. */
export function draftFlag(flag: Flag, environment: string): DraftFlag {
  const state = flag.environments[environment];
  const shares = state ? weightsOfServe(state.defaultRule, flag.variants, state.offVariant) : [];
  const served = shares.reduce<Weight | undefined>(
    (most, share) => (most && most.weightPer100k >= share.weightPer100k ? most : share),
    undefined,
  );
  const baseline = served?.variant ?? flag.variants[0]?.name ?? '';
  const pair = onOffVariants(flag);
  const other = flag.variants.find(({ name }) => name !== baseline)?.name ?? '';
  return { flag, baseline, candidate: pair && pair.on !== baseline ? pair.on : other, rule: '' };
}

/** What the server will say against a start with a flag as it is now; undefined: nothing. */
export function obstacleOf({ flag, baseline, rule }: DraftFlag, environment: string): string | undefined {
  const state = flag.environments[environment];
  if (flag.archivedAt !== null || !state) return 'It is archived: restore it before the release starts.';
  if (state.killed) return 'It is killed here: re-arm it before the release starts.';
  if (!state.enabled) return 'It is off here: turn it on before the release starts. It serves its baseline until then.';
  const serve = rule === '' ? state.defaultRule : state.rules.find(({ id }) => id === rule)?.serve;
  if (serve === undefined) return undefined;
  const shares = weightsOfServe(serve, flag.variants, state.offVariant);
  if (shares.every(({ variant, weightPer100k }) => variant === baseline || weightPer100k === 0)) return undefined;
  return `It does not serve ${baseline} to everyone here: let it, before the release starts.`;
}

/** Reads what was composed: what to send, or what is wrong, by its place. */
export function checkDraft(
  draft: ReleaseDraft,
): { ok: true; ready: CreateReleaseBody } | { ok: false; errors: FormErrors } {
  const errors: Record<string, string> = {};
  if (draft.title.trim() === '') errors.title = 'Name it after what changes for people, such as “New checkout”.';
  if (draft.flags.length === 0) errors.flags = 'Add the flag that is released.';
  for (const [at, { candidate, baseline }] of draft.flags.entries()) {
    if (candidate === baseline) errors[`flags[${at}]`] = 'Choose another variant than the one served before.';
  }
  for (const [at, { percent, maxMinutes, soakMinutes }] of draft.stages.entries()) {
    const before = draft.stages[at - 1]?.percent ?? 0;
    if (percent <= before) errors[`stages[${at}]`] = `It must be more than ${before}%, that of the stage before.`;
    if (maxMinutes > 0 && maxMinutes < soakMinutes) {
      errors[`stages[${at}]`] = 'It is late before it can be done: give it at least as long as it is watched.';
    }
  }
  if (draft.stages.at(-1)?.percent !== 100) errors.stages = 'The last stage must be 100%: everyone.';
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  return { ok: true, ready: bodyOf(draft) };
}

function bodyOf({ title, environment, flags, stages, bakeMinutes, rollbackHours }: ReleaseDraft): CreateReleaseBody {
  return {
    title: title.trim(),
    environment,
    strategy: 'flag_only',
    flags: flags.map(({ flag, candidate, baseline, rule }) => ({
      ...{ flag: flag.key, candidate, baseline },
      ...(rule !== '' && { rule }),
    })),
    stages: stages.map(({ percent, soakMinutes, approvals, maxMinutes, onLate }) => ({
      ...{ flagsPer100k: weightOfPercent(percent), soakSeconds: Math.round(soakMinutes * 60), approvals },
      ...(maxMinutes > 0 && { maxSeconds: Math.round(maxMinutes * 60), onLate }),
    })),
    bakeSeconds: Math.round(bakeMinutes * 60),
    rollbackWindowSeconds: Math.round(rollbackHours * 3_600),
  };
}
