/** Who does something: a signed-in user, an admin key, or the server by itself. */
export interface Actor {
  readonly kind: 'user' | 'key' | 'system';
  readonly id: string;
  readonly name: string;
}

/** Who does something, and by which request. */
export interface Caller {
  readonly actor: Actor;
  /** Absent when the server acts by itself. */
  readonly requestId?: string;
}

export const SYSTEM: Caller = { actor: { kind: 'system', id: 'system', name: 'Bunting' } };
