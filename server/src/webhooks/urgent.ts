import { type Actor, isAutomatic } from '../audit/actor.ts';
import { CANARY } from '../interventions/canary.ts';

/** What a filter calls all of it by. */
export const URGENT = 'urgent';

/**
 * What people on call want to hear of: what was turned off or taken back, by whom or what, how far that came, and what should
 * have been and was not. Not that something was off already, or that a signal came again.
 */
const ACTIONS: ReadonlySet<string> = new Set([
  'flag.killed',
  'flag.rearmed',
  'flag.kill.confirmed',
  'flag.kill.unconfirmed',
  'intervention.acted',
  'intervention.would_have',
  'intervention.rate_limited',
  'intervention.not_allowed',
  'intervention.failed',
  'line.stopped',
  'line.resumed',
  'release.aborting',
  'release.rolling_back',
  'release.failed',
  'release.blocked',
  'migration-plan.stopped',
  'fire-drill.slow',
  'fire-drill.failed',
]);

/** What a filter looks at. */
export interface Happening {
  readonly action: string;
  readonly environment: string | null;
  readonly actorKind: Actor['kind'];
  /** What it happened to, by key. */
  readonly target: string;
}

export function isUrgent({ action, actorKind, target }: Omit<Happening, 'environment'>): boolean {
  // A fire drill is one event: how it ended.
  if (target === CANARY) return false;
  // What a signal or a safeguard killed is told as their intervention, with all that led to it.
  if (action === 'flag.killed' && isAutomatic({ kind: actorKind })) return false;
  return ACTIONS.has(action);
}
