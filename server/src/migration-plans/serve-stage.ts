import type { TargetingEdit } from '@bunting/core';
import { Misfit, problemsOf, refusalOf } from '../change-requests/conflict.ts';
import { planChanges, savePlanned } from '../change-requests/plan.ts';
import type { Draft } from '../changes/draft.ts';
import { targetingOf, variantsOf } from '../flags/flag.ts';
import type { MigrationGuard } from '../flags/migration-guard.ts';
import { stagePlaces } from '../flags/migration-reach.ts';
import { isMigration, STAGES } from '../flags/migration-stages.ts';
import type { FlagEnvironmentRow, FlagRow } from '../store/tables/flags.ts';
import type { MigrationPlanRow } from '../store/tables/migration-plans.ts';
import type { Querier } from '../store/tables.ts';
import type { served } from './actions.ts';
import type { PlacedPlan } from './repository.ts';

/** The flag of a plan, as it is in its environment; undefined: it has none, or it is deleted. */
export interface PlanFlag {
  readonly row: FlagRow;
  readonly place: FlagEnvironmentRow;
}

export async function findPlanFlag(
  db: Querier,
  { flag_id, environment_id }: Pick<MigrationPlanRow, 'flag_id' | 'environment_id'>,
): Promise<PlanFlag | undefined> {
  if (flag_id === null) return undefined;
  const row = await db.selectFrom('flags').selectAll().where('id', '=', flag_id).executeTakeFirst();
  const place = await db
    .selectFrom('flag_environments')
    .selectAll()
    .where('flag_id', '=', flag_id)
    .where('environment_id', '=', environment_id)
    .executeTakeFirst();
  return row && place && { row, place };
}

/**
 * Lets a flag serve a stage to everyone, and another to a kill. What a release or a person wanted of the plan was
 * approved as a whole.
 * @throws {ApiError} what stands against it, such as instances that do not obey the stage before
 */
export async function serveStage(
  draft: Draft,
  migrations: MigrationGuard,
  { project, environment, environment_id }: PlacedPlan,
  { row, place }: PlanFlag,
  { stage, safe }: ReturnType<typeof served>,
): Promise<void> {
  const variant = variantOf(row, stage);
  const safeVariant = variantOf(row, safe);
  const targeting = targetingOf(place);
  const edits: TargetingEdit[] = [
    ...(targeting.enabled ? [] : [{ kind: 'enable' } as const]),
    { kind: 'setOffVariant', variant: safeVariant },
    { kind: 'setSafeVariant', variant: safeVariant },
    { kind: 'setDefaultServe', serve: { variant } },
  ];
  draft.approve(environment_id);
  const planned = await planChanges(draft.tx, project, [{ environment, flag: row.key, edits }], draft.atMs);
  if (problemsOf(planned).length === 0) await savePlanned(draft, migrations, project, planned);
  const refusal = refusalOf(planned);
  if (refusal !== undefined) throw refusal;
  const problems = problemsOf(planned);
  if (problems.length > 0) throw new Misfit(problems, []);
}

/** The stages that may be served by what is set now, kills included. */
export function stagesServed({ row, place }: PlanFlag): ReadonlySet<string> {
  if (!isMigration(row)) {
    const { enabled, offVariant, safeVariant = offVariant, defaultRule } = targetingOf(place);
    const on = 'variant' in defaultRule ? defaultRule.variant : 'a split';
    return new Set([safeVariant, enabled ? on : offVariant]);
  }
  return new Set(stagePlaces(row, targetingOf(place)).flatMap(({ stage }) => STAGES[stage] ?? []));
}

function variantOf(row: FlagRow, stage: string): string {
  if (!isMigration(row)) return stage;
  return variantsOf(row).find(({ value }) => value === stage)?.name ?? stage;
}
