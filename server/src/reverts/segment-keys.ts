import type { Item, KeyListName } from '@bunting/core';
import type { Caller } from '../audit/actor.ts';
import { ServedKeys } from '../segments/served-keys.ts';
import type { SegmentPlace } from '../segments/service.ts';
import { notRevertible } from './conflict.ts';

/** A change of a segment's list of keys. */
export interface KeyEdit {
  readonly list: KeyListName;
  readonly add: string[];
  readonly remove: string[];
}

/** What changes the keys of segments. */
export interface SegmentKeyEdits {
  change(caller: Caller, place: SegmentPlace, edit: KeyEdit): Promise<unknown>;
}

/** More are not set back in one go: a list as a whole is put from the items of the revision before. */
const MAX_KEYS = 10_000;

/** What leads back from the keys of one revision to those of the one before. @throws {ApiError} `not_revertible` */
export function keyEditsOf(segment: string, before: readonly Item[], after: readonly Item[]): KeyEdit[] {
  return (['included', 'excluded'] as const).flatMap((list) => {
    const [was, became] = [keysAt(before, segment, list), keysAt(after, segment, list)];
    const add = [...was].filter((key) => !became.has(key));
    const remove = [...became].filter((key) => !was.has(key));
    if (add.length + remove.length > MAX_KEYS) {
      throw notRevertible(
        `It changed ${add.length + remove.length} keys, and ${MAX_KEYS} are set back at most. Put the list as it was, from the items of the revision before.`,
      );
    }
    return add.length + remove.length === 0 ? [] : [{ list, add, remove }];
  });
}

function keysAt(items: readonly Item[], segment: string, list: KeyListName): Set<string> {
  const byName = new Map(items.map((item) => [`${item.kind} ${item.key}`, item]));
  const served = new ServedKeys({ item: (kind, key) => byName.get(`${kind} ${key}`) }, segment, list);
  return new Set([...served.lines()].flatMap((lines) => lines.slice(0, -1).split('\n')));
}
