import { flagItem } from '@bunting/core';
import type { Draft } from '../changes/draft.ts';
import type { EnvironmentRow, FlagEnvironmentRow, FlagRow } from '../store/tables/flags.ts';
import { type NamedEnvironmentRow, type Targeting, toFlagEnvironment, toServedFlag } from './flag.ts';
import { updateFlag, updateFlagEnvironment } from './repository.ts';
import { toColumns } from './targeting.ts';

/** A flag in an environment on its way from `was` (stored as `before`) to `targeting`. */
export interface TargetingStep {
  readonly project: string;
  readonly row: FlagRow;
  readonly environment: EnvironmentRow;
  readonly before: NamedEnvironmentRow;
  readonly was: Targeting;
  readonly targeting: Targeting;
  /** True: it does no more than stop ramps, or let those go on that were stopped with everything. Needs no approval. */
  readonly isUnguarded?: boolean;
}

/** Whether there is anything to save. */
export function leadsSomewhere({ before, targeting }: TargetingStep): boolean {
  return JSON.stringify({ ...before, ...toColumns(targeting) }) !== JSON.stringify(before);
}

/** Saves a step that was checked, inside a draft: state, what the environment serves, audit event. */
export async function saveStep(draft: Draft, step: TargetingStep): Promise<void> {
  const { project, row, environment, before, targeting } = step;
  const { environment: _, ...stored } = before;
  const version = before.version + 1;
  const saved: FlagEnvironmentRow = { ...stored, ...toColumns(targeting), version, updated_at: draft.atMs };
  await updateFlagEnvironment(draft.tx, saved);
  await updateFlag(draft.tx, row.id, { updated_at: draft.atMs });
  const item = flagItem(toServedFlag(row, targeting));
  if (step.isUnguarded === true) draft.add(environment.id, item);
  else draft.put(environment.id, item);
  await draft.audit({
    action: 'flag.environment.updated',
    project,
    environment: environment.key,
    target: { kind: 'flag', key: row.key },
    before: toFlagEnvironment(before),
    after: toFlagEnvironment(saved),
  });
}
