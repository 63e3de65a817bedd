const DAY_MS = 24 * 60 * 60 * 1000;

/** A session ends when it was not used for this long. */
export const SESSION_IDLE_MS = 7 * DAY_MS;

/** And when it is this old, however much it is used. */
export const SESSION_MAX_AGE_MS = 30 * DAY_MS;

/** When a session ends that is used now. */
export function endOfSession(createdAtMs: number, nowMs: number): number {
  return Math.min(createdAtMs + SESSION_MAX_AGE_MS, nowMs + SESSION_IDLE_MS);
}
