/** Natural logarithm of how likely it is to have `ofMarked` among `drawn`, of `all` of which `marked` are marked. */
export function logHypergeometric(ofMarked: number, { all, marked, drawn }: Urn): number {
  return logChoose(marked, ofMarked) + logChoose(all - marked, drawn - ofMarked) - logChoose(all, drawn);
}

export interface Urn {
  /** Up to 200, whole. */
  readonly all: number;
  readonly marked: number;
  readonly drawn: number;
}

const LOG_FACTORIALS: readonly number[] = (() => {
  const logs = [0];
  for (let n = 1; n <= 200; n++) logs.push((logs[n - 1] ?? 0) + Math.log(n));
  return logs;
})();

/** Of n things, k: -Infinity when that cannot be. */
function logChoose(n: number, k: number): number {
  if (k < 0 || k > n) return Number.NEGATIVE_INFINITY;
  return (LOG_FACTORIALS[n] ?? 0) - (LOG_FACTORIALS[k] ?? 0) - (LOG_FACTORIALS[n - k] ?? 0);
}
