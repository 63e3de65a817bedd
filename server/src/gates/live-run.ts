import { toUSVString } from 'node:util';
import type { GateMeasurementRow, GateRunRow } from '../store/tables/releases.ts';
import type { Database } from '../store/tables.ts';
import type { Gate, GateSubject } from './gate.ts';
import type { Measurement } from './measurement.ts';
import type { Means } from './measuring/look.ts';
import { measure } from './measuring/measure.ts';
import { findGap, nextSpan } from './measuring/schedule.ts';
import { addMeasurement, findMeasurements, rebase } from './repository.ts';
import { advanceRun, isDone, type RunState } from './run-state.ts';

/** No look takes longer, in milliseconds. */
const TIMEOUT_MS = 30_000;
/** So many measurements of a run are kept at most, and so many of the first are put together when there are more. */
const MAX_KEPT = 3_000;
const PUT_TOGETHER = 1_000;

interface LookOptions {
  readonly database: Database;
  readonly means: Means;
  readonly nowMs: number;
  readonly signal: AbortSignal;
}

/** A run of a gate that this server goes on with. */
export class LiveRun {
  readonly gate: Gate;
  #row: GateRunRow;
  #state: RunState;
  /** End of the last measurement; undefined: there is none. */
  #lastMs: number | undefined;
  #isLooking = false;
  #isLost = false;

  private constructor(row: GateRunRow, lastMs: number | undefined) {
    this.#row = row;
    this.gate = JSON.parse(row.definition) as Gate;
    this.#state = stateOf(row.state);
    this.#lastMs = lastMs;
  }

  static async open(database: Database, row: GateRunRow): Promise<LiveRun> {
    const [last] = row.next === 0 ? [] : await findMeasurements(database, row.id, { from: row.next - 1, limit: 1 });
    // Where the last one is forgotten, as after months: from when the run was touched last.
    return new LiveRun(row, last?.to_at ?? (row.next === 0 ? undefined : row.updated_at));
  }

  get state(): RunState {
    return this.#state;
  }

  /** Another server has gone on with it. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Looks at the world, where it is time to, and says what came of it. Undefined: it is not. */
  look(
    subject: GateSubject,
    { database, means, nowMs, signal }: LookOptions,
  ): Promise<Measurement['kind']> | undefined {
    if (this.#isLooking || this.#isLost || isDone(this.gate, this.#state)) return undefined;
    const { gate } = this;
    const enteredAtMs = this.#row.entered_at;
    const { releaseId, attempt, stage } = subject;
    // Stands in a header: whatever people call it.
    const key = `${releaseId}.${attempt}.${stage}.${encodeURIComponent(toUSVString(gate.name))}`;
    const look = { subject, enteredAtMs, nowMs, lastMs: this.#lastMs, memory: this.#state.memory, key };
    const gap = findGap(gate, look);
    const span = nextSpan(gate, look);
    if (gap === undefined && span === undefined) return undefined;
    this.#isLooking = true;
    const timed = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
    const measuring: Promise<Measurement> =
      gap === undefined && span !== undefined
        ? measure(gate, look, span, means, timed)
        : Promise.resolve({ kind: 'gap', ...(gap ?? { fromMs: nowMs, toMs: nowMs }), reason: describeGap(gap, nowMs) });
    return measuring
      .then(async (measurement) => {
        if (!signal.aborted) await this.#keep(database, measurement, nowMs);
        return measurement.kind;
      })
      .finally(() => {
        this.#isLooking = false;
      });
  }

  /** What is judged is always what is stored. */
  async #keep(database: Database, measurement: Measurement, nowMs: number): Promise<void> {
    const { id, entered_at, next } = this.#row;
    const state = advanceRun(this.gate, entered_at, this.#state, measurement);
    const text = JSON.stringify(state);
    const { fromMs, toMs, ...document } = measurement;
    const row: GateMeasurementRow = {
      ...{ run_id: id, number: next, from_at: fromMs, to_at: toMs },
      document: JSON.stringify(document),
    };
    if (!(await addMeasurement(database, row, { state: text, updated_at: nowMs }))) {
      this.#isLost = true;
      return;
    }
    this.#row = { ...this.#row, next: next + 1, state: text };
    // As every server reads it.
    this.#state = stateOf(text);
    this.#lastMs = toMs;
    if (next + 1 - this.#row.base_next > MAX_KEPT) await this.#compact(database);
  }

  async #compact(database: Database): Promise<void> {
    const { id, base_next: from, base, next, state } = this.#row;
    const rows = await findMeasurements(database, id, { from, limit: PUT_TOGETHER });
    // Where some are forgotten already, as after months, it can be judged again from here on only.
    const isWhole = rows.at(-1)?.number === from + PUT_TOGETHER - 1;
    const after = isWhole
      ? { id, base: JSON.stringify(replayRun(this.#row, rows, stateOf(base))), base_next: from + PUT_TOGETHER }
      : { id, base: state, base_next: next };
    await database.transaction().execute((tx) => rebase(tx, after));
    this.#row = { ...this.#row, ...after };
  }
}

/** What measurements make of a run, from a state on. */
export function replayRun(
  { definition, entered_at }: Pick<GateRunRow, 'definition' | 'entered_at'>,
  rows: readonly GateMeasurementRow[],
  from: RunState,
): RunState {
  const gate = JSON.parse(definition) as Gate;
  return rows.reduce((state, row) => advanceRun(gate, entered_at, state, toMeasurement(row)), from);
}

export function toMeasurement({ from_at, to_at, document }: GateMeasurementRow): Measurement {
  return { fromMs: from_at, toMs: to_at, ...JSON.parse(document) } as Measurement;
}

export function stateOf(text: string): RunState {
  return JSON.parse(text) as RunState;
}

function describeGap(gap: { readonly fromMs: number } | undefined, nowMs: number): string {
  return `Nobody measured for ${Math.round((nowMs - (gap?.fromMs ?? nowMs)) / 1_000)} s: what happened then is not known.`;
}
