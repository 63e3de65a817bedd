import type { Selectable } from 'kysely';

/** Alerts of other systems, and what they lead to. */
export interface SignalsTables {
  signal_sources: SignalSourceTable;
  signals: SignalTable;
  signal_episodes: SignalEpisodeTable;
  bindings: BindingTable;
  binding_episodes: BindingEpisodeTable;
}

/** Who may send signals, and what they may do. */
interface SignalSourceTable {
  id: string;
  /** Unique in the installation: it is in the address. */
  key: string;
  name: string;
  vendor: string;
  /** Null: of the installation. */
  project_id: string | null;
  /** JSON: what its signals may touch, and how hard. */
  allow: string;
  /** `armed` or `dry_run`. */
  mode: string;
  /** JSON: the ARNs of topics of SNS. */
  topics: string;
  /** An expression in CEL. */
  mapping: string | null;
  /** Sealed; null where messages prove themselves, or nobody has given it yet. */
  secret: string | null;
  previous_secret: string | null;
  previous_until: number | null;
  version: number;
  created_at: number;
  updated_at: number;
}
export type SignalSourceRow = Selectable<SignalSourceTable>;

/** A message that a source sent, as it came. */
interface SignalTable {
  id: string;
  source_id: string;
  /** By the vendor, or a hash of the body: the same when it is delivered again. */
  delivery_id: string;
  received_at: number;
  /** How often it came, and when last. */
  deliveries: number;
  last_at: number;
  /** `matched`, `unmatched` or `malformed`. */
  state: string;
  /** JSON: the headers that are kept. */
  headers: string;
  /** Base64: the first bytes of the body. */
  body: string;
  /** Of the whole body. */
  body_bytes: number;
  note: string | null;
  /** JSON: each alert, what matched it, and what came of it. */
  alerts: string;
}
export type SignalRow = Selectable<SignalTable>;

/** When something went wrong, so that its end is known for what it is. */
interface SignalEpisodeTable {
  source_id: string;
  /** See `signals/episode.ts`. */
  episode: string;
  fingerprint: string;
  starts_at: number;
  last_at: number;
}
export type SignalEpisodeRow = Selectable<SignalEpisodeTable>;

/** What alerts lead to. */
interface BindingTable {
  id: string;
  project_id: string;
  key: string;
  /** JSON: see `bindings/binding.ts`. */
  terms: string;
  /** What began before does not act. */
  armed_at: number;
  version: number;
  created_at: number;
  updated_at: number;
}
export type BindingRow = Selectable<BindingTable>;

/** An episode of an alert that a binding has acted on: once. */
interface BindingEpisodeTable {
  binding_id: string;
  /** See `signals/episode.ts`. */
  episode: string;
  acted_at: number;
  /** JSON: the flags that it holds the ramps of. */
  paused: string;
}
