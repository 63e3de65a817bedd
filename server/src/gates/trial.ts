import { setTimeout as wait } from 'node:timers/promises';
import type { Gate, GateSubject } from './gate.ts';
import type { Measurement } from './measurement.ts';
import type { Means } from './measuring/look.ts';
import { measure } from './measuring/measure.ts';
import { pastSpans } from './measuring/schedule.ts';
import { advanceRun, beginRun, type RunState } from './run-state.ts';

const TIMEOUT_MS = 30_000;
/** Between two looks at counters that only grow. */
const BETWEEN_MS = 1_000;

/** What a gate would say now, and of what. Nothing is kept. */
export interface Trial {
  readonly state: RunState;
  readonly measurements: readonly Measurement[];
}

/** Judges a gate by what is known of the last minutes, one look being enough where it otherwise takes several in a row. */
export async function tryGate(
  given: Gate,
  subject: Omit<GateSubject, 'gates' | 'enteredAtMs'>,
  means: Means,
  now: () => number,
): Promise<Trial> {
  const gate = given.kind === 'http' || given.kind === 'prometheus' ? { ...given, passAfter: 1, failAfter: 1 } : given;
  const spans = pastSpans(gate, now());
  const enteredAtMs = spans[0]?.fromMs ?? now();
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const measurements: Measurement[] = [];
  let state = beginRun(gate, enteredAtMs);
  for (const [at, planned] of spans.entries()) {
    const isAgain = at > 0 && planned.fromMs === spans[at - 1]?.toMs && planned.fromMs === planned.toMs;
    if (isAgain) await wait(BETWEEN_MS);
    const span = isAgain ? { fromMs: planned.fromMs, toMs: now() } : planned;
    const look = {
      ...{ subject: { ...subject, enteredAtMs }, enteredAtMs, nowMs: now(), lastMs: measurements.at(-1)?.toMs },
      ...{ memory: state.memory, key: 'trial' },
    };
    const measurement = await measure(gate, look, span, means, signal);
    measurements.push(measurement);
    state = advanceRun(gate, enteredAtMs, state, measurement);
  }
  return { state, measurements };
}
