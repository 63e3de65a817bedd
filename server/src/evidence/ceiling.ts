import { advanceEProcess, beginEProcess, type EProcess, logEOf, startWeightOf, thresholdOf } from './e-process.ts';
import type { SequentialTest } from './sequential-test.ts';
import type { SpecOf } from './test-spec.ts';
import type { Arm } from './window.ts';

export const CEILING_HARMS: readonly number[] = [1.25, 1.5, 2, 3, 5, 10, 20, 50];

/** No alternative says that everything is bad: one good request would refute it for ever. */
const MAX_RATE = 0.95;

/** Is more bad than is allowed? One sample against a number: an outage that others share counts, too. */
export const ceiling: SequentialTest<SpecOf<'ceiling'>, EProcess> = {
  begin: ({ atMost }) => beginEProcess(ratesAbove(atMost, CEILING_HARMS).length),
  take({ atMost, periodMs }, memory, { startMs, endMs, candidate }) {
    if (candidate.count === 0) return { memory, silence: 'no_traffic' };
    const increments = ratesAbove(atMost, CEILING_HARMS).map((rate) => logLikelihoodRatio(candidate, rate, atMost));
    return { memory: advanceEProcess(memory, increments, startWeightOf(endMs - startMs, periodMs)) };
  },
  find({ alpha }, memory) {
    const [logE, threshold] = [logEOf(memory), thresholdOf(alpha)];
    return { isFailed: logE >= threshold, logE, threshold };
  },
};

/** So many times the rate that is allowed, but for more than everything; never none. */
export function ratesAbove(atMost: number, harms: readonly number[]): number[] {
  const rates = harms.map((harm) => atMost * harm).filter((rate) => rate < MAX_RATE);
  return rates.length > 0 ? rates : [MAX_RATE];
}

/** How much likelier so many bad ones are at one rate than at another. */
export function logLikelihoodRatio({ count, bad }: Arm, rate: number, than: number): number {
  return bad * Math.log(rate / than) + (count - bad) * Math.log((1 - rate) / (1 - than));
}
