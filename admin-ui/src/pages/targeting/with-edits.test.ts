import { expect, test } from 'vitest';
import type { ChangeRequest } from '../../api/types.ts';
import { withEdits } from './with-edits.ts';

test('other edits of one flag in one environment leave all else of the request as it is', () => {
  const changes: ChangeRequest['changes'] = [
    { environment: 'production', flag: 'a', edits: [{ kind: 'enable' }] },
    { environment: 'staging', flag: 'a', edits: [{ kind: 'enable' }] },
    { environment: 'production', segment: 'a', edits: [{ kind: 'setAttribute', attribute: 'org.id' }] },
    { flag: 'a', archived: true },
  ];
  const edited = withEdits(changes, { flag: 'a', environment: 'production' }, [{ kind: 'disable' }]);
  expect(edited).toEqual([{ environment: 'production', flag: 'a', edits: [{ kind: 'disable' }] }, ...changes.slice(1)]);
});
