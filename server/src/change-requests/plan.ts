import {
  applyEdits,
  applySegmentEdits,
  checkSegment,
  describeEdit,
  EditConflict,
  editsBetween,
  type SegmentEdit,
} from '@bunting/core';
import type { Draft } from '../changes/draft.ts';
import { findEnvironments } from '../environments/repository.ts';
import { requireProject } from '../environments/service.ts';
import { type Targeting, targetingOf } from '../flags/flag.ts';
import type { MigrationGuard } from '../flags/migration-guard.ts';
import { findFlagEnvironments, findFlagsByKey } from '../flags/repository.ts';
import { errorAt, type StepNote, saveTogether } from '../flags/save-together.ts';
import type { TargetingStep } from '../flags/targeting-step.ts';
import { checkSegmentCondition } from '../segments/references.ts';
import { findSegment } from '../segments/repository.ts';
import { conditionOf, toServedSegment } from '../segments/segment.ts';
import { saveSegment } from '../segments/service.ts';
import type { EnvironmentRow, SegmentRow } from '../store/tables/flags.ts';
import type { DatabaseTransaction } from '../store/tables.ts';
import { type FlagWideChange, isFlagWide, type ProposedChange, type Subject, subjectOf } from './content.ts';
import { planFlagWide } from './flag-wide.ts';

/** One change of a request on what is there now. */
export interface PlannedChange {
  readonly subject: Subject;
  /** Of what is changed; undefined: there is no such thing. */
  readonly version: number | undefined;
  /** What it would be then; undefined where the edits do not go with what is there. */
  readonly outcome: unknown;
  readonly sentences: readonly string[];
  /** Errors stand against it. */
  readonly notes: StepNote[];
  readonly flag?: TargetingStep;
  /** Of all environments: see `flag-wide.ts`. */
  readonly wide?: FlagWideChange;
  readonly segment?: { readonly before: SegmentRow; readonly after: SegmentRow; readonly environment: EnvironmentRow };
}

/** What changes would do to what is there now: nothing is written, and what stands against them is noted. */
export async function planChanges(
  tx: DatabaseTransaction,
  projectKey: string,
  changes: readonly ProposedChange[],
  nowMs: number,
): Promise<PlannedChange[]> {
  const project = await requireProject(tx, projectKey);
  const environments = new Map((await findEnvironments(tx, [project.id])).map((row) => [row.key, row]));
  const flagKeys = changes.flatMap((change) => ('flag' in change ? [change.flag] : []));
  const flags = new Map((await findFlagsByKey(tx, project.id, flagKeys)).map((row) => [row.key, row]));
  const flagIds = [...flags.values()].map(({ id }) => id);
  const places = new Map(
    (await findFlagEnvironments(tx, flagIds)).map((row) => [`${row.flag_id} ${row.environment_id}`, row]),
  );
  const planned: PlannedChange[] = [];
  for (const change of changes) {
    const subject = subjectOf(change);
    if (isFlagWide(change)) {
      const row = flags.get(change.flag);
      planned.push(row === undefined ? absent(subject, goneFlag(change.flag)) : planFlagWide(subject, row, change));
      continue;
    }
    const environment = environments.get(change.environment);
    if (environment === undefined) {
      planned.push(absent(subject, `there is no environment "${subject.environment}" any more`));
    } else if ('flag' in change) {
      const row = flags.get(change.flag);
      const before = row && places.get(`${row.id} ${environment.id}`);
      if (row === undefined || before === undefined) {
        planned.push(absent(subject, goneFlag(change.flag)));
        continue;
      }
      const was = targetingOf(before);
      const notes = row.archived_at === null ? [] : [errorAt('', 'is archived; restore it first')];
      const common = { subject, version: before.version };
      try {
        const targeting: Targeting = applyEdits(was, change.edits, nowMs);
        const named = { rules: [...was.rules, ...targeting.rules] };
        const sentences = editsBetween(was, targeting).map((edit) => describeEdit(edit, named));
        const flag = { project: projectKey, row, environment, before, was, targeting };
        planned.push({ ...common, outcome: targeting, sentences, notes, flag });
      } catch (error) {
        planned.push({ ...common, outcome: undefined, sentences: [], notes: [...notes, misfit(error)] });
      }
    } else {
      const before = await findSegment(tx, environment.id, change.segment);
      planned.push(
        before === undefined
          ? absent(subject, `segment "${change.segment}" is gone`)
          : planSegment(subject, environment, before, change.edits),
      );
    }
  }
  return planned;
}

/**
 * Writes what was planned, inside a draft, and notes what stands against it: then the draft is to be taken back. Segments
 * come first, so that flags may name what they become.
 */
export async function savePlanned(
  draft: Draft,
  migrations: MigrationGuard,
  project: string,
  planned: readonly PlannedChange[],
): Promise<void> {
  for (const { segment, subject, notes } of planned) {
    if (segment === undefined) continue;
    const { environment, before, after } = segment;
    const served = toServedSegment(after, {});
    const problems = checkSegment(served);
    if (problems.length === 0)
      problems.push(...(await checkSegmentCondition(draft.tx, environment, after.key, served.when)));
    notes.push(...problems.map(({ path, message }) => errorAt(path, message)));
    const isSame = JSON.stringify(after) === JSON.stringify(before);
    if (problems.length > 0 || isSame) continue;
    const place = { project, environment: environment.key, segment: subject.key };
    await saveSegment(draft, place, before, after);
  }
  const steps = planned.flatMap(({ flag, notes }) => (flag === undefined ? [] : [{ step: flag, notes }]));
  for (const environmentId of new Set(steps.map(({ step }) => step.environment.id))) {
    const together = steps.filter(({ step }) => step.environment.id === environmentId);
    await saveTogether(draft, migrations, together);
  }
}

function planSegment(
  subject: Subject,
  environment: EnvironmentRow,
  before: SegmentRow,
  edits: readonly SegmentEdit[],
): PlannedChange {
  const { by, when } = applySegmentEdits({ by: before.attribute ?? undefined, when: conditionOf(before) }, edits);
  const after = {
    ...before,
    attribute: by ?? null,
    conditions: when === undefined ? null : JSON.stringify(when),
  };
  return {
    subject,
    version: before.version,
    outcome: { by, when },
    sentences: edits.map((edit) => describeEdit(edit)),
    notes: [],
    segment: { environment, before, after },
  };
}

function goneFlag(key: string): string {
  return `flag "${key}" is gone, or was renamed`;
}

function absent(subject: Subject, message: string): PlannedChange {
  return { subject, version: undefined, outcome: undefined, sentences: [], notes: [errorAt('', message)] };
}

/** @throws what is no conflict */
function misfit(error: unknown): StepNote {
  if (!(error instanceof EditConflict)) throw error;
  return errorAt(`edits[${error.at}]`, error.message);
}
