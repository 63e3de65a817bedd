import type { Selectable } from 'kysely';
import type { Bit } from '../booleans.ts';

/** What flags are evaluated for. */
export interface ContextsTables {
  context_samples: ContextSampleTable;
  attributes_seen: AttributeSeenTable;
  context_sampling: ContextSamplingTable;
  private_attributes: PrivateAttributesTable;
  context_proofs: ContextProofTable;
  context_proof_secrets: ContextProofSecretTable;
}

/** A context that flags were evaluated for lately. */
interface ContextSampleTable {
  environment_id: string;
  /** A hash of the targeting key: see `contexts/subject.ts`. */
  subject: string;
  /** `server` or `page`. */
  source: string;
  /** JSON, without private attributes. */
  context: string;
  /** 1: more was there than is kept. */
  is_cut: Bit;
  first_seen: number;
  last_seen: number;
  count: number;
}
export type ContextSampleRow = Selectable<ContextSampleTable>;

interface AttributeSeenTable {
  environment_id: string;
  path: string;
  type: string;
  /** `server` or `page`. */
  source: string;
  first_seen: number;
  last_seen: number;
}
export type AttributeSeenRow = Selectable<AttributeSeenTable>;

/** What may be sampled in an environment; without a row the default holds. */
interface ContextSamplingTable {
  environment_id: string;
  /** `off`, `attributes` or `contexts`. */
  mode: string;
}

interface PrivateAttributesTable {
  project_id: string;
  /** JSON: string[], attribute paths. */
  paths: string;
  /** Counts its changes; of a project without a row it is 0. */
  version: number;
}

/** Whether pages must prove their contexts; without a row they need not. */
interface ContextProofTable {
  environment_id: string;
  /** `off` or `required`. */
  mode: string;
}

interface ContextProofSecretTable {
  id: string;
  environment_id: string;
  /** By the vault. */
  sealed: string;
  created_at: number;
}
export type ContextProofSecretRow = Selectable<ContextProofSecretTable>;
