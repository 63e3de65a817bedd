import type { Variant } from '@bunting/core';
import type { Problem } from '../http/api-error.ts';
import type { FlagRow } from '../store/tables/flags.ts';

/**
 * The stages of a data migration, in order. Neighbours may run side by side: what one of them reads, the other one
 * writes. Instances that are two apart lose writes.
 */
export const STAGES = ['off', 'dualWrite', 'shadow', 'live', 'rampDown', 'complete'] as const;
export type Stage = (typeof STAGES)[number];

/** The variants of a migration flag that is made without any: named as their stages. */
export const STAGE_VARIANTS: readonly Variant[] = STAGES.map((stage) => ({ name: stage, value: stage }));

const FIX = `Give each of the stages ${STAGES.join(', ')} one variant, or leave variants out`;

/** Why a flag of kind migration cannot have this type and these variants. */
export function checkMigration(type: string, variants: readonly Variant[]): Problem[] {
  if (type !== 'string') {
    return [{ path: 'kind', message: `migration is for flags of type string, whose values are stages. ${FIX}` }];
  }
  const problems = variants.flatMap(({ value }, at): Problem[] => {
    const path = `variants[${at}].value`;
    if (!isStage(value)) return [{ path, message: `is not a stage of a migration. ${FIX}` }];
    if (variants.findIndex((other) => other.value === value) === at) return [];
    return [{ path, message: `is the stage of another variant, too. ${FIX}` }];
  });
  const missing = STAGES.filter((stage) => !variants.some(({ value }) => value === stage));
  if (problems.length > 0 || missing.length === 0) return problems;
  return [{ path: 'variants', message: `has no variant for ${missing.join(', ')}. ${FIX}` }];
}

/**
 * Whether a flag's stages are guarded. Flags that were called migrations before this had a meaning are not, until their
 * variants are stages.
 */
export function isMigration({ kind, type, variants }: Pick<FlagRow, 'kind' | 'type' | 'variants'>): boolean {
  return kind === 'migration' && checkMigration(type, JSON.parse(variants) as Variant[]).length === 0;
}

function isStage(value: unknown): value is Stage {
  return (STAGES as readonly unknown[]).includes(value);
}
