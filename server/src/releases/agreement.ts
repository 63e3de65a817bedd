import type { Spec } from './spec.ts';
import type { State } from './state.ts';

/** What a release leads to besides its own spec: SHA-256 of where its traffic target is, and of what its plan does. */
export interface Leads {
  readonly traffic?: string;
  readonly migration?: string;
}

/** What was changed since it was agreed on, in words; undefined: nothing. What an earlier version approved is not known. */
export function findChanged(
  { traffic, migration }: Pick<Spec, 'traffic' | 'migration'>,
  { agreed }: Pick<State, 'agreed'>,
  leads: Leads | undefined,
): string | undefined {
  if (agreed === undefined || leads === undefined) return undefined;
  if (agreed.traffic !== leads.traffic) return `Traffic target "${traffic?.target}"`;
  return agreed.migration === leads.migration ? undefined : `Migration plan "${migration?.plan}"`;
}

/**
 * Why a release may not begin, in a sentence; undefined: enough have approved what it leads to now.
 * @param required how many others have to
 */
export function findUnapproved(spec: Spec, state: State, leads: Leads, required: number): string | undefined {
  if (required === 0) return undefined;
  const changed = findChanged(spec, state, leads);
  if (changed !== undefined) return `${changed} was changed since the release was approved: it must be approved anew.`;
  if (state.startApprovedBy.length >= required || state.isUnapproved === true) return undefined;
  return `The release must be approved by ${required} besides who made it before it begins.`;
}
