import type { Actor } from '../audit/actor.ts';
import { toAuditEvent } from '../audit/event.ts';
import { findAuditEvents } from '../audit/repository.ts';
import type { Gate } from '../gates/gate.ts';
import { stateOf as runStateOf, toMeasurement } from '../gates/live-run.ts';
import type { Measurement } from '../gates/measurement.ts';
import { findMeasurements, findRunsOfRelease } from '../gates/repository.ts';
import { stateOf } from '../releases/release.ts';
import { findDecisions } from '../releases/repository.ts';
import type { AuditEventRow } from '../store/tables/audit.ts';
import type { ReleaseDecisionRow } from '../store/tables/releases.ts';
import type { Querier } from '../store/tables.ts';
import type { Basis, LoggedDecision } from './decision.ts';
import { findPreviousHashes } from './repository.ts';
import type { ExportedEvent } from './verify-export.ts';
import type { ExportedRun } from './verify-runs.ts';

/** Rows read at once. */
const BATCH = 500;

/** All that was decided about a release, in its order. */
export async function readDecisions(db: Querier, releaseId: string): Promise<LoggedDecision[]> {
  const rows = await readAll<ReleaseDecisionRow>((beforeId) =>
    findDecisions(db, releaseId, { beforeId, limit: BATCH }),
  );
  return rows.map((row) => ({
    id: row.id,
    atMs: row.at,
    by: JSON.parse(row.actor) as Actor,
    basis: row.basis === null ? null : (JSON.parse(row.basis) as Basis),
    facts: JSON.parse(row.facts) as LoggedDecision['facts'],
    after: stateOf(row),
    decision: row.decision,
  }));
}

/** The gates of a release, with all that they measured and is kept. */
export async function readRuns(db: Querier, releaseId: string): Promise<ExportedRun[]> {
  const runs: ExportedRun[] = [];
  for (const row of (await findRunsOfRelease(db, releaseId)).reverse()) {
    const measurements: Measurement[] = [];
    for (let from = row.base_next; from < row.next; ) {
      const rows = await findMeasurements(db, row.id, { from, limit: BATCH });
      measurements.push(...rows.map(toMeasurement));
      if (rows.length < BATCH) break;
      from += BATCH;
    }
    runs.push({
      ...{ attempt: row.attempt, stage: row.stage, enteredAtMs: row.entered_at, measurements },
      ...{ gate: JSON.parse(row.definition) as Gate, base: runStateOf(row.base), state: runStateOf(row.state) },
      ...{ baseNext: row.base_next, next: row.next },
    });
  }
  return runs;
}

/** The audit events of a release in their order, each with the hash of the one before it in the chain. */
export async function readAudit(db: Querier, project: string, releaseId: string): Promise<ExportedEvent[]> {
  const filter = { project, targetKind: 'release', targetKey: releaseId, limit: BATCH };
  const rows = await readAll<AuditEventRow>((beforeId) =>
    findAuditEvents(db, { ...filter, ...(beforeId === undefined ? {} : { beforeId }) }),
  );
  const previous = await findPreviousHashes(db, rows);
  return rows.flatMap((row) => {
    const { origin, ...event } = toAuditEvent(row);
    const { chain, seq, hash } = event;
    // Written by a server of an older version, and not in the chain yet.
    if (chain === null || seq === null || hash === null) return [];
    // Where it came from is nobody's matter here; its digest is part of the hash.
    const bare = origin === undefined ? event : { ...event, origin: { digest: origin.digest } };
    return [{ previousHash: previous.get(row.id) ?? '', event: { ...bare, seq, hash } }];
  });
}

/** Pages newest first, put together oldest first. */
async function readAll<Row extends { readonly id: string }>(
  read: (beforeId: string | undefined) => Promise<readonly Row[]>,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const page = await read(rows.at(-1)?.id);
    rows.push(...page);
    if (page.length < BATCH) return rows.reverse();
  }
}
