/** How far one sample lies above another. */
export interface Shift {
  /** Hodges-Lehmann: the median of all differences. */
  readonly estimate: number;
  /** The interval that holds the true shift with the confidence that was asked for. */
  readonly low: number;
  readonly high: number;
}

/** So many halvings of the range are finer than a double of it. */
const HALVINGS = 54;

/**
 * By how much `experiment` lies above `control`: those shifts that the Mann-Whitney test does not reject, found as the
 * `wilcox.test` of R and Kayenta find them, with the normal approximation, corrected for ties within each sample and for
 * continuity. Each sample has at least one finite number.
 *
 * Where all values tie, Kayenta adds a little noise; here nothing is drawn, so that it is the same each time.
 * Source: Kayenta, MannWhitney.scala; Hollander, Wolfe 1973, Nonparametric Statistical Methods.
 */
export function estimateShift(experiment: readonly number[], control: readonly number[], confidence: number): Shift {
  const line = normalQuantile(1 - (1 - confidence) / 2);
  const [xs, ys] = [experiment.toSorted((a, b) => a - b), control.toSorted((a, b) => a - b)];
  const [least, most] = [(xs[0] ?? 0) - (ys.at(-1) ?? 0), (xs.at(-1) ?? 0) - (ys[0] ?? 0)];
  const size = xs.length + ys.length;
  const pairs = xs.length * ys.length;
  const ties = countTies(xs) + countTies(ys);
  const deviation = Math.sqrt((pairs / 12) * (size + 1 - ties / (size * (size - 1))));
  /** Standardised: how many of all pairs are in favour of `experiment` when a shift is taken away from it. Falls with it. */
  const statistic = (shift: number, correction: number): number => {
    const distance = countAbove(xs, ys, shift) - pairs / 2;
    return (distance - Math.sign(distance) * correction) / deviation;
  };
  const findShift = (value: number, correction: number): number => {
    let [below, above] = [least, most];
    if (statistic(below, correction) <= value) return below;
    if (statistic(above, correction) >= value) return above;
    for (let halving = 0; halving < HALVINGS; halving++) {
      const middle = below + (above - below) / 2;
      if (statistic(middle, correction) > value) below = middle;
      else above = middle;
    }
    // Where most values tie the shift is 0, and not the last bit of a double.
    return Math.abs(above) < (most - least) * 4 * Number.EPSILON ? 0 : above;
  };
  return { estimate: findShift(0, 0), low: findShift(line, 0.5), high: findShift(-line, 0.5) };
}

/** Of all pairs, how many have their x, less the shift, above their y; equal ones count half. Both ascending. */
function countAbove(xs: readonly number[], ys: readonly number[], shift: number): number {
  let [below, upTo, count] = [0, 0, 0];
  for (const x of xs) {
    const value = x - shift;
    while (below < ys.length && (ys[below] ?? 0) < value) below++;
    while (upTo < ys.length && (ys[upTo] ?? 0) <= value) upTo++;
    count += (below + upTo) / 2;
  }
  return count;
}

/** The sum of t^3 - t over groups of t equal values. Ascending. */
function countTies(values: readonly number[]): number {
  let ties = 0;
  for (let from = 0; from < values.length; ) {
    let to = from + 1;
    while (values[to] === values[from] && to < values.length) to++;
    ties += (to - from) ** 3 - (to - from);
    from = to;
  }
  return ties;
}

/** Below what a standard normal number lies with this chance. Acklam's approximation, to 1e-9. */
function normalQuantile(chance: number): number {
  const tail = Math.min(chance, 1 - chance);
  if (tail < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(tail));
    const value = polynomial(TAIL_OVER, q) / (polynomial(TAIL_UNDER, q) * q + 1);
    return chance < 0.5 ? value : -value;
  }
  const q = chance - 0.5;
  const r = q * q;
  return (polynomial(CENTRE_OVER, r) * q) / (polynomial(CENTRE_UNDER, r) * r + 1);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
}

/** Source: P. J. Acklam, An algorithm for computing the inverse normal cumulative distribution function, 2003. */
const CENTRE_OVER = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
];
const CENTRE_UNDER = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572];
const TAIL_OVER = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const TAIL_UNDER = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416];
