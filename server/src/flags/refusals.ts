import { checkFlag, type Variant } from '@bunting/core';
import { ApiError, validationFailed } from '../http/api-error.ts';
import type { ReleaseOfFlag } from '../releases/releases-of-flag.ts';
import type { FlagRow } from '../store/tables/flags.ts';
import { type NamedEnvironmentRow, schemaOf, type Targeting, targetingOf, toServedFlag, variantsOf } from './flag.ts';
import { stagePlaces } from './migration-reach.ts';
import { checkMigration, isMigration, STAGES } from './migration-stages.ts';
import type { Dependence } from './prerequisites.ts';
import { checkValues } from './value-schema.ts';
import { findVariantUses } from './variant-uses.ts';

/** What a flag must not become. Each of these throws an `ApiError`, so that nothing is written. */

export function refuseArchived(flag: FlagRow): void {
  if (flag.archived_at === null) return;
  throw new ApiError('flag_archived', `Flag "${flag.key}" is archived. Restore it before changing it.`);
}

/** Refuses what SDKs could not understand. */
export function refuseMalformed(flag: FlagRow, targeting: Targeting): void {
  const problems = checkFlag(toServedFlag(flag, targeting));
  if (problems.length > 0) throw validationFailed(problems);
}

/** Refuses a schema that cannot be used, and values that it does not allow. */
export function refuseUnfitValues(flag: FlagRow): void {
  const schema = schemaOf(flag);
  const problems = schema === undefined ? [] : checkValues(schema, variantsOf(flag));
  if (problems.length > 0) throw validationFailed(problems);
}

/** Refuses a migration whose variants are not the stages of one. */
export function refuseUnfitMigration({ kind, type, variants }: FlagRow): void {
  if (kind !== 'migration') return;
  const problems = checkMigration(type, JSON.parse(variants) as Variant[]);
  if (problems.length > 0) throw validationFailed(problems);
}

/**
 * What a change of a flag may not do to the stages that instances run: they move in environments, one at a time. A flag
 * that becomes a migration must be fit for it.
 */
export function refuseSkippingStages(
  before: FlagRow,
  after: FlagRow,
  environments: readonly NamedEnvironmentRow[],
): void {
  if (isMigration(before)) {
    if (after.kind === before.kind && stagesByName(after) === stagesByName(before)) return;
    const fix = 'Keep its kind and its variants as they are, or make another flag';
    throw new ApiError('stage_guarded', `The stages of the migration "${before.key}" are guarded. ${fix}.`);
  }
  if (after.kind === before.kind && after.variants === before.variants) return;
  refuseUnfitMigration(after);
  if (after.kind !== 'migration') return;
  for (const row of environments) {
    const stages = stagePlaces(after, targetingOf(row)).map(({ stage }) => stage);
    if (Math.max(...stages) - Math.min(...stages) <= 1) continue;
    throw new ApiError(
      'stage_too_far',
      `In ${row.environment} stages that are no neighbours of ${STAGES.join(', ')} could run side by side. Change what ` +
        'it serves there, then make the flag a migration.',
    );
  }
}

/** Without its flag an SDK can confirm no stage, and writes nothing. So only a migration at one of its ends goes. */
export function refuseLosingStage(flag: FlagRow, environments: readonly NamedEnvironmentRow[]): void {
  if (!isMigration(flag)) return;
  for (const row of environments) {
    const stages = stagePlaces(flag, targetingOf(row)).map(({ stage }) => STAGES[stage]);
    const isAtEnd = (['off', 'complete'] as const).some((end) => stages.every((stage) => stage === end));
    if (isAtEnd) continue;
    throw new ApiError(
      'stage_guarded',
      `The migration "${flag.key}" is under way in ${row.environment}. Move it to off or to complete there, also its safe ` +
        'variant, then archive it.',
    );
  }
}

function stagesByName(flag: FlagRow): string {
  const stages = variantsOf(flag).map(({ name, value }) => [name, value]);
  return JSON.stringify(stages.sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)));
}

/** Refuses to archive what a release moves: who restores it later would serve what that left half done. */
export function refuseReleased(flag: FlagRow, [release]: readonly ReleaseOfFlag[]): void {
  if (release === undefined) return;
  const { id, title, environment } = release;
  throw new ApiError(
    'conflict',
    `Flag "${flag.key}" is in release "${title}" (${id}), which is under way in ${environment}: wait for its end, or abort it, ` +
      'then archive the flag. To take it from everyone at once, kill it.',
    { release: id },
  );
}

/** Refuses to archive what other flags depend on: they would all be off. */
export function refuseDependedOn(flag: FlagRow, dependences: readonly Dependence[]): void {
  if (dependences.length === 0) return;
  const keys = [...new Set(dependences.map((dependence) => `"${dependence.flag}"`))].join(', ');
  throw new ApiError(
    'flag_in_use',
    `Flag "${flag.key}" is a prerequisite of ${keys}. Remove it from the prerequisites that details name, then archive it.`,
    dependences.map(({ flag: key, path }) => ({ path: `${key}.${path}`, message: `depends on "${flag.key}"` })),
  );
}

export function refuseRemovingUsedVariants(
  flag: FlagRow,
  variants: readonly Variant[],
  environments: readonly NamedEnvironmentRow[],
  dependences: readonly Dependence[],
  releases: readonly ReleaseOfFlag[],
): void {
  const removed = variantsOf(flag).filter(({ name }) => !variants.some((variant) => variant.name === name));
  const uses = removed.flatMap(({ name }) =>
    environments.flatMap((row) =>
      findVariantUses(targetingOf(row), name).map((path) => ({
        path: `environments.${row.environment}.${path}`,
        message: `serves variant "${name}"`,
      })),
    ),
  );
  for (const dependence of dependences) {
    for (const { name } of removed) {
      if (!dependence.variants.includes(name)) continue;
      uses.push({ path: `${dependence.flag}.${dependence.path}`, message: `depends on variant "${name}"` });
    }
  }
  for (const { id, title, environment, variants } of releases) {
    for (const { name } of removed) {
      if (!variants.includes(name)) continue;
      uses.push({
        path: `releases.${id}`,
        message: `"${title}" in ${environment} moves people between it and another`,
      });
    }
  }
  if (uses.length === 0) return;
  throw new ApiError(
    'variant_in_use',
    'A variant that is used somewhere cannot be removed. Use another one in the places that details name first.',
    uses,
  );
}
