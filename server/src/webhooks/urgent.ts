/** What a filter calls all of it by. */
export const URGENT = 'urgent';

/**
 * What people on call want to hear of: what was turned off, by whom or what, and what should have been and was not. Not that
 * something was off already, or that a signal came again.
 */
const ACTIONS: ReadonlySet<string> = new Set([
  'flag.killed',
  'flag.rearmed',
  'intervention.acted',
  'intervention.would_have',
  'intervention.rate_limited',
  'intervention.not_allowed',
  'intervention.failed',
]);

export function isUrgent(action: string): boolean {
  return ACTIONS.has(action);
}
