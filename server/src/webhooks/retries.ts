const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** How long to wait after each failed attempt, as Standard Webhooks recommends; after the last of them there is no more. */
const WAITS_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];

/** Those who were told to wait do not all come back at once: up to this part more. */
const JITTER = 0.1;

/**
 * When to try again.
 * @param attempts made so far, at least 1
 * @param askedMs what the receiver asked for (Retry-After); never shorter than our own wait, a day at most
 * @returns milliseconds from now; undefined: not any more
 */
export function waitAfter(attempts: number, askedMs = 0, random: () => number = Math.random): number | undefined {
  const waitMs = WAITS_MS[attempts - 1];
  if (waitMs === undefined) return undefined;
  return Math.round(Math.max(waitMs * (1 + JITTER * random()), Math.min(askedMs, 24 * HOUR_MS)));
}

/** Reads a Retry-After header: seconds, or a date. */
export function readRetryAfter(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - nowMs);
}
