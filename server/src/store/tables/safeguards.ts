import type { Selectable } from 'kysely';

/** What is judged from measurements. */
export interface SafeguardsTables {
  safeguards: SafeguardTable;
  safeguard_verdicts: SafeguardVerdictTable;
  data_sources: DataSourceTable;
}

/** A standing rule that is judged from measurements. */
interface SafeguardTable {
  id: string;
  environment_id: string;
  /** JSON: see `safeguards/schemas.ts`. */
  definition: string;
  /** When it failed last, by the clock of who stored it. */
  failed_at: number | null;
  /** JSON: Actor. */
  created_by: string;
  version: number;
  created_at: number;
  updated_at: number;
}
export type SafeguardRow = Selectable<SafeguardTable>;

/** What a safeguard found, with all that it takes to find it again. */
interface SafeguardVerdictTable {
  id: string;
  environment_id: string;
  safeguard_id: string;
  flag: string;
  at: number;
  /** JSON: see `safeguards/verdict.ts`. */
  document: string;
  /** SHA-256 of the document as canonical JSON, hex; it stands in the audit chain, too. */
  hash: string;
}
export type SafeguardVerdictRow = Selectable<SafeguardVerdictTable>;

/** A Prometheus that safeguards may query. */
interface DataSourceTable {
  id: string;
  project_id: string;
  key: string;
  name: string;
  url: string;
  /** `none`, `bearer` or `basic`. */
  auth: string;
  /** Sealed JSON: the headers that let in. */
  secret: string | null;
  version: number;
  created_at: number;
  updated_at: number;
}
export type DataSourceRow = Selectable<DataSourceTable>;
