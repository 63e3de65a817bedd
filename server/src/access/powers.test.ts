import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BUILT_IN_ROLES, findBuiltIn, type Role } from '../roles/role.ts';
import { PERMISSIONS, type Permission, type Place } from './permissions.ts';
import { type Grant, narrow, powersOf } from './powers.ts';

const ALL = Object.keys(PERMISSIONS) as Permission[];
const PLACES: Place[] = [
  {},
  { project: 'a' },
  { project: 'a', environment: 'test' },
  { project: 'a', environment: 'production' },
  { project: 'b' },
  { project: 'b', environment: 'production' },
];
const isProduction = ({ environment }: Place) => environment === 'production';
const powersBy = (...grants: [string, Place][]) =>
  powersOf(
    grants.map(([key, place]) => ({ role: findBuiltIn(key) as Role, place })),
    isProduction,
  );

const anyRole: fc.Arbitrary<Role> = fc.oneof(
  fc.constantFrom(...BUILT_IN_ROLES),
  fc
    .tuple(fc.uniqueArray(fc.constantFrom(...ALL), { maxLength: 6 }), fc.integer({ min: 0, max: 6 }))
    .map(([permissions, kept]) => ({
      ...{ key: 'made', name: 'Made', description: '', permissions },
      notInProduction: permissions.slice(kept),
    })),
);
const anyGrant: fc.Arbitrary<Grant> = fc.record({ role: anyRole, place: fc.constantFrom(...PLACES) });
const anyGrants = fc.array(anyGrant, { maxLength: 4 });

/** Reads no production: the API lets nobody make such a role, and it gives no way up all the same. */
const WEAK_READER: Role = {
  ...{ key: 'made', name: 'Made', description: '' },
  permissions: ['project:read'],
  notInProduction: ['project:read'],
};

/** Everything that someone may do, as text. */
function reachOf(grants: readonly Grant[]): Set<string> {
  const { can } = powersOf(grants, isProduction);
  return new Set(
    PLACES.flatMap((place) =>
      ALL.filter((permission) => can(permission, place)).map((permission) => `${permission} ${JSON.stringify(place)}`),
    ),
  );
}

describe('invariants', () => {
  test('giving what one covers gives nobody more than one has', () => {
    fc.assert(
      fc.property(anyGrants, anyGrant, (mine, given) => {
        fc.pre(powersOf(mine, isProduction).covers(given));
        expect([...reachOf([given])].filter((one) => !reachOf(mine).has(one))).toEqual([]);
      }),
      {
        numRuns: 2_000,
        examples: [
          [[{ role: WEAK_READER, place: {} }], { role: WEAK_READER, place: { project: 'a', environment: 'test' } }],
          [[{ role: WEAK_READER, place: {} }], { role: WEAK_READER, place: { project: 'a' } }],
        ],
      },
    );
  });

  test('everyone covers what they were granted', () => {
    fc.assert(
      fc.property(anyGrants, (mine) => {
        for (const grant of mine) expect(powersOf(mine, isProduction).covers(grant)).toBe(true);
      }),
    );
  });

  test('another grant takes nothing away', () => {
    fc.assert(
      fc.property(anyGrants, anyGrant, (mine, more) => {
        const after = reachOf([...mine, more]);
        for (const one of reachOf(mine)) expect(after).toContain(one);
      }),
    );
  });

  test('the projects that are listed are those in which one can', () => {
    fc.assert(
      fc.property(anyGrants, fc.constantFrom(...ALL), (mine, permission) => {
        const { can, projectsWith } = powersOf(mine, isProduction);
        const listed = projectsWith(permission);
        for (const project of ['a', 'b']) {
          // A permission that leaves production out is never one of a whole project.
          expect([project, listed === undefined || listed.includes(project) || !can(permission, { project })]).toEqual([
            project,
            true,
          ]);
        }
        for (const project of listed ?? []) expect(can(permission, { project })).toBe(true);
      }),
    );
  });

  test('a narrowed token can nothing that its holder cannot, and only what it names', () => {
    fc.assert(
      fc.property(anyGrants, fc.uniqueArray(fc.constantFrom(...ALL)), anyGrant, (mine, scope, grant) => {
        const holder = powersOf(mine, isProduction);
        const token = narrow(holder, scope);
        for (const permission of ALL) {
          for (const place of PLACES) {
            const isInScope = scope.includes(permission) || permission === 'project:read';
            expect(token.can(permission, place)).toBe(isInScope && holder.can(permission, place));
          }
        }
        if (token.covers(grant)) expect(holder.covers(grant)).toBe(true);
      }),
    );
  });
});

test('an editor changes targeting outside of production only, unless granted there by name', () => {
  const test = { project: 'a', environment: 'test' };
  const production = { project: 'a', environment: 'production' };
  for (const place of [{}, { project: 'a' }]) {
    const { can } = powersBy(['editor', place]);
    expect([can('targeting:write', test), can('targeting:write', production)]).toEqual([true, false]);
    // What is of the whole project is of production, too.
    expect(can('targeting:write', { project: 'a' })).toBe(false);
    expect(can('kill:engage', production)).toBe(true);
    expect(can('kill:rearm', production)).toBe(false);
  }
  expect(powersBy(['editor', production]).can('targeting:write', production)).toBe(true);
  expect(powersBy(['releaser', { project: 'a' }]).can('targeting:write', production)).toBe(true);
});

test('who has a role in one environment reads the project, and changes nothing else', () => {
  const { can, projectsWith } = powersBy(['releaser', { project: 'a', environment: 'test' }]);
  expect([can('project:read', { project: 'a' }), can('flag:read', { project: 'a' })]).toEqual([true, true]);
  expect(can('flag:write', { project: 'a' })).toBe(false);
  expect(can('targeting:write', { project: 'a', environment: 'production' })).toBe(false);
  expect(can('project:read', { project: 'b' })).toBe(false);
  expect(can('project:read', {})).toBe(false);
  expect(projectsWith('project:read')).toEqual(['a']);
});

test('an admin cannot make an owner, nor someone with a role elsewhere', () => {
  const admin = powersBy(['admin', {}]);
  expect(admin.covers({ role: findBuiltIn('owner') as Role, place: {} })).toBe(false);
  expect(admin.covers({ role: findBuiltIn('admin') as Role, place: { project: 'b' } })).toBe(true);
  const ofA = powersBy(['admin', { project: 'a' }]);
  expect(ofA.covers({ role: findBuiltIn('viewer') as Role, place: { project: 'b' } })).toBe(false);
  expect(ofA.covers({ role: findBuiltIn('viewer') as Role, place: {} })).toBe(false);
});

test('an editor may make editors, who may do as little in production', () => {
  const editor = powersBy(['editor', { project: 'a' }]);
  expect(editor.covers({ role: findBuiltIn('editor') as Role, place: { project: 'a' } })).toBe(true);
  const inProduction = { role: findBuiltIn('editor') as Role, place: { project: 'a', environment: 'production' } };
  expect(editor.covers(inProduction)).toBe(false);
});
