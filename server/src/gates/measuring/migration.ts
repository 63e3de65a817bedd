import type { GateOf } from '../gate.ts';
import type { MigrationState } from '../kinds/migration.ts';
import type { Measurement, Span } from '../measurement.ts';
import { type Look, type Means, toData, toNothing } from './look.ts';

export async function measureMigration(
  gate: GateOf<'migration'>,
  { subject }: Look,
  span: Span,
  { migrations }: Means,
): Promise<Measurement> {
  const plan = gate.plan ?? subject.migration?.plan;
  if (plan === undefined) return toNothing(span, 'error', 'The release has no migration, and the gate names none.');
  const facts = await migrations?.facts(subject.environmentId, plan);
  if (facts === undefined) return toNothing(span, 'error', `There is no migration plan "${plan}".`);
  const { phase, isMoving, progress, problem } = facts;
  const state: MigrationState = {
    ...{ phase, isMoving },
    // Nobody counted how many rows there are: while there is progress it is on its way, which is enough to wait.
    ...(progress === undefined || progress.total === null
      ? {}
      : { progress: { done: progress.done, total: progress.total } }),
    ...(problem === undefined ? {} : { problem }),
  };
  return toData(span, state);
}
