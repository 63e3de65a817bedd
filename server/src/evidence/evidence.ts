import type { Json } from '@bunting/core';
import { compileValidator } from '../http/validate.ts';
import { burnRate } from './burn-rate.ts';
import { ceiling } from './ceiling.ts';
import { crash } from './crash.ts';
import { InvalidEvidence } from './invalid-evidence.ts';
import { latency } from './latency.ts';
import { placeboRank } from './placebo-rank.ts';
import { relativeRisk } from './relative-risk.ts';
import { sampleRatio } from './sample-ratio.ts';
import type { SequentialTest } from './sequential-test.ts';
import { type TestSpec, TestSpecSchema } from './test-spec.ts';
import type { Silence, Verdict } from './verdict.ts';
import { checkWindow, type Window } from './window.ts';

/** What a test has seen: small JSON, to be handed back with the next window. */
export type TestState = {
  readonly windows: number;
  readonly watchedMs: number;
  readonly silence?: Silence;
  readonly failedAtMs?: number;
  /** Of the kind of test. */
  readonly memory: Json;
};

const TESTS = {
  relative_risk: relativeRisk,
  placebo_rank: placeboRank,
  latency,
  ceiling,
  burn_rate: burnRate,
  sample_ratio: sampleRatio,
  crash,
} satisfies { readonly [K in TestSpec['kind']]: unknown };

const specs = compileValidator<TestSpec>(TestSpecSchema);

/** @throws {InvalidEvidence} when there is no such test */
export function newTest(spec: TestSpec): TestState {
  const [problem] = specs.problems(spec);
  if (problem !== undefined) throw new InvalidEvidence(`a test's ${problem.path} ${problem.message}`);
  return { windows: 0, watchedMs: 0, memory: testOf(spec).begin(spec) };
}

/**
 * What a test knows after one more window.
 * @throws {InvalidEvidence} when a number of the window cannot have been counted; the state is as it was
 */
export function advance(spec: TestSpec, state: TestState, window: Window): TestState {
  checkWindow(window);
  const test = testOf(spec);
  const { memory, silence } = test.take(spec, state.memory, window);
  const isSilent = silence !== undefined;
  const failedAtMs = state.failedAtMs ?? (test.find(spec, memory).isFailed ? window.endMs : undefined);
  return {
    windows: state.windows + (isSilent ? 0 : 1),
    watchedMs: state.watchedMs + (isSilent ? 0 : window.endMs - window.startMs),
    ...(isSilent && { silence }),
    ...(failedAtMs !== undefined && { failedAtMs }),
    memory,
  };
}

export function verdictOf(spec: TestSpec, state: TestState): Verdict {
  const { windows, watchedMs, silence, failedAtMs } = state;
  const { logE, threshold, burns } = testOf(spec).find(spec, state.memory);
  return {
    verdict: failedAtMs === undefined ? 'pending' : 'failed',
    ...(failedAtMs !== undefined && { failedAtMs }),
    ...{ windows, watchedMs },
    ...(silence !== undefined && { silence }),
    ...(logE !== undefined && { logE }),
    ...(threshold !== undefined && { threshold }),
    ...(burns !== undefined && { burns }),
  };
}

/**
 * What was said after each of these windows, from the beginning.
 * @throws {InvalidEvidence}
 */
export function replay(spec: TestSpec, windows: readonly Window[]): Verdict[] {
  let state = newTest(spec);
  return windows.map((window) => {
    state = advance(spec, state, window);
    return verdictOf(spec, state);
  });
}

/** Each test is only ever given what it has made itself of a spec of its own kind; types cannot say that. */
function testOf({ kind }: TestSpec): SequentialTest<TestSpec, Json> {
  return TESTS[kind] as unknown as SequentialTest<TestSpec, Json>;
}
