import { expect, test } from 'vitest';
import { permissionAreas, permissionWords } from './permission-words.ts';
import { draftOfRole, emptyRole, give, holdInProduction, type RoleDraft, readRole } from './role-draft.ts';

test('what is given holds in production until it is said not to, and what is taken away leaves nothing behind', () => {
  let draft: RoleDraft = { ...emptyRole, ...give(emptyRole, 'kill:engage', true) };
  expect(draft).toMatchObject({ permissions: ['project:read', 'kill:engage'], notInProduction: [] });
  draft = { ...draft, ...holdInProduction(draft, 'kill:engage', false) };
  expect(draft.notInProduction).toEqual(['kill:engage']);
  expect(holdInProduction(draft, 'kill:engage', true).notInProduction).toEqual([]);
  expect(give(draft, 'kill:engage', false)).toEqual({ permissions: ['project:read'], notInProduction: [] });
});

test('a role needs a name, a permission, and a key that no other role has', () => {
  const wrong = readRole({ ...emptyRole, permissions: [] }, []);
  expect(wrong).toMatchObject({
    ok: false,
    errors: { name: expect.any(String), key: expect.any(String), permissions: expect.any(String) },
  });
  const draft = { ...emptyRole, key: 'oncall', name: ' On call ' };
  expect(readRole(draft, ['oncall'])).toMatchObject({ ok: false });
  expect(readRole(draft, ['viewer'])).toEqual({
    ok: true,
    ready: {
      key: 'oncall',
      body: { name: 'On call', description: '', permissions: ['project:read'], notInProduction: [] },
    },
  });
});

test('a copy gives the same, and has yet to be named', () => {
  const role = { ...emptyRole, key: 'viewer', name: 'Viewer', builtIn: true };
  const copy = draftOfRole({ ...role, permissions: [...role.permissions], notInProduction: [] }, true);
  expect(copy).toEqual({ ...emptyRole });
});

test('each permission stands under one heading', () => {
  const listed = permissionAreas.flatMap(({ permissions }) => permissions);
  expect([...listed].sort()).toEqual(Object.keys(permissionWords).sort());
});
