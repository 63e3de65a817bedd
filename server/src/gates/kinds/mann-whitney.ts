import { estimateShift } from '../../evidence/mann-whitney.ts';
import type { GateOf } from '../gate.ts';
import type { Finding, GateKind } from './gate-kind.ts';
import type { Values } from './prometheus.ts';

/** The latest values of both sides, one of each for a look. */
type Memory = { readonly candidate: readonly number[]; readonly baseline: readonly number[] };

/** Of each side: two hours at a look each 15 s. */
const MAX_POINTS = 500;
const DEFAULT_MIN_POINTS = 50;
const DEFAULT_CONFIDENCE = 0.98;
const DEFAULT_TOLERANCE = 0.25;
const DEFAULT_RATIO = 1.2;

/**
 * As Kayenta judges: high where the interval of the shift lies above a part of the estimated shift itself (not of the
 * baseline, as many read it), and the means differ by enough. Low is its mirror.
 */
export const mannWhitney: GateKind<GateOf<'mann_whitney'>, Values, Memory> = {
  begin: () => ({ candidate: [], baseline: [] }),
  take: (_, memory, { candidate, baseline = 0 }) => ({
    candidate: [...memory.candidate, candidate].slice(-MAX_POINTS),
    baseline: [...memory.baseline, baseline].slice(-MAX_POINTS),
  }),
  miss: (_, memory) => memory,
  find(settings, { candidate, baseline }) {
    const { minPoints = DEFAULT_MIN_POINTS } = settings;
    if (candidate.length < minPoints) {
      return {
        verdict: 'running',
        reason: `${candidate.length} of at least ${minPoints} points of each side were seen.`,
      };
    }
    return judge(settings, candidate, baseline);
  },
};

function judge(settings: GateOf<'mann_whitney'>, candidate: readonly number[], baseline: readonly number[]): Finding {
  const { direction = 'increase', confidence = DEFAULT_CONFIDENCE } = settings;
  const { tolerance = DEFAULT_TOLERANCE, atLeastRatio = DEFAULT_RATIO } = settings;
  const { estimate, low, high } = estimateShift(candidate, baseline, confidence);
  const [mean, other] = [meanOf(candidate), meanOf(baseline)];
  const line = tolerance * Math.abs(estimate);
  const isHigh = direction !== 'decrease' && low > line && ratioOf(mean, other) >= atLeastRatio;
  const isLow = direction !== 'increase' && high < -line && ratioOf(other, mean) >= atLeastRatio;
  const interval = `by ${show(estimate)} (${show(low)} to ${show(high)}, ${show(100 * confidence)} % sure)`;
  const means = `means ${show(mean)} and ${show(other)} of ${candidate.length} points each`;
  if (isHigh) return { verdict: 'failed', reason: `The candidate is higher ${interval}; ${means}.` };
  if (isLow) return { verdict: 'failed', reason: `The candidate is lower ${interval}; ${means}.` };
  return { verdict: 'successful', reason: `The candidate differs ${interval}, which is no harm; ${means}.` };
}

/** Of two nothings 1; infinite over nothing. */
function ratioOf(a: number, b: number): number {
  return a === b ? 1 : Math.abs(a / b);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function show(value: number): string {
  return String(Number(value.toPrecision(4)));
}
