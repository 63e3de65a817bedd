import { toCanonicalJson } from '@bunting/core';
import type { Gate, GateFacts } from '../gates/gate.ts';
import type { Measurement } from '../gates/measurement.ts';
import { advanceRun, beginRun, type RunState } from '../gates/run-state.ts';
import type { LoggedDecision } from './decision.ts';

/** One gate of one stage of an attempt, with all that it measured. */
export interface ExportedRun {
  readonly attempt: number;
  /** Index; -1: watched in every forward phase. */
  readonly stage: number;
  readonly gate: Gate;
  /** Milliseconds since 1970, UTC. */
  readonly enteredAtMs: number;
  /** What the measurements came to that are not kept any more, and the number of the first after them. */
  readonly base: RunState;
  readonly baseNext: number;
  /** The number of the next measurement. */
  readonly next: number;
  /** What all of them came to. */
  readonly state: RunState;
  /** In their order, from `baseNext` on. */
  readonly measurements: readonly Measurement[];
}

export interface VerifiedRuns {
  /** Gates whose verdict follows, bit for bit, from what they measured. */
  readonly same: number;
  readonly unknown: readonly string[];
  readonly problems: readonly string[];
}

/** Judges every gate again from its measurements, and looks whether decisions were told what the gates said. Pure. */
export function verifyRuns(runs: readonly ExportedRun[], decisions: readonly LoggedDecision[]): VerifiedRuns {
  const unknown: string[] = [];
  const problems: string[] = [];
  /** All that a gate said, one after the other. */
  const said = new Map<string, ReadonlySet<string>>();
  for (const run of runs) {
    const name = `gate "${run.gate.name}" of ${run.stage < 0 ? 'all stages' : `stage ${run.stage + 1}`}`;
    if (run.baseNext + run.measurements.length !== run.next) {
      unknown.push(`${name}: its measurements are not kept any more`);
      continue;
    }
    const states = [run.base];
    for (const measurement of run.measurements) {
      states.push(advanceRun(run.gate, run.enteredAtMs, states.at(-1) ?? run.base, measurement));
    }
    if (toText(states.at(-1)) !== toText(run.state)) problems.push(`${name}: its measurements come to another verdict`);
    else if (run.baseNext > 0) unknown.push(`${name}: its first measurements are kept put together`);
    else if (toText(run.base) === toText(beginRun(run.gate, run.enteredAtMs)))
      said.set(keyOf(run), new Set(states.map(verdictOf)));
    else problems.push(`${name}: it did not begin with nothing`);
  }
  for (const { basis, facts, atMs, decision } of decisions) {
    if (basis === null) continue;
    const { attempt, stage } = basis.before;
    const told = [
      ...(facts.gates ?? []).map((gate) => ({ gate, key: { attempt, stage, gate: { name: gate.gate } } })),
      ...(facts.watch ?? []).map((gate) => ({ gate, key: { attempt, stage: -1, gate: { name: gate.gate } } })),
    ];
    const wrong = told.find(
      ({ gate, key }) => said.get(keyOf(key))?.has(verdictOf(gate)) === false && gate.verdict !== 'error',
    );
    if (wrong === undefined) continue;
    problems.push(
      `${new Date(atMs).toISOString()} "${decision}": gate "${wrong.gate.gate}" never said: ${wrong.gate.reason}`,
    );
  }
  return { same: said.size, unknown, problems };
}

function keyOf({
  attempt,
  stage,
  gate,
}: {
  readonly attempt: number;
  readonly stage: number;
  readonly gate: { readonly name: string };
}): string {
  return JSON.stringify([attempt, stage, gate.name]);
}

function verdictOf({ verdict, reason, sinceMs }: Pick<GateFacts, 'verdict' | 'reason' | 'sinceMs'>): string {
  return JSON.stringify([verdict, reason, sinceMs]);
}

/** As it is when it was stored and read. */
function toText(value: unknown): string {
  return toCanonicalJson(JSON.parse(JSON.stringify(value)));
}
