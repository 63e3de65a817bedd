import { ALL_POWERS, type Powers } from '../access/powers.ts';
import type { Origin } from './origin.ts';

/**
 * Who does something: a person (signed in, or by a token), a program (by an admin key, or as a service account), or the
 * server by itself: because of a signal (then it is named for the signal's source), of a safeguard, or of neither.
 */
export interface Actor {
  readonly kind: 'user' | 'key' | 'system' | 'signal' | 'safeguard';
  readonly id: string;
  readonly name: string;
}

/** One try of a request that carries an idempotency key. */
export interface Attempt {
  /** Whose key it is: the kind and id of an actor. */
  readonly caller: string;
  readonly key: string;
  /** Tells it from other tries of the same. */
  readonly attempt: string;
}

/** Who does something, by which request, from where and why, and what they may do. */
export interface Caller extends Powers {
  readonly actor: Actor;
  /** Absent when the server acts by itself. */
  readonly requestId?: string;
  readonly origin?: Origin;
  /** In the words of who does it: 1 to 1000 characters. */
  readonly comment?: string;
  /** True: they mean to change protected environments, and say why in the comment. */
  readonly breaksGlass?: boolean;
  /** What is committed is so only while the attempt stands, and once. */
  readonly attempt?: Attempt;
}

export const SYSTEM: Caller = { actor: { kind: 'system', id: 'system', name: 'Bunting' }, ...ALL_POWERS };

/** Nobody is there to ask for a reason: the server acts by itself. */
export function isAutomatic({ kind }: Pick<Actor, 'kind'>): boolean {
  return kind === 'system' || kind === 'signal' || kind === 'safeguard';
}
