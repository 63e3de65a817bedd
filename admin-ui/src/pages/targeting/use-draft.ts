import type { Targeting } from '@bunting/core';
import { useState } from 'react';
import type { FlagEnvironment } from '../../api/types.ts';
import { beginDraft, type Draft, editsOf } from './draft.ts';
import { type DraftPlace, keepDraft, readDraft } from './kept-draft.ts';

/** Something would be lost with it. */
function isBegun(draft: Draft): boolean {
  return draft.text !== undefined || editsOf(draft).length > 0;
}

/** The draft of whoever is signed in. One that changes nothing follows what is saved; another stays until it is put aside. */
export function useDraft(place: DraftPlace, state: FlagEnvironment) {
  const [begun, setBegun] = useState<Draft | undefined>(() => readDraft(place));
  const edits = begun ? editsOf(begun) : [];
  const isKept = begun !== undefined && (begun.text !== undefined || edits.length > 0);
  const draft = isKept ? begun : beginDraft(state);
  const set = (next: Draft | undefined) => {
    setBegun(next);
    keepDraft(place, next && isBegun(next) ? next : undefined);
  };
  return {
    draft,
    edits,
    /** Someone saved something else since the draft was begun. */
    isBehind: isKept && draft.version !== state.version,
    change: (part: Partial<Targeting>) => set({ ...draft, mine: withoutUndefined({ ...draft.mine, ...part }) }),
    /** Puts another draft in its place; undefined: none. */
    replace: set,
  };
}

function withoutUndefined(targeting: Targeting): Targeting {
  return Object.fromEntries(
    Object.entries(targeting).filter(([, value]) => value !== undefined),
  ) as unknown as Targeting;
}
