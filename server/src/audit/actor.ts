import type { Permission, Place } from '../access/permissions.ts';
import type { Origin } from './origin.ts';

/** Who does something: a signed-in user, an admin key, or the server by itself. */
export interface Actor {
  readonly kind: 'user' | 'key' | 'system';
  readonly id: string;
  readonly name: string;
}

/** Who does something, by which request, from where and why, and what they may do. */
export interface Caller {
  readonly actor: Actor;
  /** Absent when the server acts by itself. */
  readonly requestId?: string;
  readonly origin?: Origin;
  /** In the words of who does it: 1 to 1000 characters. */
  readonly comment?: string;
  can(permission: Permission, place: Place | 'anywhere'): boolean;
}

export const SYSTEM: Caller = { actor: { kind: 'system', id: 'system', name: 'Bunting' }, can: () => true };
