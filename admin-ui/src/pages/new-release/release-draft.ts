import { t } from '@lingui/core/macro';
import type { CreateReleaseBody, ReleaseStage, ReleaseTemplate, ReleaseTemplateBody } from '../../api/types.ts';
import type { ReleasedFlag, ReleaseSpec } from '../../releases/release-spec.ts';
import type { FormErrors } from '../../ui/form-errors.ts';

/** What of the world stages move. */
interface Moves {
  readonly flags: boolean;
  readonly traffic: boolean;
  readonly migration: boolean;
}

type WrittenStages = ReleaseTemplate['stages'];

/** What the stages of a template say anything of. */
function movesOf(stages: WrittenStages): Moves {
  const says = (...fields: (keyof ReleaseStage)[]) => stages.some((stage) => fields.some((field) => field in stage));
  return {
    flags: stages.some(({ flagsPer100k = 0 }) => flagsPer100k > 0),
    traffic: says('trafficPer100k', 'shadowPer100k'),
    migration: says('migrationPhase'),
  };
}

const noTraffic = { target: '', candidate: '', baseline: '' };

/** A release as a template has it; what was named before stays where the template moves it. */
export function draftOfTemplate(
  { key: _, name: __, description: ___, isBuiltIn: ____, strategy, stages, ...way }: ReleaseTemplate,
  before: Pick<ReleaseSpec, 'title' | 'environment' | 'flags' | 'traffic' | 'migration'>,
): ReleaseSpec {
  const moves = movesOf(stages);
  const { title, environment, flags } = before;
  const parts = {
    ...(moves.traffic && { traffic: before.traffic ?? noTraffic }),
    ...(moves.migration && { migration: before.migration ?? { plan: '' } }),
  };
  const draft: ReleaseSpec = {
    ...{ title, environment, strategy, flags: [], ...parts },
    ...{ stages: completeStages(parts, stages), ...way },
  };
  return flags.reduce(withFlag, draft);
}

/** Fills in what stages take over from those before them, as the server does. The first begins where nothing is out. */
function completeStages({ traffic, migration }: Pick<ReleaseSpec, 'traffic' | 'migration'>, stages: WrittenStages) {
  let before: Pick<ReleaseStage, 'flagsPer100k' | 'trafficPer100k' | 'shadowPer100k' | 'migrationPhase'> = {
    flagsPer100k: 0,
    ...(traffic && { trafficPer100k: 0 }),
    ...(migration && { migrationPhase: 'baseline' as const }),
  };
  return stages.map((stage): ReleaseStage => {
    const complete = { ...before, ...stage };
    const { flagsPer100k, trafficPer100k, shadowPer100k, migrationPhase } = complete;
    before = {
      flagsPer100k,
      ...(trafficPer100k !== undefined && { trafficPer100k }),
      ...(shadowPer100k !== undefined && { shadowPer100k }),
      ...(migrationPhase !== undefined && { migrationPhase }),
    };
    return complete;
  });
}

/** One flag more. The first of a release whose stages move none follows its traffic, or comes with the last stage. */
export function withFlag(draft: ReleaseSpec, flag: ReleasedFlag): ReleaseSpec {
  const flags = [...draft.flags, flag];
  const isNew = draft.stages.every(({ flagsPer100k }) => flagsPer100k === 0) && draft.strategy !== 'dark_launch';
  if (draft.flags.length > 0 || !isNew) return { ...draft, flags };
  const last = draft.stages.length - 1;
  const stages = draft.stages.map((stage, at) => ({
    ...stage,
    flagsPer100k: stage.trafficPer100k ?? (at === last ? 100_000 : 0),
  }));
  return { ...draft, flags, stages };
}

/** Without a flag; where none is left, and the strategy lives from something else, stages move none. */
export function withoutFlag(draft: ReleaseSpec, at: number): ReleaseSpec {
  const flags = draft.flags.filter((_, other) => other !== at);
  if (flags.length > 0 || isOfFlags(draft.strategy)) return { ...draft, flags };
  return { ...draft, flags, stages: draft.stages.map((stage) => ({ ...stage, flagsPer100k: 0 })) };
}

/** Traffic that goes with the flags, or none any more. */
export function withTraffic({ traffic: _, needs, ...draft }: ReleaseSpec, isMoved: boolean): ReleaseSpec {
  if (isMoved) {
    const stages = draft.stages.map((stage) => ({ ...stage, trafficPer100k: stage.flagsPer100k }));
    return { ...draft, ...(needs && { needs }), traffic: noTraffic, stages };
  }
  const stages = draft.stages.map(({ trafficPer100k: __, shadowPer100k: ___, ...stage }) => stage);
  return { ...draft, stages };
}

/** A migration that rests where it is until stages say otherwise, or none any more. */
export function withMigration({ migration: _, ...draft }: ReleaseSpec, isMoved: boolean): ReleaseSpec {
  if (isMoved) {
    const stages = draft.stages.map((stage) => ({ ...stage, migrationPhase: 'baseline' as const }));
    return { ...draft, migration: { plan: '' }, stages };
  }
  return { ...draft, stages: draft.stages.map(({ migrationPhase: __, ...stage }) => stage) };
}

/** In another environment: what is named by a key there is to be chosen anew. */
export function inEnvironment(draft: ReleaseSpec, environment: string): ReleaseSpec {
  const { traffic, migration, flags } = draft;
  return {
    ...draft,
    environment,
    flags: flags.map(({ rule: _, ...flag }) => flag),
    ...(traffic && { traffic: { ...traffic, target: '' } }),
    ...(migration && { migration: { plan: '' } }),
  };
}

export function withStage(draft: ReleaseSpec, at: number, part: Partial<ReleaseStage>): ReleaseSpec {
  return { ...draft, stages: draft.stages.map((stage, other) => (other === at ? { ...stage, ...part } : stage)) };
}

/** One more stage before another, half way between it and the one before. @param at index of the other; the last unless given */
export function withAnotherStage(draft: ReleaseSpec, at = draft.stages.length - 1): ReleaseSpec {
  const [before, next] = [draft.stages[at - 1], draft.stages[at]];
  if (!next) return draft;
  const half = (field: 'flagsPer100k' | 'trafficPer100k' | 'shadowPer100k') =>
    next[field] !== undefined && { [field]: Math.round(((before?.[field] ?? 0) + next[field]) / 2) };
  const { migrationPhase, soakSeconds, flagsPer100k } = next;
  const another: ReleaseStage = {
    ...{ flagsPer100k, ...half('flagsPer100k'), ...half('trafficPer100k'), ...half('shadowPer100k') },
    ...(migrationPhase !== undefined && { migrationPhase: before?.migrationPhase ?? 'baseline' }),
    soakSeconds,
  };
  return { ...draft, stages: draft.stages.toSpliced(at, 0, another) };
}

/** It lives from flags: without one it is nothing. */
export function isOfFlags(strategy: ReleaseSpec['strategy']): boolean {
  return strategy === 'flag_only' || strategy === 'ab_test';
}

/** What is still to be named, by its place; before that nobody can say what the release would see. */
export function missingOf({ strategy, flags, traffic, migration }: ReleaseSpec): FormErrors {
  return {
    ...(isOfFlags(strategy) && flags.length === 0 && { flags: t`Add the flag that is released.` }),
    ...(traffic?.target === '' && { 'traffic.target': t`Choose what divides the requests.` }),
    ...(traffic?.candidate.trim() === '' && { 'traffic.candidate': t`Name the version that is released.` }),
    ...(traffic?.baseline.trim() === '' && { 'traffic.baseline': t`Name the version that answers now.` }),
    ...(migration?.plan === '' && { 'migration.plan': t`Choose the plan whose phases it goes through.` }),
  };
}

/** What to send, or what is still missing. The server judges the rest. */
export function checkDraft(
  draft: ReleaseSpec,
): { ok: true; ready: CreateReleaseBody } | { ok: false; errors: FormErrors } {
  const title = draft.title.trim();
  const errors = {
    ...(title === '' && { title: t`Name it after what changes for people, such as “New checkout”.` }),
    ...missingOf(draft),
  };
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, ready: { ...draft, title } };
}

/** The way of a release, to be kept for others: without what it was done to, and without shares of what it never moved. */
export function templateOf(
  { title: _, environment: __, flags: ___, traffic: ____, migration: _____, stages, ...way }: ReleaseSpec,
  name: string,
  description: string,
): ReleaseTemplateBody {
  if (movesOf(stages).flags) return { name, description, ...way, stages };
  return { name, description, ...way, stages: stages.map(({ flagsPer100k: ______, ...stage }) => stage) };
}
