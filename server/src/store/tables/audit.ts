import type { Selectable } from 'kysely';
import type { Bit } from '../booleans.ts';

/** The chains of audit events, and what anchors them. */
export interface AuditTables {
  audit_events: AuditEventTable;
  audit_chains: AuditChainTable;
  audit_keys: AuditKeyTable;
  audit_checkpoints: AuditCheckpointTable;
}

interface AuditEventTable {
  id: string;
  at: number;
  actor_kind: string;
  actor_id: string;
  actor_name: string;
  action: string;
  /** Keys, not ids: an event must stay readable when its project is gone. */
  project: string | null;
  environment: string | null;
  target_kind: string;
  target_key: string;
  /** JSON, or null. */
  before: string | null;
  after: string | null;
  request_id: string | null;
  /** Which chain it is in, at which place, and the hash up to here; null while a server of before the chains wrote it. */
  chain: string | null;
  seq: number | null;
  hash: string | null;
  /** The first event of the same transaction. */
  change_id: string | null;
  /** JSON: EventRevision[] (see `audit/event.ts`), or null for none. */
  revisions: string | null;
  /** Why, in the words of who did it. */
  comment: string | null;
  /** SHA-256 of `origin`, hex: stays in the chain when `origin` is erased. */
  origin_digest: string | null;
  /** JSON: Origin with a salt (see `audit/origin.ts`). */
  origin: string | null;
}
export type AuditEventRow = Selectable<AuditEventTable>;

/** Where a chain of audit events ends. The row serialises who appends to it. */
interface AuditChainTable {
  chain: string;
  /** Of the last event; 0 when there is none. */
  seq: number;
  hash: string;
}

/** What checkpoints are signed with. */
interface AuditKeyTable {
  /** Ed25519, base64url of its 32 bytes. */
  public_key: string;
  /** The private key as PKCS 8 in PEM, sealed by the vault. */
  sealed: string;
  created_at: number;
}

interface AuditCheckpointTable {
  /** From 1, without gaps. */
  number: number;
  at: number;
  /** JSON: Checkpoint (see `audit/checkpoint.ts`). */
  document: string;
  /** Whether it was posted to where checkpoints go. */
  posted: Bit;
}
