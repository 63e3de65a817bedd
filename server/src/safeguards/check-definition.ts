import { newTest } from '../evidence/evidence.ts';
import { InvalidEvidence } from '../evidence/invalid-evidence.ts';
import { type Problem, validationFailed } from '../http/api-error.ts';
import { STEP } from '../prometheus/counts.ts';
import type { Definition } from './safeguard.ts';
import { isComparing } from './sides.ts';

/** They need neither slices nor thresholds. */
const PROMETHEUS_TESTS: ReadonlySet<string> = new Set(['relative_risk', 'crash', 'ceiling', 'burn_rate']);

/**
 * Refuses what could never find anything.
 * @throws {ApiError} `validation_failed`
 */
export function checkDefinition({ watch, metric, test, candidate, baseline, deploy, action }: Definition): void {
  const problems: Problem[] = [];
  const say = (path: string, message: string) => problems.push({ path, message });
  const { kind } = test;
  if ((kind === 'sample_ratio') !== (metric.kind === 'exposures')) {
    say('metric.kind', 'exposures is what sample_ratio counts, and nothing else does: choose both, or neither');
  }
  if (kind === 'sample_ratio') {
    if (test.expected !== undefined) say('test.expected', "is what the flag's split says: leave it out");
    if (action !== 'notify' && action !== 'pause') {
      say('action', 'must be notify or pause for sample_ratio: it makes comparisons untrue, and harms nobody');
    }
  }
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
  if (metric.kind === 'prometheus') {
    if (!('flag' in watch)) say('watch', 'must name one flag for prometheus: queries are about one');
    if (!PROMETHEUS_TESTS.has(kind))
      say('test.kind', `must be one of ${[...PROMETHEUS_TESTS].join(', ')} for prometheus`);
    if (kind === 'relative_risk' && metric.baseline === undefined) {
      say('metric.baseline', 'is needed for relative_risk: say what the candidate is compared with');
    }
    for (const [arm, queries] of [['candidate', metric.candidate] as const, ['baseline', metric.baseline] as const]) {
      for (const [name, query] of Object.entries(queries ?? {})) {
        if (query.includes(STEP)) continue;
        say(
          `metric.${arm}.${name}`,
          'must count what happened in a step, such as sum(increase(requests_total[$step]))',
        );
      }
    }
  }
  if (deploy !== undefined && (metric.kind === 'prometheus' || metric.kind === 'exposures')) {
    say('deploy', `is not for ${metric.kind}, which knows no versions: leave it out`);
  }
  if (deploy !== undefined && 'newest' in deploy) {
    if (kind === 'placebo_rank') say('deploy', 'is not for placebo_rank: no slices tell versions apart');
    if (baseline !== undefined && (isComparing(test) || kind === 'crash')) {
      say('baseline', 'is not compared with: each variant is compared with itself in other versions. Leave it out');
    }
  }
  if (candidate !== undefined && candidate === baseline) say('baseline', 'must be another variant than candidate');
  if (!isComparing(test) && kind !== 'crash' && baseline !== undefined && candidate === undefined) {
    say('baseline', `is not compared with by ${kind}: name the candidate instead`);
  }
  try {
    newTest(kind === 'sample_ratio' ? { ...test, expected: 0.5 } : test);
  } catch (error) {
    if (!(error instanceof InvalidEvidence)) throw error;
    say('test', error.message);
  }
  if (problems.length > 0) throw validationFailed(problems);
}
