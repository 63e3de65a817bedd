import { flagItem } from '@bunting/core';
import type { Static } from '@sinclair/typebox';
import type { Draft } from '../changes/draft.ts';
import { toBit } from '../store/booleans.ts';
import type { FlagEnvironmentRow, FlagRow } from '../store/tables/flags.ts';
import { firstTargeting, type Targeting, toServedFlag } from './flag.ts';
import { findAllFlags, insertFlagEnvironment } from './repository.ts';
import type { FlagEnvironmentPatch } from './schemas.ts';
import { weighRule, weighServe } from './weigh.ts';

/** Gives a flag its first targeting in an environment, which serves it from then on unless it is archived. */
export async function addToEnvironment(draft: Draft, flag: FlagRow, environmentId: string): Promise<void> {
  const targeting = firstTargeting(flag);
  await insertFlagEnvironment(draft.tx, {
    flag_id: flag.id,
    environment_id: environmentId,
    ...toColumns(targeting),
    version: 1,
    updated_at: draft.atMs,
  });
  if (flag.archived_at === null) draft.add(environmentId, flagItem(toServedFlag(flag, targeting)));
}

/** Gives every flag of a project its first targeting in an environment that has just been made. */
export async function addAllToEnvironment(draft: Draft, projectId: string, environmentId: string): Promise<void> {
  for (const flag of await findAllFlags(draft.tx, projectId)) await addToEnvironment(draft, flag, environmentId);
}

/** The targeting after a patch; weights become ranges, starting from what is served at the moment. */
export function applyTargetingPatch(
  before: Targeting,
  patch: Static<typeof FlagEnvironmentPatch>,
  nowMs: number,
): Targeting {
  const { enabled, offVariant, safeVariant, prerequisites, targets, rules, defaultRule, slices } = patch;
  return {
    enabled: enabled ?? before.enabled,
    offVariant: offVariant ?? before.offVariant,
    safeVariant: safeVariant === undefined ? before.safeVariant : (safeVariant ?? undefined),
    prerequisites: prerequisites ?? before.prerequisites,
    targets: targets ?? before.targets,
    rules: rules?.map((rule, at) => weighRule(rule, before.rules, `rules[${at}]`, nowMs)) ?? before.rules,
    defaultRule:
      defaultRule === undefined
        ? before.defaultRule
        : weighServe(defaultRule, before.defaultRule, 'defaultRule', nowMs),
    slices: slices ?? before.slices,
  };
}

export function toColumns(
  targeting: Targeting,
): Omit<FlagEnvironmentRow, 'flag_id' | 'environment_id' | 'version' | 'updated_at'> {
  return {
    enabled: toBit(targeting.enabled),
    off_variant: targeting.offVariant,
    safe_variant: targeting.safeVariant ?? null,
    prerequisites: toList(targeting.prerequisites),
    targets: toList(targeting.targets),
    rules: JSON.stringify(targeting.rules),
    default_rule: JSON.stringify(targeting.defaultRule),
    slices: toBit(targeting.slices),
  };
}

function toList(list: readonly unknown[]): string | null {
  return list.length === 0 ? null : JSON.stringify(list);
}
