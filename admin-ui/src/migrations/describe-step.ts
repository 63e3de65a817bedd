import { t } from '@lingui/core/macro';
import type { MigrationPhase, MigrationPlan } from '../api/types.ts';
import { formatSeconds } from '../releases/stage-duration.ts';
import { formatNumber } from '../ui/format.ts';

export type PhaseDefinition = NonNullable<MigrationPlan['phases'][Exclude<MigrationPhase, 'baseline'>]>;
export type Step = NonNullable<PhaseDefinition['up']>[number];
export type Check = NonNullable<PhaseDefinition['verify']>[number];

/** A step as people read it. */
export interface StepWords {
  /** What is done. */
  readonly what: string;
  /** As it is run, word for word. */
  readonly code?: string;
  /** What else is asked of it. */
  readonly notes: readonly string[];
}

export function describeStep(step: Step): StepWords {
  if ('check' in step) return describeCheck(step.check);
  const atMost = step.timeoutSeconds === undefined ? [] : [t`for ${formatSeconds(step.timeoutSeconds)} at most`];
  if ('webhook' in step) return { what: t`Call a tool`, code: step.webhook, notes: atMost };
  if ('command' in step) return { what: t`Run a program`, code: step.command, notes: atMost };
  if ('backfill' in step) {
    const { batchRows = 1_000, share = 0.5, maxLagSeconds = 10, from } = step;
    const notes = [
      t`${formatNumber(batchRows)} rows at a time`,
      t`${formatNumber(share * 100)}% of the time`,
      t`rests while a replica is behind by more than ${formatNumber(maxLagSeconds)} s`,
      t`from ${from}`,
    ];
    return {
      what: isOnNew(step) ? t`Copy rows in the new database` : t`Copy rows`,
      code: step.backfill,
      notes: [...notes, ...atMost],
    };
  }
  const notes = [
    ...(step.transaction === false ? [t`outside of a transaction`] : []),
    ...(step.unless === undefined ? [] : [t`done already where this returns a row: ${step.unless}`]),
    ...atMost,
  ];
  return { what: isOnNew(step) ? t`Run SQL in the new database` : t`Run SQL`, code: step.sql, notes };
}

export function describeCheck(check: Check): StepWords {
  const within = check.withinSeconds === undefined ? [] : [t`asked again for ${formatSeconds(check.withinSeconds)}`];
  if ('reads' in check) {
    const { minCompared, maxMismatchedPer100k } = check.reads;
    const differ =
      maxMismatchedPer100k === 0 ? t`none may differ` : t`${formatNumber(maxMismatchedPer100k / 1_000)}% may differ`;
    return {
      what: t`Reads agree: of ${formatNumber(minCompared)} or more that were compared, ${differ}`,
      notes: within,
    };
  }
  if ('same' in check) return { what: t`Both databases answer the same`, code: check.same, notes: within };
  const what = isOnNew(check)
    ? t`No row comes back in the new database, or one that is true`
    : t`No row comes back, or one that is true`;
  return { what, code: check.sql, notes: within };
}

function isOnNew({ on }: { readonly on?: 'old' | 'new' | undefined }): boolean {
  return on === 'new';
}
