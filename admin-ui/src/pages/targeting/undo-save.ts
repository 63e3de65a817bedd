import { editsBetween, type Targeting } from '@bunting/core';
import type { QueryClient } from '@tanstack/react-query';
import { saveTargeting } from '../../api/targeting.ts';
import type { Flag } from '../../api/types.ts';
import { undoChange, undoComment } from '../../flags/undo-change.ts';
import { targetingOf } from './draft.ts';

interface Saved {
  readonly project: string;
  readonly flag: string;
  readonly environment: string;
  /** What it was. */
  readonly before: Targeting;
  /** The flag as saving left it. */
  readonly saved: Flag;
  /** What was done, as its message said it. */
  readonly done: string;
}

/** What takes saved edits back: those that lead from what they left to what was before. Undefined where there are none. */
export function undoSave(client: QueryClient, { project, before, saved, done, ...place }: Saved) {
  const state = saved.environments[place.environment];
  if (state === undefined) return undefined;
  const edits = editsBetween(targetingOf(state), before);
  if (edits.length === 0) return undefined;
  const change = { ...place, version: state.version, edits, comment: undoComment(done) };
  const act = async () => (await saveTargeting(project, change)).flag;
  return () => void undoChange(client, project, { done, act });
}
