/**
 * Evidence that grows as long as one looks: the likelihood of what was seen under each of several alternatives, over that
 * under "no harm", as natural logarithms. Their mean, E, exceeds 1/alpha with a chance of at most alpha however often one
 * looks (Ville's inequality), if there is no harm.
 */
export type EProcess = readonly number[];

/** Evidence of nothing yet, for so many alternatives. */
export function beginEProcess(alternatives: number): EProcess {
  return new Array<number>(alternatives).fill(0);
}

/**
 * Adds what one window says for each alternative.
 * @param startWeight how much of a fresh start begins with this window: 0 keeps to the one at the beginning. With
 *   window length / period, harm is found from whenever it begins: then E less all the weights is a martingale, so that the
 *   chance of a false alarm in any one period is about alpha, and the mean time to one at least period / alpha.
 *   Source: Shin, Ramdas, Rinaldo 2022, E-detectors (arXiv 2203.03532), with the weight spread over time.
 */
export function advanceEProcess(before: EProcess, increments: readonly number[], startWeight: number): EProcess {
  const logWeight = Math.log(startWeight);
  return before.map((log, at) => addLogs(log, logWeight) + (increments[at] ?? 0));
}

/** Natural logarithm of E: of the mean over all alternatives, each as likely as the others. */
export function logEOf(process: EProcess): number {
  return meanOfLogs(process);
}

/**
 * Logarithm of the mean of what these are the logarithms of. A mean of several tests' E says as much about "none of them is
 * harmed" as E itself, however they depend on each other.
 */
export function meanOfLogs(logs: readonly number[]): number {
  const most = Math.max(...logs);
  return most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0) / logs.length);
}

/** The line that `logE` must reach. */
export function thresholdOf(alpha: number): number {
  return -Math.log(alpha);
}

/** ln(e^a + e^b); `b` may be -Infinity. */
function addLogs(a: number, b: number): number {
  if (b === Number.NEGATIVE_INFINITY) return a;
  return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
}

/** The weight of a fresh start with a window of this length. */
export function startWeightOf(windowMs: number, periodMs: number | undefined): number {
  return periodMs === undefined ? 0 : windowMs / periodMs;
}
