import type { ChangeRequest } from '../../api/types.ts';

type Change = ChangeRequest['changes'][number];

/** Edits that are taken out of a request, each as `editKey` calls it. */
export type LeftOut = ReadonlySet<string>;

/** @param change its place among the changes @param edit its place within the change; absent: the change is one by itself */
export function editKey(change: number, edit = 0): string {
  return `${change} ${edit}`;
}

/** What is left: a change without edits goes, too. */
export function without(changes: readonly Change[], leftOut: LeftOut): Change[] {
  return changes.flatMap((change, at): Change[] => {
    if ('archived' in change) return leftOut.has(editKey(at)) ? [] : [change];
    const edits = (change.edits as readonly unknown[]).filter((_, edit) => !leftOut.has(editKey(at, edit)));
    return edits.length === 0 ? [] : [{ ...change, edits } as Change];
  });
}
