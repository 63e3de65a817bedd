import type { Static } from '@sinclair/typebox';
import { requireProject } from '../environments/service.ts';
import { notFound } from '../http/api-error.ts';
import { toTimestamp } from '../http/key-schema.ts';
import { findRelease } from '../releases/repository.ts';
import type { GateMeasurementRow, GateRunRow } from '../store/tables/releases.ts';
import type { Database } from '../store/tables.ts';
import type { Gate } from './gate.ts';
import { stateOf, toMeasurement } from './live-run.ts';
import { replay } from './points.ts';
import { demandOf } from './policy.ts';
import { findMeasurements, findRunsOfRelease, WATCH_STAGE } from './repository.ts';
import type { GateRunDetailSchema, GateRunSchema } from './run-schemas.ts';
import { toFacts } from './run-state.ts';

interface ReleasePlace {
  readonly project: string;
  readonly release: string;
}

/** Of one run there are no more. */
const MAX_MEASUREMENTS = 5_000;

/** What gates of releases found, and from what: of the database, so every server shows the same. */
export class GateViews {
  readonly #database: Database;
  readonly #now: () => number;

  constructor(database: Database, now: () => number) {
    this.#database = database;
    this.#now = now;
  }

  /** Of all attempts, the latest first. */
  async list(at: ReleasePlace): Promise<Static<typeof GateRunSchema>[]> {
    return (await this.#runsOf(at)).map((row) => this.#show(row));
  }

  /** One run, judged again from what is stored. */
  async get(at: ReleasePlace & { readonly run: string }): Promise<Static<typeof GateRunDetailSchema>> {
    const row = (await this.#runsOf(at)).find(({ id }) => id === at.run);
    if (row === undefined) throw notFound(`gate run "${at.run}" of release "${at.release}"`);
    const rows = await findMeasurements(this.#database, row.id, { from: row.base_next, limit: MAX_MEASUREMENTS });
    const gate = JSON.parse(row.definition) as Gate;
    const measurements = rows.map(toMeasurement);
    const { state, points, threshold } = await replay(gate, row.entered_at, stateOf(row.base), measurements);
    const reproduced = isWhole(row, rows) ? JSON.stringify(state) === row.state : null;
    return { ...this.#show(row), threshold, reproduced, points: [...points] };
  }

  async #runsOf({ project, release: id }: ReleasePlace): Promise<GateRunRow[]> {
    const { id: projectId } = await requireProject(this.#database, project);
    const release = await findRelease(this.#database, projectId, id);
    if (release === undefined) throw notFound(`release "${id}" in project "${project}"`);
    return findRunsOfRelease(this.#database, release.id);
  }

  #show(row: GateRunRow): Static<typeof GateRunSchema> {
    const gate = JSON.parse(row.definition) as Gate;
    const state = stateOf(row.state);
    const { verdict, reason, sinceMs, measured, silent, errors, recoveries } = state;
    return {
      ...{ id: row.id, attempt: row.attempt, stage: row.stage === WATCH_STAGE ? null : row.stage, gate },
      ...{ enteredAt: toTimestamp(row.entered_at), verdict, reason, since: toTimestamp(sinceMs) },
      asks: demandOf(toFacts(gate, state), { nowMs: this.#now(), isOver: false }),
      ...{ measured, silent, errors, recoveries, updatedAt: toTimestamp(row.updated_at) },
    };
  }
}

function isWhole({ next, base_next }: GateRunRow, rows: readonly GateMeasurementRow[]): boolean {
  return rows.length === next - base_next;
}
