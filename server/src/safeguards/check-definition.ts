import { newTest } from '../evidence/evidence.ts';
import { InvalidEvidence } from '../evidence/invalid-evidence.ts';
import { type Problem, validationFailed } from '../http/api-error.ts';
import type { Definition } from './safeguard.ts';
import { isComparing } from './sides.ts';

/**
 * Refuses what could never find anything.
 * @throws {ApiError} `validation_failed`
 */
export function checkDefinition({ metric, test, candidate, baseline }: Definition): void {
  const problems: Problem[] = [];
  const say = (path: string, message: string) => problems.push({ path, message });
  const { kind } = test;
  if (kind === 'sample_ratio') say('test.kind', 'sample_ratio counts subjects, which are not measured: choose another');
  if (metric.kind === 'mismatches' && kind !== 'ceiling' && kind !== 'burn_rate') {
    say('test.kind', 'must be ceiling or burn_rate for mismatches: there is nothing to compare them with');
  }
  if (kind === 'latency' && metric.kind !== 'latency') say('metric.kind', 'must be latency for the test latency');
  if (metric.kind === 'latency') {
    if (kind === 'placebo_rank') say('test.kind', 'placebo_rank ranks errors: choose latency');
    if (kind === 'latency' && metric.aboveMs !== undefined) {
      say('metric.aboveMs', 'is not for the test latency, which has thresholdsMs of its own: leave it out');
    }
    if (kind !== 'latency' && metric.aboveMs === undefined) {
      say('metric.aboveMs', `is needed for ${kind}: say what is too slow`);
    }
  }
  if (metric.kind === 'values' && kind === 'placebo_rank') {
    say('test.kind', 'placebo_rank ranks what failed: choose relative_risk for values');
  }
  if (metric.kind === 'events' && metric.bad === metric.good) say('metric.good', 'must be another event than bad');
  if (candidate !== undefined && candidate === baseline) say('baseline', 'must be another variant than candidate');
  if (!isComparing(test) && kind !== 'crash' && baseline !== undefined && candidate === undefined) {
    say('baseline', `is not compared with by ${kind}: name the candidate instead`);
  }
  try {
    newTest(test);
  } catch (error) {
    if (!(error instanceof InvalidEvidence)) throw error;
    say('test', error.message);
  }
  if (problems.length > 0) throw validationFailed(problems);
}
