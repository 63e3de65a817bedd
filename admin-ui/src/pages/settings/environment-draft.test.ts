import { expect, test } from 'vitest';
import type { Environment } from '../../api/types.ts';
import {
  draftOf,
  emptyEnvironment,
  readEnvironmentPatch,
  readNewEnvironment,
  warningsOf,
} from './environment-draft.ts';

const production: Environment = {
  ...{ key: 'production', name: 'Production', color: '#3b6fd4', production: true, requireComment: true },
  ...{ requiredApprovals: 2, position: 1, version: 7, revision: { incarnation: 'i', number: 1, hash: 'h' } },
};

test('a new environment needs a name, and a key that the project does not have', () => {
  expect(readNewEnvironment(emptyEnvironment, [])).toMatchObject({
    ok: false,
    errors: { name: expect.any(String), key: expect.any(String) },
  });
  const typed = { ...emptyEnvironment, name: ' Staging ', key: 'staging' };
  expect(readNewEnvironment(typed, ['staging'])).toMatchObject({
    ok: false,
    errors: { key: expect.stringContaining('another key') },
  });
  expect(readNewEnvironment(typed, ['production'])).toEqual({
    ok: true,
    ready: {
      ...{ key: 'staging', name: 'Staging', color: null, production: false, requireComment: false },
      requiredApprovals: 0,
    },
  });
  expect(readNewEnvironment({ ...typed, from: 'production' }, [])).toMatchObject({ ready: { from: 'production' } });
});

test('of an environment that is there, only what differs is sent', () => {
  const draft = draftOf(production);
  expect(readEnvironmentPatch(draft, production)).toEqual({ ok: true, ready: {} });
  expect(readEnvironmentPatch({ ...draft, name: 'Live', color: null }, production)).toEqual({
    ok: true,
    ready: { name: 'Live', color: null },
  });
  expect(readEnvironmentPatch({ ...draft, name: ' ' }, production)).toMatchObject({ ok: false });
});

test('what becomes less safe is said before it is saved, and nothing else', () => {
  const draft = draftOf(production);
  expect(warningsOf({ ...draft, name: 'Live' }, production)).toEqual([]);
  const loose = { ...draft, production: false, requireComment: false, requiredApprovals: 0 };
  expect(warningsOf(loose, production)).toHaveLength(3);
});
