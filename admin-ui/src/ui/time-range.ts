/**
 * From when to when a plot of these moments goes, in seconds since 1970. One moment alone stands in the middle of a minute: uPlot
 * would lead from it over years.
 * @param times milliseconds since 1970, ascending
 */
export function timeRange(times: readonly number[]): [from: number, to: number] {
  const [first = 0, last = first] = [times[0], times.at(-1)].map((ms) => (ms ?? 0) / 1_000);
  return first === last ? [first - 30, last + 30] : [first, last];
}
