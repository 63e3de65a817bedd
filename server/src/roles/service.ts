import type { Static } from '@sinclair/typebox';
import { editAccess, requireAtLeast } from '../access/edit-access.ts';
import type { Permission } from '../access/permissions.ts';
import type { Caller } from '../audit/actor.ts';
import type { Changes } from '../changes/changes.ts';
import { ApiError, notFound, type Problem, validationFailed } from '../http/api-error.ts';
import { findProviders } from '../identity-providers/repository.ts';
import { readSettings } from '../identity-providers/service.ts';
import type { Database } from '../store/tables.ts';
import { countGrantsOf, deleteRole, findMadeRole, findMadeRoles, saveRole } from './repository.ts';
import { BUILT_IN_ROLES, findBuiltIn, type Role } from './role.ts';
import type { RoleInput, RoleSchema } from './schemas.ts';

/** What is done in one environment; everything else is of a project or the installation, where production is never left out. */
const IN_ENVIRONMENTS: ReadonlySet<Permission> = new Set<Permission>([
  'targeting:write',
  'segment:write',
  'kill:engage',
  'kill:rearm',
  'key:read',
  'key:write',
  'release:write',
  'contexts:read',
  'contexts:write',
  'change:approve',
  'change:bypass',
]);

/** The built-in roles, and those that people make. */
export class Roles {
  readonly #database: Database;
  readonly #changes: Changes;

  constructor(database: Database, changes: Changes) {
    this.#database = database;
    this.#changes = changes;
  }

  async list(): Promise<Static<typeof RoleSchema>[]> {
    const made = await findMadeRoles(this.#database);
    return [...BUILT_IN_ROLES.map((role) => show(role, true)), ...made.map((role) => show(role, false))];
  }

  /** Makes a role, or changes what it gives to everyone who has it. */
  async put(caller: Caller, key: string, input: Static<typeof RoleInput>): Promise<Static<typeof RoleSchema>> {
    refuseBuiltIn(key);
    const { name, description = '', permissions, notInProduction = [] } = input;
    const role: Role = { key, name, description, permissions, notInProduction };
    const problems = findProblems(role);
    if (problems.length > 0) throw validationFailed(problems);
    await editAccess(this.#changes, caller, async (draft) => {
      const before = await findMadeRole(draft.tx, key);
      const both = before === undefined ? [role] : [before, role];
      const grants = both.map((role) => ({ role, place: {} }));
      requireAtLeast(caller, grants, 'Who has this role');
      await saveRole(draft.tx, role, draft.atMs);
      const target = { kind: 'role', key };
      await draft.audit({
        action: before === undefined ? 'role.created' : 'role.updated',
        target,
        before,
        after: role,
      });
    });
    return show(role, false);
  }

  async remove(caller: Caller, key: string): Promise<void> {
    refuseBuiltIn(key);
    await editAccess(this.#changes, caller, async (draft) => {
      const before = await findMadeRole(draft.tx, key);
      if (before === undefined) throw notFound(`role "${key}"`);
      requireAtLeast(caller, [{ role: before, place: {} }], 'Who has this role');
      const grants = await countGrantsOf(draft.tx, key);
      if (grants > 0) {
        throw new ApiError('conflict', `Role "${key}" is granted ${grants} times. Remove those grants first.`);
      }
      // Else a later role of the same key would be given to newcomers.
      const provider = (await findProviders(draft.tx)).find(
        ({ settings }) => readSettings(settings).defaultRole === key,
      );
      if (provider !== undefined) {
        const message = `Identity provider "${provider.key}" gives role "${key}" to newcomers. Change its default role first.`;
        throw new ApiError('conflict', message);
      }
      await deleteRole(draft.tx, key);
      await draft.audit({ action: 'role.removed', target: { kind: 'role', key }, before });
    });
  }
}

function show({ permissions, notInProduction, ...role }: Role, builtIn: boolean): Static<typeof RoleSchema> {
  return { ...role, permissions: [...permissions], notInProduction: [...notInProduction], builtIn };
}

function refuseBuiltIn(key: string): void {
  if (findBuiltIn(key) === undefined) return;
  throw new ApiError(
    'conflict',
    `Role "${key}" is built in and stays as it is. Make another one with a key of its own.`,
  );
}

function findProblems({ permissions, notInProduction }: Role): Problem[] {
  return notInProduction.flatMap((permission, at) => {
    const path = `notInProduction[${at}]`;
    if (!permissions.includes(permission)) return [{ path, message: 'is not among permissions; add it there' }];
    if (IN_ENVIRONMENTS.has(permission)) return [];
    return [{ path, message: `is not of an environment; these are: ${[...IN_ENVIRONMENTS].join(', ')}` }];
  });
}
