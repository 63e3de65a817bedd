import type { Kill, Revision } from '@bunting/core';

/** What is asked: who has this revision, or a later one; and who answers by this kill, or a later one of its flag. */
export interface Question extends Pick<Revision, 'incarnation' | 'number'> {
  readonly kill: Kill | null;
}

/** The same text for the same question. */
export function textOf({ incarnation, number, kill }: Question): string {
  return kill === null
    ? `${incarnation} ${number}`
    : `${incarnation} ${number} ${kill.flag} ${kill.epoch} ${kill.engaged}`;
}
