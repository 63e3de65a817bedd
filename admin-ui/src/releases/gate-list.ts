import type { Gate, GateRun, Release } from '../api/types.ts';

/** A gate of a release, and how it stands in an attempt. */
export interface PlacedGate {
  /** Index; null: watched while the release goes forward. */
  readonly stage: number | null;
  readonly gate: Gate;
  /** Undefined: it was not judged in this attempt, so far. */
  readonly run: GateRun | undefined;
}

/** All gates of a release as they stand in an attempt: those that are watched first, then stage by stage. */
export function gatesOf(
  { watch = [], stages }: Pick<Release, 'watch' | 'stages'>,
  runs: readonly GateRun[],
  attempt: number,
): readonly PlacedGate[] {
  const place = (stage: number | null) => (gate: Gate) => ({
    ...{ stage, gate },
    run: runs.find((run) => run.attempt === attempt && run.stage === stage && run.gate.name === gate.name),
  });
  return [...watch.map(place(null)), ...stages.flatMap(({ gates = [] }, at) => gates.map(place(at)))];
}
