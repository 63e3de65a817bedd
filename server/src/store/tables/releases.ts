import type { Generated, Selectable } from 'kysely';

/** Releases, and what they move and ask. */
export interface ReleasesTables {
  releases: ReleaseTable;
  release_targets: ReleaseTargetTable;
  release_moves: ReleaseMoveTable;
  release_leases: ReleaseLeaseTable;
  release_decisions: ReleaseDecisionTable;
  release_templates: ReleaseTemplateTable;
  gate_runs: GateRunTable;
  gate_measurements: GateMeasurementTable;
  traffic_targets: TrafficTargetTable;
}

interface ReleaseTable {
  id: string;
  project_id: string;
  environment_id: string;
  title: string;
  /** JSON: see `releases/spec.ts`. */
  spec: string;
  /** JSON: see `releases/state.ts`. */
  state: string;
  /** That of the state. */
  phase: string;
  /** When one that is scheduled starts. */
  starts_at: number | null;
  /** JSON: Actor. */
  created_by: string;
  version: number;
  created_at: number;
  updated_at: number;
}
export type ReleaseRow = Selectable<ReleaseTable>;

/** What a release that is under way holds: another one on it cannot start. */
interface ReleaseTargetTable {
  environment_id: string;
  /** `flag:` and its id, `traffic:` or `migration:` and its key. */
  target: string;
  release_id: string;
}

/** What a release moved, or moves, since it has begun. */
interface ReleaseMoveTable {
  release_id: string;
  environment_id: string;
  /** As `ReleaseTargetTable` has it. */
  target: string;
  began_at: number;
}

/** Which server does what a release needs done outside the database. */
interface ReleaseLeaseTable {
  release_id: string;
  /** Of a process. */
  holder: string;
  /** Higher at each change of hands, of this release and of those after it. */
  fence: number;
  /** By the clock of the database. */
  until: number;
  /** JSON: what the holder saw last: OutsideFacts in `releases/facts.ts`. */
  seen: string | null;
  /** In milliseconds: for how long nobody held it in all, between those who did. */
  unwatched: Generated<number>;
}

/** What was decided about a release, and on which grounds. */
interface ReleaseDecisionTable {
  id: string;
  release_id: string;
  at: number;
  /** JSON: Actor. */
  actor: string;
  /** A sentence. */
  decision: string;
  /** JSON: the state that it led to. */
  state: string;
  /** JSON: see `releases/facts.ts`. */
  facts: string;
  /** JSON: see `decision-log/decision.ts`. Null: from before there was one. */
  basis: string | null;
}
export type ReleaseDecisionRow = Selectable<ReleaseDecisionTable>;

/** A project's own way to release. */
interface ReleaseTemplateTable {
  project_id: string;
  key: string;
  /** JSON: ReleaseTemplateInput in `releases/templates/schemas.ts`. */
  definition: string;
  updated_at: number;
}
export type ReleaseTemplateRow = Selectable<ReleaseTemplateTable>;

/** One gate of one stage of a release, as long as that lasts. */
interface GateRunTable {
  id: string;
  release_id: string;
  attempt: number;
  /** Index of the stage; -1: watched in each forward phase. */
  stage: number;
  /** Its name. */
  gate: string;
  /** JSON, as it was when it began. */
  definition: string;
  entered_at: number;
  /** JSON: what all measurements came to. */
  state: string;
  /** Number of the next measurement, from 0. */
  next: number;
  /** JSON: what those came to that are not kept any more. */
  base: string;
  /** Number of the first measurement that follows `base`. */
  base_next: number;
  updated_at: number;
}
export type GateRunRow = Selectable<GateRunTable>;

interface GateMeasurementTable {
  run_id: string;
  number: number;
  from_at: number;
  to_at: number;
  /** JSON: what it came to. */
  document: string;
}
export type GateMeasurementRow = Selectable<GateMeasurementTable>;

/** What divides requests between two versions of a service. */
interface TrafficTargetTable {
  id: string;
  environment_id: string;
  key: string;
  name: string;
  /** One of `traffic/kinds.ts`. */
  kind: string;
  /** JSON, as its kind has them. */
  settings: string;
  /** JSON: the names of its secrets, and all of them sealed; null: it has none. */
  secrets: string | null;
  version: number;
  created_at: number;
  updated_at: number;
}
export type TrafficTargetRow = Selectable<TrafficTargetTable>;
