import { analyse, checkFlag, type Finding, type Flag, type Segment } from '@bunting/core';
import type { Draft } from '../changes/draft.ts';
import { ApiError, type ErrorCode } from '../http/api-error.ts';
import { refuseRamp } from '../line/refuse-ramp.ts';
import { findItems } from '../rulesets/repository.ts';
import type { DatabaseTransaction } from '../store/tables.ts';
import { checkTargeting } from './check-targeting.ts';
import { toServedFlag } from './flag.ts';
import type { MigrationGuard } from './migration-guard.ts';
import { segmentsOf } from './named-segments.ts';
import { leadsSomewhere, saveStep, type TargetingStep } from './targeting-step.ts';

/** What is said about a step. Errors stand against it. */
export interface StepNote {
  readonly severity: 'error' | 'warning' | 'info';
  readonly path: string;
  readonly message: string;
  /** What the change of this flag alone would be refused with. */
  readonly code?: ErrorCode;
}

export interface NotedStep {
  readonly step: TargetingStep;
  readonly notes: StepNote[];
}

/**
 * Saves steps of several flags of an environment, and notes what is to be said about each. Those that have notes already
 * are left alone. All are saved before it is looked at what they say of each other, so that flags which depend on one
 * another come together: whoever finds an error among the notes takes the whole draft back.
 */
export async function saveTogether(
  draft: Draft,
  migrations: MigrationGuard,
  steps: readonly NotedStep[],
): Promise<void> {
  const saved: NotedStep[] = [];
  for (const one of steps) {
    if (one.notes.length > 0 || !leadsSomewhere(one.step)) continue;
    const { row, environment, was, targeting } = one.step;
    const malformed = checkFlag(toServedFlag(row, targeting));
    one.notes.push(...malformed.map(({ path, message }) => errorAt(path, message)));
    const refusals = [
      () => refuseRamp(draft.tx, environment, was, targeting, draft.atMs),
      () => migrations.check(draft, one.step),
    ];
    for (const refuse of refusals) {
      await refuse().catch((error: unknown) => {
        if (!(error instanceof ApiError)) throw error;
        one.notes.push(errorAt('', error.message, error.code));
      });
    }
    if (one.notes.length > 0) continue;
    await saveStep(draft, one.step);
    saved.push(one);
  }
  for (const { step, notes } of saved) {
    const { row, environment, was, targeting } = step;
    const problems = await checkTargeting(draft.tx, row, environment, was, targeting);
    notes.push(...problems.map(({ path, message }) => errorAt(path, message)));
  }
  for (const finding of analyse(await loadAround(draft.tx, saved))) {
    const one = saved.find(({ step }) => finding.kind === 'flag' && finding.key === step.row.key);
    if (one !== undefined && !LEFT_OUT.includes(finding.code)) one.notes.push(toNote(finding));
  }
}

export function errorAt(path: string, message: string, code?: ErrorCode): StepNote {
  return { severity: 'error', path, message, ...(code === undefined ? {} : { code }) };
}

/** What wants the whole ruleset, which is not at hand, or was checked already. */
const LEFT_OUT: readonly Finding['code'][] = [
  'attribute-used-once',
  'unknown-reference',
  'layer-unclaimed',
  'malformed',
  'cycle',
];

/** The saved flags and the segments that they name. */
async function loadAround(tx: DatabaseTransaction, saved: readonly NotedStep[]) {
  const flags: Flag[] = saved.map(({ step }) => toServedFlag(step.row, step.targeting));
  const environmentId = saved[0]?.step.environment.id ?? '';
  const names = [...new Set(flags.flatMap(segmentsOf))].map((key) => ({ kind: 'segment' as const, key }));
  const segments = [...(await findItems(tx, environmentId, names)).values()].map(
    ({ json }) => JSON.parse(json) as Segment,
  );
  return { revision: { incarnation: '', number: 0, hash: '' }, flags, segments };
}

/** What may be saved by itself may be saved together: then even what cannot work is only a warning. */
function toNote({ severity, path, message }: Finding): StepNote {
  return { severity: severity === 'info' ? 'info' : 'warning', path, message };
}
