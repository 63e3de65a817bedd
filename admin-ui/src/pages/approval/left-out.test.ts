import { expect, test } from 'vitest';
import type { ChangeRequest } from '../../api/types.ts';
import { editKey, without } from './left-out.ts';

const changes: ChangeRequest['changes'] = [
  { environment: 'production', flag: 'a', edits: [{ kind: 'enable' }, { kind: 'setOffVariant', variant: 'on' }] },
  { environment: 'production', segment: 's', edits: [{ kind: 'setAttribute', attribute: 'org.id' }] },
  { flag: 'b', archived: true },
];

test('an edit that is left out is gone from its change alone', () => {
  expect(without(changes, new Set([editKey(0, 0)]))).toEqual([
    { environment: 'production', flag: 'a', edits: [{ kind: 'setOffVariant', variant: 'on' }] },
    changes[1],
    changes[2],
  ]);
});

test('a change of which nothing is left goes, and one that is no list of edits goes as a whole', () => {
  expect(without(changes, new Set([editKey(0, 0), editKey(0, 1), editKey(1, 0)]))).toEqual([changes[2]]);
  expect(without(changes, new Set([editKey(2)]))).toEqual([changes[0], changes[1]]);
});

test('nothing left out is all of it', () => {
  expect(without(changes, new Set())).toEqual(changes);
});
