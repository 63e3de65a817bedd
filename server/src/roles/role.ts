import { PERMISSIONS, type Permission } from '../access/permissions.ts';

/** Permissions under one name, to be granted together. */
export interface Role {
  readonly key: string;
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly Permission[];
  /**
   * Those of `permissions` that leave production environments out, unless the role was granted in that very environment.
   * What is of a project as a whole is of its production environments, too.
   */
  readonly notInProduction: readonly Permission[];
}

const EVERYTHING = Object.keys(PERMISSIONS) as Permission[];

const READ: Permission[] = ['project:read', 'flag:read', 'flag:comment', 'release:read', 'signal:read', 'audit:read'];
const EDIT: Permission[] = [
  ...READ,
  'flag:write',
  'targeting:write',
  'segment:write',
  'kill:engage',
  'kill:rearm',
  'key:read',
  'contexts:read',
];

/** The roles that every installation has. They cannot be changed; people make others. */
export const BUILT_IN_ROLES: readonly Role[] = [
  {
    key: 'viewer',
    name: 'Viewer',
    description: 'Sees flags, releases and who changed what',
    permissions: READ,
    notInProduction: [],
  },
  {
    key: 'editor',
    name: 'Editor',
    description: 'Makes flags and changes them outside of production; kills them anywhere',
    permissions: EDIT,
    notInProduction: ['targeting:write', 'segment:write', 'kill:rearm'],
  },
  {
    key: 'releaser',
    name: 'Releaser',
    description: 'Changes flags anywhere, archives them, runs releases and safeguards, and undoes changes',
    permissions: [...EDIT, 'flag:archive', 'release:write', 'safeguard:write', 'history:revert'],
    notInProduction: [],
  },
  {
    key: 'approver',
    name: 'Approver',
    description: 'Approves what others want to change; changes nothing by itself',
    permissions: [...READ, 'contexts:read', 'change:approve'],
    notInProduction: [],
  },
  {
    key: 'admin',
    name: 'Admin',
    description: 'Everything, except what belongs to the installation as a whole',
    permissions: EVERYTHING.filter((permission) => permission !== 'installation:write'),
    notInProduction: [],
  },
  {
    key: 'owner',
    name: 'Owner',
    description: 'Everything',
    permissions: EVERYTHING,
    notInProduction: [],
  },
];

export const OWNER = 'owner';

export function findBuiltIn(key: string): Role | undefined {
  return BUILT_IN_ROLES.find((role) => role.key === key);
}
