import { requirePermission } from '../access/guard.ts';
import type { Permission, Place } from '../access/permissions.ts';
import type { Caller } from '../audit/actor.ts';
import type { Action } from './intervention.ts';

const NEEDED: Readonly<Record<Action, Permission | undefined>> = {
  notify: undefined,
  pause: 'targeting:write',
  abort: 'release:write',
  rollback: 'release:write',
  kill: 'kill:engage',
};

/** Nobody lets alerts and safeguards do what they may not do themselves. @throws {ApiError} `forbidden` */
export function requireAction(caller: Caller, action: Action, place: Place): void {
  const permission = NEEDED[action];
  if (permission !== undefined) requirePermission(caller, permission, place);
}
