import type { Json } from '@bunting/core';
import type { Gate, GateFacts, GateVerdict } from './gate.ts';
import type { Finding } from './kinds/gate-kind.ts';
import { kindOf } from './kinds/kinds.ts';
import type { Measurement } from './measurement.ts';

/** What one gate of one stage knows after all measurements so far: small JSON. */
export interface RunState {
  readonly verdict: GateVerdict;
  readonly reason: string;
  /** When the verdict became this one: milliseconds since 1970, UTC. */
  readonly sinceMs: number;
  /** Measurements with data, without, and those that could not be made. */
  readonly measured: number;
  readonly silent: number;
  readonly errors: number;
  /** How often it has failed and recovered. */
  readonly recoveries: number;
  /** Of its kind. */
  readonly memory: Json;
}

/** What recovers more often is not believed any more: it goes back and forth. */
const MAX_RECOVERIES = 3;

/** @param enteredAtMs nothing from before it counts */
export function beginRun(gate: Gate, enteredAtMs: number): RunState {
  return {
    verdict: 'pending',
    reason: 'Nothing was measured yet.',
    sinceMs: enteredAtMs,
    ...{ measured: 0, silent: 0, errors: 0, recoveries: 0 },
    memory: kindOf(gate).begin(gate),
  };
}

/**
 * What a run knows after one more measurement. Pure: a run is what its measurements make of it, on whichever server, so
 * it can be replayed. What failed stays so where data are missing; nothing else outlasts that.
 */
export function advanceRun(gate: Gate, enteredAtMs: number, state: RunState, measurement: Measurement): RunState {
  const kind = kindOf(gate);
  const isOld = measurement.fromMs < enteredAtMs;
  const isData = measurement.kind === 'data' && !isOld;
  const why = measurement.kind === 'data' ? 'no_data' : measurement.kind;
  const memory = isData
    ? kind.take(gate, state.memory, measurement.data, measurement)
    : kind.miss(gate, state.memory, why);
  const counts = {
    measured: state.measured + (isData ? 1 : 0),
    silent: state.silent + (!isData && measurement.kind !== 'error' ? 1 : 0),
    errors: state.errors + (measurement.kind === 'error' ? 1 : 0),
  };
  const found = counts.measured === 0 ? undefined : kind.find(gate, memory);
  const { verdict, reason } =
    isData || found?.verdict === 'failed' ? (found ?? NOTHING) : explainMiss(measurement, isOld);
  const isRecovery = state.verdict === 'failed' && verdict !== 'failed';
  if (isRecovery && state.recoveries >= MAX_RECOVERIES) {
    const flapping = `It has failed and recovered ${MAX_RECOVERIES} times before: it counts as failed.`;
    return { ...state, ...counts, memory, reason: `${reason} ${flapping}` };
  }
  return {
    verdict,
    reason,
    sinceMs: verdict === state.verdict ? state.sinceMs : measurement.toMs,
    ...counts,
    recoveries: state.recoveries + (isRecovery ? 1 : 0),
    memory,
  };
}

/** Whether nothing more is to be measured. */
export function isDone(gate: Gate, { memory }: RunState): boolean {
  return kindOf(gate).isDone?.(memory) ?? false;
}

export function toFacts(
  gate: Gate,
  { verdict, reason, sinceMs }: Pick<RunState, 'verdict' | 'reason' | 'sinceMs'>,
): GateFacts {
  const { name, onFailure = 'abort', onInconclusive = 'hold', onProviderLoss, dryRun = false } = gate;
  return { gate: name, verdict, reason, sinceMs, onFailure, onInconclusive, onProviderLoss, dryRun };
}

const NOTHING: Finding = { verdict: 'inconclusive', reason: 'There are no data.' };

function explainMiss(measurement: Measurement, isOld: boolean): Pick<RunState, 'verdict' | 'reason'> {
  if (measurement.kind === 'error') return { verdict: 'error', reason: measurement.reason };
  if (isOld || measurement.kind === 'data') {
    return { verdict: 'inconclusive', reason: 'What was measured is from before the stage was entered.' };
  }
  return { verdict: 'inconclusive', reason: measurement.reason };
}
