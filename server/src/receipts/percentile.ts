/** The p-th percentile (nearest rank) of ascending samples, to a tenth; null without samples. */
export function percentile(ascending: readonly number[], p: number): number | null {
  const rank = Math.max(1, Math.ceil((p / 100) * ascending.length));
  const sample = ascending[rank - 1];
  return sample === undefined ? null : Math.round(sample * 10) / 10;
}
