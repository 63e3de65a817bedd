/** 0.07 -> 7, without what a floating point adds. */
export function toPercent(share: number): number {
  return Number((share * 100).toPrecision(12));
}

/** 7 -> 0.07 */
export function toShare(percent: number): number {
  return Number((percent / 100).toPrecision(12));
}
