import type { AddressPolicy } from '../egress/address-policy.ts';
import type { Pair, Step } from '../safeguards/step.ts';
import { ask, type Endpoint, type NoNumber } from './query.ts';

/** Stands in queries for the length of a step, such as `15s`. */
export const STEP = '$step';

/** How often an arm ran within a step, and how often that was bad: PromQL, with `$step` as the range of counters. */
interface ArmQueries {
  readonly total: string;
  readonly bad: string;
}

export interface Queries {
  readonly candidate: ArmQueries;
  readonly baseline?: ArmQueries;
  readonly stepMs: number;
}

/** Counts of one step, or why there are none. */
export type Reading = { readonly kind: 'counts'; readonly step: Step } | NoNumber;

/** `increase` extrapolates each counter on its own: so much more may be bad than ran. */
const SLACK = 1.05;

/** Reads what happened in the step that ended at a moment. Never rejects. */
export async function readCounts(
  policy: AddressPolicy,
  endpoint: Endpoint,
  { candidate, baseline, stepMs }: Queries,
  toMs: number,
  signal?: AbortSignal,
): Promise<Reading> {
  const read = async (name: string, { total, bad }: ArmQueries): Promise<Pair | NoNumber> => {
    const timeoutMs = Math.min(stepMs, 10_000);
    const question = (query: string) => ({
      query: query.replaceAll(STEP, `${stepMs / 1_000}s`),
      ...{ atMs: toMs, timeoutMs },
    });
    const [totalAnswer, badAnswer] = await Promise.all([
      ask(policy, endpoint, question(total), signal),
      ask(policy, endpoint, question(bad), signal),
    ]);
    if (totalAnswer.kind !== 'number') return named(`${name}.total`, totalAnswer);
    if (badAnswer.kind !== 'number') return named(`${name}.bad`, badAnswer);
    return toPair(name, totalAnswer.value, badAnswer.value);
  };
  const [candidatePair, baselinePair] = await Promise.all([
    read('candidate', candidate),
    baseline === undefined ? undefined : read('baseline', baseline),
  ]);
  if ('kind' in candidatePair) return candidatePair;
  if (baselinePair !== undefined && 'kind' in baselinePair) return baselinePair;
  const step = { fromMs: toMs - stepMs, toMs, candidate: candidatePair };
  return { kind: 'counts', step: baselinePair === undefined ? step : { ...step, baseline: baselinePair } };
}

function toPair(name: string, total: number, bad: number): Pair | NoNumber {
  if (total < 0 || bad < 0)
    return { kind: 'no_data', reason: `${name}: a count is negative: use increase(...[$step])` };
  if (bad > total * SLACK) {
    return { kind: 'no_data', reason: `${name}.bad is more than ${name}.total: are both of the same requests?` };
  }
  return [total, Math.min(bad, total)];
}

function named(query: string, { kind, reason }: NoNumber): NoNumber {
  return { kind, reason: `${query}: ${reason}` };
}
