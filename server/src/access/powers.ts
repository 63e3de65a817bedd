import type { Role } from '../roles/role.ts';
import type { Permission, Place } from './permissions.ts';

/** A role, and where it was given. */
export interface Grant {
  readonly role: Role;
  readonly place: Place;
}

/** What someone may do. Functions, not methods: they are spread into callers. */
export interface Powers {
  /**
   * Whether they have a permission at a place. In a project as a whole: in its production environments, too. `anywhere`:
   * in some place at least.
   */
  readonly can: (permission: Permission, place: Place | 'anywhere') => boolean;
  /** Whether they have all that a grant gives: nobody may give more, nor take from those who have more. */
  readonly covers: (grant: Grant) => boolean;
  /** The keys of the projects in which they have a permission; undefined: in all, also those to come. */
  readonly projectsWith: (permission: Permission) => readonly string[] | undefined;
}

/** Of an admin key, and of the server itself. */
export const ALL_POWERS: Powers = { can: () => true, covers: () => true, projectsWith: () => undefined };
export const NO_POWERS: Powers = { can: () => false, covers: () => false, projectsWith: () => [] };

/** What is one for all environments of a project: who may read it in one of them reads it whole. */
const OF_THE_PROJECT: ReadonlySet<Permission> = new Set(['project:read', 'flag:read']);

/** Grants add up. `isProduction` is asked about environments only. */
export function powersOf(grants: readonly Grant[], isProduction: (place: Place) => boolean): Powers {
  const has = (permission: Permission, place: Place) => {
    const isKept = place.environment === undefined || isProduction(place);
    return grants.some(({ role, place: granted }) => {
      if (!role.permissions.includes(permission) || !reaches(granted, place)) return false;
      return !isKept || granted.environment !== undefined || !role.notInProduction.includes(permission);
    });
  };
  const readsProjectOf = (permission: Permission, { project, environment }: Place) =>
    OF_THE_PROJECT.has(permission) &&
    environment === undefined &&
    grants.some(({ role, place }) => place.project === project && role.permissions.includes(permission));
  const can = (permission: Permission, place: Place) => has(permission, place) || readsProjectOf(permission, place);
  /** Who gets it anywhere in a project reads the whole of it. */
  const readsAsMuch = (permission: Permission, { project }: Place) =>
    project === undefined || !OF_THE_PROJECT.has(permission) || can(permission, { project });
  return {
    can: (permission, place) =>
      place === 'anywhere' ? grants.some(({ role }) => role.permissions.includes(permission)) : can(permission, place),
    covers: ({ role, place }) =>
      role.permissions.every((permission) => {
        if (!readsAsMuch(permission, place)) return false;
        const isWeak = role.notInProduction.includes(permission) && place.environment === undefined;
        if (!isWeak) return has(permission, place);
        return grants.some((grant) => grant.role.permissions.includes(permission) && reaches(grant.place, place));
      }),
    projectsWith: (permission) => {
      if (has(permission, {})) return undefined;
      const projects = new Set(grants.flatMap(({ place }) => place.project ?? []));
      return [...projects].filter((project) => can(permission, { project }));
    },
  };
}

/** What a token has of its holder's powers that was made for some permissions only. That a project is there it may know. */
export function narrow(powers: Powers, permissions: readonly Permission[]): Powers {
  const has = (permission: Permission) => permission === 'project:read' || permissions.includes(permission);
  return {
    can: (permission, place) => has(permission) && powers.can(permission, place),
    covers: (grant) => grant.role.permissions.every(has) && powers.covers(grant),
    projectsWith: (permission) => (has(permission) ? powers.projectsWith(permission) : []),
  };
}

/** Whether what was granted at one place holds at another: the same one, or one inside it. */
function reaches(granted: Place, place: Place): boolean {
  if (granted.project === undefined) return true;
  if (granted.project !== place.project) return false;
  return granted.environment === undefined || granted.environment === place.environment;
}
