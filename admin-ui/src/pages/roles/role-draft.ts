import { KEY_PATTERN } from '@bunting/core';
import { t } from '@lingui/core/macro';
import type { Permission, Role, RoleBody } from '../../api/types.ts';
import type { FormErrors } from '../../ui/form-errors.ts';

/** A role as it is typed. */
export interface RoleDraft {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly Permission[];
  /** Those of them that leave production out. */
  readonly notInProduction: readonly Permission[];
}

export const emptyRole: RoleDraft = {
  ...{ key: '', name: '', description: '' },
  // Without it one sees nothing at all.
  permissions: ['project:read'],
  notInProduction: [],
};

/** @param copy whether it is to become another role */
export function draftOfRole(role: Role, copy = false): RoleDraft {
  const { key, name, description, permissions, notInProduction } = role;
  return { key: copy ? '' : key, name: copy ? '' : name, description, permissions, notInProduction };
}

/** Gives a permission, also in production, or takes it away altogether. */
export function give({ permissions, notInProduction }: RoleDraft, permission: Permission, isGiven: boolean) {
  const without = (list: readonly Permission[]) => list.filter((one) => one !== permission);
  return {
    permissions: isGiven ? [...without(permissions), permission] : without(permissions),
    notInProduction: without(notInProduction),
  };
}

/** Lets a permission hold in production too, or outside of it alone. */
export function holdInProduction({ permissions, notInProduction }: RoleDraft, permission: Permission, holds: boolean) {
  const others = notInProduction.filter((one) => one !== permission);
  return {
    permissions: permissions.includes(permission) ? permissions : [...permissions, permission],
    notInProduction: holds ? others : [...others, permission],
  };
}

const keyPattern = new RegExp(KEY_PATTERN);

/** @param taken keys that another role has; empty when a role is changed */
export function readRole(
  draft: RoleDraft,
  taken: readonly string[],
): { ok: true; ready: { key: string; body: RoleBody } } | { ok: false; errors: FormErrors } {
  const name = draft.name.trim();
  const { key, permissions, notInProduction } = draft;
  const errors = {
    ...(name === '' && { name: t`Enter a name, such as Release manager.` }),
    ...(!keyPattern.test(key) && { key: t`Use small letters, digits and dashes, such as release-manager.` }),
    ...(taken.includes(key) && { key: t`There is a role ${key}. Choose another key.` }),
    ...(permissions.length === 0 && { permissions: t`Give one permission at least.` }),
  };
  if (Object.keys(errors).length > 0) return { ok: false, errors };
  const body = { name, description: draft.description.trim() };
  return {
    ok: true,
    ready: { key, body: { ...body, permissions: [...permissions], notInProduction: [...notInProduction] } },
  };
}
