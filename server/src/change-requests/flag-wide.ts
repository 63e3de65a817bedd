import { applyFlagEdits, describeEdit, EditConflict, type FlagEdit, type FlagFacts } from '@bunting/core';
import type { Caller } from '../audit/actor.ts';
import type { Draft } from '../changes/draft.ts';
import { toFlag, variantsOf } from '../flags/flag.ts';
import { errorAt } from '../flags/save-together.ts';
import type { Flags } from '../flags/service.ts';
import { ApiError } from '../http/api-error.ts';
import type { FlagRow } from '../store/tables/flags.ts';
import type { FlagWideChange, Subject } from './content.ts';
import type { PlannedChange } from './plan.ts';

/** What a change of a flag in all environments would do to it. */
export function planFlagWide(subject: Subject, row: FlagRow, change: FlagWideChange): PlannedChange {
  const { version } = row;
  const isArchived = row.archived_at !== null;
  const common = { subject, version, wide: change };
  if ('archived' in change) {
    const sentence = change.archived ? 'Archive the flag' : 'Restore the flag';
    const sentences = change.archived === isArchived ? [] : [sentence];
    return { ...common, outcome: { archived: change.archived }, sentences, notes: [] };
  }
  const notes = isArchived ? [errorAt('', 'is archived; restore it first')] : [];
  try {
    const { variants, ...others } = changedFacts(row, change.edits);
    const isSame = variants === undefined && Object.keys(others).length === 0;
    const outcome = { variants: variants ?? variantsOf(row), ...others };
    return { ...common, outcome, sentences: isSame ? [] : change.edits.map((edit) => describeEdit(edit)), notes };
  } catch (error) {
    if (!(error instanceof EditConflict)) throw error;
    const conflict = errorAt(`edits[${error.at}]`, error.message);
    return { ...common, outcome: undefined, sentences: [], notes: [...notes, conflict] };
  }
}

/** Only what edits make different: a change of anything else, such as of the description, voids no approval. */
function changedFacts(row: FlagRow, edits: readonly FlagEdit[]): Partial<FlagFacts> {
  const before = toFlag(row, []);
  const after = applyFlagEdits(before, edits);
  const names = ['name', 'description', 'owner', 'tags', 'links', 'variants'] as const;
  return Object.fromEntries(
    names
      .filter((name) => JSON.stringify(after[name]) !== JSON.stringify(before[name]))
      .map((name) => [name, after[name]]),
  );
}

/** Makes these changes inside a draft, and notes what they are refused with: then the draft is to be taken back. */
export async function saveFlagWide(
  draft: Draft,
  flags: Flags,
  caller: Caller,
  project: string,
  planned: readonly PlannedChange[],
): Promise<void> {
  for (const { wide, notes } of planned) {
    if (wide === undefined || notes.length > 0) continue;
    const saving =
      'archived' in wide
        ? flags.setArchivedIn(draft, project, wide.flag, wide.archived)
        : flags.editIn(draft, caller, project, wide.flag, wide.edits);
    await saving.catch((error: unknown) => {
      if (!(error instanceof ApiError)) throw error;
      notes.push(errorAt('', error.message, error.code));
    });
  }
}

/** What is archived goes last, after what depended on it; the rest comes before what depends on it. */
export function isArchiving({ wide }: PlannedChange): boolean {
  return wide !== undefined && 'archived' in wide && wide.archived;
}
