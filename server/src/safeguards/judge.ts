import { advance, newTest, type TestState, verdictOf } from '../evidence/evidence.ts';
import type { TestSpec } from '../evidence/test-spec.ts';
import type { Verdict } from '../evidence/verdict.ts';
import { mergeSteps, type Step, toWindow } from './step.ts';
import { StepLog } from './step-log.ts';

/** Slices are counted in steps that hold errors, not in seconds: it takes less room, and is judged so anyway. */
const PLACEBO_STEP_MS = 5_000;

/** Judges one variant of one flag by one test, as long as it stands. Its verdict is always that of its steps. */
export class Judge {
  readonly spec: TestSpec;
  readonly #leastStepMs: number;
  #log = new StepLog();
  #state: TestState;
  /** Not long enough yet to be judged. */
  #open: Step | undefined;

  /** @throws {InvalidEvidence} when there is no such test */
  constructor(spec: TestSpec) {
    this.spec = spec;
    this.#leastStepMs = spec.kind === 'placebo_rank' ? (spec.stepMs ?? PLACEBO_STEP_MS) : 0;
    this.#state = newTest(spec);
  }

  get verdict(): Verdict {
    return verdictOf(this.spec, this.#state);
  }

  /** All that was judged, oldest first; earlier steps put together. */
  get steps(): readonly Step[] {
    return this.#log.steps;
  }

  /** @throws {InvalidEvidence} when a number cannot have been counted; nothing is changed then */
  take(step: Step): Verdict {
    const open = this.#open === undefined ? step : mergeSteps(this.#open, step);
    if (open.toMs - open.fromMs < this.#leastStepMs) {
      this.#open = open;
      return this.verdict;
    }
    this.#open = undefined;
    this.#state = advance(this.spec, this.#state, toWindow(open));
    if (this.#log.add(open)) this.#state = judge(this.spec, this.#log.steps);
    return this.verdict;
  }
}

/** What a test makes of steps, from the first one on. */
export function judge(spec: TestSpec, steps: readonly Step[]): TestState {
  return steps.reduce((state, step) => advance(spec, state, toWindow(step)), newTest(spec));
}

/** Since when the evidence only grew: the beginning of the step after it was least; undefined where it cannot be said. */
export function findFirstBad(spec: TestSpec, steps: readonly Step[]): number | undefined {
  let state = newTest(spec);
  let least = 0;
  let sinceMs: number | undefined;
  let isNext = true;
  for (const step of steps) {
    const bad = step.candidate[1] > 0 || (step.slower ?? []).some(([candidate]) => candidate[1] > 0);
    if (isNext && bad) {
      sinceMs = step.fromMs;
      isNext = false;
    }
    state = advance(spec, state, toWindow(step));
    const { logE = 0 } = verdictOf(spec, state);
    if (logE <= least) {
      least = logE;
      isNext = true;
    }
  }
  return sinceMs;
}
