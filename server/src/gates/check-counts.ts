import { newTest } from '../evidence/evidence.ts';
import { InvalidEvidence } from '../evidence/invalid-evidence.ts';
import type { TestSpec } from '../evidence/test-spec.ts';
import { STEP } from '../prometheus/counts.ts';
import { isComparing } from '../safeguards/sides.ts';
import type { Gated, Say } from './check-gates.ts';
import type { GateOf } from './gate.ts';
import { type CountingGate, testOf } from './kinds/counts.ts';

/** What cannot work of a gate that judges counts. */
export function checkCounts(gate: CountingGate, release: Gated, say: Say): void {
  const test = testOf(gate);
  try {
    newTest(test);
  } catch (error) {
    if (!(error instanceof InvalidEvidence)) throw error;
    say('test', error.message);
  }
  if (gate.kind === 'sample_ratio') checkFlag(gate.flag, 'flag', release, say);
  else checkSource(gate, test, release, say);
}

function checkSource(gate: GateOf<'sequential' | 'burn_rate'>, test: TestSpec, release: Gated, say: Say): void {
  const { of } = gate;
  const proves = gate.kind === 'sequential' && gate.proves !== undefined;
  if (proves && test.kind !== 'relative_risk' && test.kind !== 'latency') {
    say('proves', 'is a comparison: choose the test relative_risk, or leave it out');
  }
  if (test.kind === 'placebo_rank' && (of.kind !== 'flag' || of.by === 'version')) {
    say('of', 'must be a flag by variant for placebo_rank: only there are slices of subjects');
  }
  if (test.kind === 'latency' && of.kind !== 'flag') say('of', 'must be a flag for latency: only there are durations');
  switch (of.kind) {
    case 'flag':
      if (of.by === 'version' && release.traffic === undefined)
        say('of.by', 'needs the two versions of traffic: choose variant');
      checkFlag(of.flag, 'of.flag', release, say);
      break;
    case 'mismatches':
      if (test.kind !== 'ceiling' && test.kind !== 'burn_rate') {
        say('test.kind', 'must be ceiling for mismatches: there is nothing to compare them with');
      }
      if (of.flag === undefined) checkFlag(undefined, 'of.flag', release, say);
      break;
    case 'traffic':
      if (release.traffic === undefined) say('of', 'is the counters of a traffic target: the release has no traffic');
      break;
    case 'prometheus':
      if (isComparing(test) && of.baseline === undefined) say('of.baseline', `is needed for ${test.kind}`);
      for (const [arm, queries] of [['candidate', of.candidate] as const, ['baseline', of.baseline] as const]) {
        for (const [name, text] of Object.entries(queries ?? {})) {
          if (!text.includes(STEP))
            say(
              `of.${arm}.${name}`,
              'must count what happened in a step, such as sum(increase(requests_total[$step]))',
            );
        }
      }
  }
}

function checkFlag(flag: string | undefined, path: string, { flags }: Gated, say: Say): void {
  if (flag === undefined && flags.length === 0) say(path, 'is needed: the release has no flags');
  if (flag !== undefined && !flags.some((each) => each.flag === flag)) say(path, 'is no flag of the release');
}
