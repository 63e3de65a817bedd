import type { Json } from '@bunting/core';
import { logEOf, thresholdOf } from '../../evidence/e-process.ts';
import { advance, newTest, type TestState, verdictOf } from '../../evidence/evidence.ts';
import { beginRelative, type RelativeMemory, takeRelative } from '../../evidence/relative.ts';
import type { TestSpec } from '../../evidence/test-spec.ts';
import type { Verdict } from '../../evidence/verdict.ts';
import { percent, share } from '../../safeguards/describe.ts';
import { type Step, toWindow } from '../../safeguards/step.ts';
import type { GateOf } from '../gate.ts';
import type { Finding, GateKind } from './gate-kind.ts';
import { addSums, type Growth, grow, NO_GROWTH, NO_SUMS, type Sums } from './growth.ts';

export type CountingGate = GateOf<'sequential' | 'burn_rate' | 'sample_ratio'>;

/** What was counted in a stretch of time. */
export interface Counts {
  readonly step: Step;
  /** The candidate's share of subjects, as the split had it then; only of sample ratios. */
  readonly expected?: number;
  /** Where what is counted only grows: what it had come to. The next look begins there. */
  readonly totals?: Totals;
}

export type Totals = {
  readonly atMs: number;
  /** Requests and errors of each side. */
  readonly candidate: readonly [requests: number, errors: number];
  readonly baseline: readonly [requests: number, errors: number];
};

type Memory = {
  readonly test: Json;
  readonly proof: RelativeMemory | null;
  /** Since the beginning. */
  readonly sums: Sums;
  /** Absent: its test has no period, or the run was begun by a version that did not keep it. */
  readonly growth?: Growth;
  /** Of the candidate, in windows that said something. */
  readonly requests: number;
  /** End of the last window that said something, and of the last one. */
  readonly heardMs: number | null;
  readonly nowMs: number;
  readonly totals: Totals | null;
};

/** Where the next look at totals begins. */
export function totalsOf(memory: Json): Totals | null {
  return (memory as unknown as Memory).totals;
}

const DEFAULT_MIN_REQUESTS = 100;
const DEFAULT_QUIET_SECONDS = 60;
const DEFAULT_RATIO_ALPHA = 0.001;

export const counts: GateKind<CountingGate, Counts, Memory> = {
  begin: (gate) => ({
    test: newTest(testOf(gate)),
    proof:
      gate.kind === 'sequential' && gate.proves !== undefined
        ? beginRelative(proofOptions(gate.proves.lessThan))
        : null,
    sums: NO_SUMS,
    ...(hasPeriod(testOf(gate)) && { growth: NO_GROWTH }),
    ...{ requests: 0, heardMs: null, nowMs: 0, totals: null },
  }),
  take(gate, memory, { step, expected, totals }, { fromMs, toMs }) {
    const window = toWindow(step);
    const spec = testOf(gate, expected);
    const before = memory.test as TestState;
    const test = advance(spec, before, window);
    const isHeard = test.silence === undefined;
    const { candidate, baseline = { count: 0, bad: 0 } } = window;
    const added: Sums = {
      ...{ candidate: candidate.count, candidateBad: candidate.bad },
      ...{ baseline: baseline.count, baselineBad: baseline.bad },
    };
    const { proof, sums, growth } = memory;
    const isFailed = before.failedAtMs !== undefined;
    const lessThan = gate.kind === 'sequential' ? gate.proves?.lessThan : undefined;
    return {
      test,
      proof:
        proof === null || lessThan === undefined
          ? proof
          : takeRelative(proofOptions(lessThan), proof, window, step.toMs - step.fromMs),
      sums: addSums(sums, added),
      ...(growth && { growth: isFailed ? growth : grow(growth, added, { fromMs, toMs }, verdictOf(spec, test)) }),
      requests: memory.requests + (isHeard ? candidate.count : 0),
      // Nothing at all was heard yet: from the first window on it is waited for.
      heardMs: isHeard ? toMs : (memory.heardMs ?? fromMs),
      nowMs: toMs,
      totals: totals ?? null,
    };
  },
  // What was counted while nobody looked is not known to be of this stage's exposure.
  miss: (_, memory, why) => (why === 'gap' ? { ...memory, totals: null } : memory),
  find(gate, memory) {
    const { minRequests = DEFAULT_MIN_REQUESTS, quietSeconds = DEFAULT_QUIET_SECONDS } = gate;
    const { requests, heardMs, nowMs, sums } = memory;
    const found = verdictOf(testOf(gate), memory.test as TestState);
    const seen = describeSums(gate, sums);
    if (found.verdict === 'failed') {
      const grown = describeGrowth(memory, found.failedAtMs);
      return { verdict: 'failed', reason: `${seen}${grown} ${describeEvidence(found)}` };
    }
    const quietMs = nowMs - (heardMs ?? nowMs);
    if (quietMs >= quietSeconds * 1000) {
      return {
        verdict: 'inconclusive',
        reason: `${describeSilence(found)} for ${Math.round(quietMs / 1000)} s. ${seen}`,
      };
    }
    if (requests < minRequests) {
      return { verdict: 'running', reason: `${Math.floor(requests)} of at least ${minRequests} were seen. ${seen}` };
    }
    return judgeProof(gate, memory, `${seen} ${describeEvidence(found)}`);
  },
};

/** The test of a gate. @param expected the candidate's share at the time; only what is taken rests on it */
export function testOf(gate: CountingGate, expected = 0.5): TestSpec {
  switch (gate.kind) {
    case 'sequential':
      return gate.test;
    case 'burn_rate':
      return { kind: 'burn_rate', objective: gate.objective, profile: gate.profile ?? 'release' };
    case 'sample_ratio':
      return { kind: 'sample_ratio', alpha: gate.alpha ?? DEFAULT_RATIO_ALPHA, expected };
  }
}

/** Evidence against "so many times as bad, or worse": each alternative is milder than that. */
function proofOptions(lessThan: number) {
  return { harms: [Math.sqrt(lessThan), 1, 0.7].map((harm) => harm / lessThan), tolerance: lessThan };
}

function judgeProof(gate: CountingGate, { proof }: Memory, said: string): Finding {
  if (gate.kind !== 'sequential' || gate.proves === undefined || proof === null) {
    return { verdict: 'successful', reason: `Nothing speaks against it. ${said}` };
  }
  const { lessThan, beta } = gate.proves;
  const [logE, line] = [logEOf(proof.process), thresholdOf(beta)];
  const share = `${Math.max(0, Math.min(100, Math.floor((100 * logE) / line)))} % of the evidence that it takes`;
  return logE >= line
    ? { verdict: 'successful', reason: `It is proven to be less than ${lessThan} times as bad. ${said}` }
    : { verdict: 'running', reason: `Not proven yet to be less than ${lessThan} times as bad: ${share}. ${said}` };
}

function hasPeriod(test: TestSpec): boolean {
  return 'periodMs' in test && test.periodMs !== undefined;
}

function describeSums(gate: CountingGate, sums: Sums): string {
  const { candidate, baseline } = sums;
  return gate.kind === 'sample_ratio'
    ? `The candidate was served to ${share([candidate + baseline, candidate])} subjects.`
    : `Bad of the candidate: ${describeSides(sums)}.`;
}

/** Of harm that began late: what was seen of it alone. */
function describeGrowth({ growth, sums }: Memory, failedAtMs = 0): string {
  if (growth === undefined || growth.sinceMs === null || growth.sums.candidate === sums.candidate) return '';
  const seconds = Math.round((failedAtMs - growth.sinceMs) / 1_000);
  return ` In the ${seconds} s in which the evidence grew: ${describeSides(growth.sums)}.`;
}

function describeSides({ candidate, candidateBad, baseline, baselineBad }: Sums): string {
  const side = (count: number, bad: number) =>
    `${share([count, bad])}${count === 0 ? '' : ` (${percent(bad / count)})`}`;
  return `${side(candidate, candidateBad)}${baseline === 0 ? '' : `, of the baseline ${side(baseline, baselineBad)}`}`;
}

function describeEvidence({ logE, threshold, burns = [] }: Verdict): string {
  if (logE !== undefined && threshold !== undefined) {
    return `Evidence of harm: ${number(Math.exp(logE))}; the line is ${number(Math.exp(threshold))}.`;
  }
  const [worst] = burns.toSorted((a, b) => b.long / b.limit - a.long / a.limit);
  if (worst === undefined) return '';
  return `The budget burns at ${number(worst.long)} times its rate over ${worst.longMs / 60_000} min; the line is ${worst.limit}.`;
}

function describeSilence({ silence }: Verdict): string {
  switch (silence) {
    case 'no_baseline':
      return 'There was nothing to compare with';
    case 'no_slices':
      return 'No slices were measured (turn `slices` of the flag on)';
    case 'no_latencies':
      return 'No latencies were measured';
    default:
      return 'There was no traffic';
  }
}

function number(value: number): string {
  return value >= 1e6 ? value.toExponential(1) : String(Number(value.toPrecision(3)));
}
