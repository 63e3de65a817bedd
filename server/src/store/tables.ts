import type { Generated, Kysely, Selectable, Transaction } from 'kysely';

/**
 * The database as SQL sees it. Conventions, the same on every engine: ids are text (see `new-id.ts`), times are
 * milliseconds since 1970 UTC, JSON is text, booleans are 0 or 1 (see `booleans.ts`).
 */
export interface Tables {
  users: UserTable;
  sessions: SessionTable;
  projects: ProjectTable;
  environments: EnvironmentTable;
  flags: FlagTable;
  flag_environments: FlagEnvironmentTable;
  former_flag_keys: FormerFlagKeyTable;
  ruleset_items: RulesetItemTable;
  item_history: ItemHistoryTable;
  revisions: RevisionTable;
  changes: ChangeTable;
  keys: KeyTable;
  audit_events: AuditEventTable;
  audit_chains: AuditChainTable;
  audit_keys: AuditKeyTable;
  audit_checkpoints: AuditCheckpointTable;
  kills: KillTable;
  kill_history: KillHistoryTable;
  kill_timelines: KillTimelineTable;
  fire_drills: FireDrillTable;
  fire_drill_runs: FireDrillRunTable;
  counters: CounterTable;
  servers: ServerTable;
  secrets: SecretTable;
  data_keys: DataKeyTable;
  setup_tokens: SetupTokenTable;
  segments: SegmentTable;
  context_sampling: ContextSamplingTable;
  private_attributes: PrivateAttributesTable;
  context_proofs: ContextProofTable;
  context_proof_secrets: ContextProofSecretTable;
  context_samples: ContextSampleTable;
  attributes_seen: AttributeSeenTable;
  password_links: PasswordLinkTable;
  second_factors: SecondFactorTable;
  recovery_codes: RecoveryCodeTable;
  sign_in_policy: SignInPolicyTable;
  identity_providers: IdentityProviderTable;
  identities: IdentityTable;
  groups: GroupTable;
  group_members: GroupMemberTable;
  service_accounts: ServiceAccountTable;
  tokens: TokenTable;
  roles: RoleTable;
  grants: GrantTable;
  idempotency_keys: IdempotencyKeyTable;
  webhooks: WebhookTable;
  webhook_deliveries: WebhookDeliveryTable;
  change_requests: ChangeRequestTable;
  change_request_entries: ChangeRequestEntryTable;
  freezes: FreezeTable;
  schedules: ScheduleTable;
  schedule_runs: ScheduleRunTable;
  signal_sources: SignalSourceTable;
  signals: SignalTable;
  bindings: BindingTable;
  binding_episodes: BindingEpisodeTable;
  signal_episodes: SignalEpisodeTable;
  releases: ReleaseTable;
  release_targets: ReleaseTargetTable;
  release_decisions: ReleaseDecisionTable;
  release_leases: ReleaseLeaseTable;
  release_moves: ReleaseMoveTable;
  release_templates: ReleaseTemplateTable;
  safeguards: SafeguardTable;
  safeguard_verdicts: SafeguardVerdictTable;
  data_sources: DataSourceTable;
  traffic_targets: TrafficTargetTable;
  gate_runs: GateRunTable;
  gate_measurements: GateMeasurementTable;
  migration_plans: MigrationPlanTable;
  migration_runs: MigrationRunTable;
  flag_comments: FlagCommentTable;
  flag_views: FlagViewTable;
}

/** A request that carries an idempotency key. */
interface IdempotencyKeyTable {
  /** Kind and id of the actor. */
  caller: string;
  key: string;
  /** SHA-256 of what makes it the same request, hex. */
  request_hash: string;
  /** Random: which try of the request it is. */
  attempt: string;
  started_at: number;
  /** 1: what it asks for was committed. */
  committed: Bit;
  /** Of the answer; null while there is none. */
  status: number | null;
  /** JSON; null where it held a secret. */
  body: string | null;
}

export type Database = Kysely<Tables>;
export type DatabaseTransaction = Transaction<Tables>;
/** What repositories take: they work inside and outside a transaction. */
export type Querier = Database | DatabaseTransaction;

/** 0 or 1. */
export type Bit = number;

interface UserTable {
  id: string;
  /** Lower case, unique. */
  email: string;
  name: string;
  /** 'owner' of who set the installation up, else 'member'. Only versions before there were grants go by it. */
  role: string;
  /** Empty while the person has set no password: then none fits. */
  password_hash: string;
  created_at: number;
  disabled_at: number | null;
  /** What a directory that provisions people calls this one. */
  external_id: string | null;
}

/** A one-time link by which a person sets a password. */
interface PasswordLinkTable {
  /** SHA-256 of the token, hex. */
  token_hash: string;
  user_id: string;
  expires_at: number;
  /** 1: the person is asked for no second factor, and has none from then on. */
  drops_second_factor: Bit;
}

interface SecondFactorTable {
  user_id: string;
  /** The secret of TOTP, by the vault. */
  sealed: string;
  created_at: number;
  /** Null: no code was shown yet, and it does not count. */
  confirmed_at: number | null;
  /** The latest time step whose code was used. */
  last_step: number;
}

interface RecoveryCodeTable {
  user_id: string;
  /** SHA-256, hex. */
  code_hash: string;
}

/** One row, with the id `installation`, or none. */
interface SignInPolicyTable {
  id: string;
  require_second_factor: Bit;
  /** Who may sign in by a password: `everyone` or `owners`. */
  passwords: string;
}

interface IdentityProviderTable {
  id: string;
  key: string;
  /** JSON: ProviderSettings (see `identity-providers/schemas.ts`). */
  settings: string;
  /** The client secret, by the vault. */
  sealed: string;
  created_at: number;
  updated_at: number;
}

/** Whom a provider means by a subject. */
interface IdentityTable {
  provider_id: string;
  subject: string;
  user_id: string;
  created_at: number;
}

interface GroupTable {
  id: string;
  /** Unique. */
  name: string;
  external_id: string | null;
  created_at: number;
}

interface GroupMemberTable {
  group_id: string;
  user_id: string;
}

/** A program that calls the API by tokens. */
interface ServiceAccountTable {
  id: string;
  /** Unique. */
  name: string;
  created_at: number;
  disabled_at: number | null;
}

/** What calls the API as a person or as a service account: one of the two is set. */
interface TokenTable {
  id: string;
  user_id: string | null;
  service_account_id: string | null;
  name: string;
  /** The secret's first characters, to recognise it by. */
  prefix: string;
  /** SHA-256 of the secret, hex. */
  secret_hash: string;
  /** JSON: Permission[], or null for all that the holder has. */
  permissions: string | null;
  created_at: number;
  expires_at: number | null;
  revoked_at: number | null;
  /** Within the hour. */
  last_used_at: number | null;
}

/** A role that people made. */
interface RoleTable {
  key: string;
  name: string;
  description: string;
  /** JSON: Permission[]. */
  permissions: string;
  /** JSON: Permission[], of `permissions`. */
  not_in_production: string;
  created_at: number;
}

/** Who has which role where. One of the first three is set. */
interface GrantTable {
  id: string;
  user_id: string | null;
  group_id: string | null;
  service_account_id: string | null;
  /** The key of a role, built in or in `roles`. */
  role: string;
  /** Null: in the whole installation. */
  project_id: string | null;
  /** Of the project; null: in all of it. */
  environment_id: string | null;
  created_at: number;
}

interface SessionTable {
  /** SHA-256 of the cookie's token, hex. */
  token_hash: string;
  user_id: string;
  created_at: number;
  expires_at: number;
  /** From where it was begun; null where a server of before wrote it. */
  address: string | null;
  user_agent: string | null;
  /** Within the hour; null: not since it was begun. */
  used_at: number | null;
  /** 1: more than a password was shown. */
  strong: Bit;
}

interface ProjectTable {
  id: string;
  key: string;
  name: string;
  created_at: number;
  version: number;
  /** What a search looks in (`http/page.ts`); null, or of another name, in rows that an older server wrote. */
  search_text: string | null;
  /** JSON: LineStop, the last one of the whole project. */
  line: string | null;
}

/** An environment and the revision that it serves. */
interface EnvironmentTable {
  id: string;
  project_id: string;
  key: string;
  name: string;
  production: Bit;
  /** Such as #d97706, or null. */
  color: string | null;
  /** 1: what changes it must say why. */
  require_comment: Bit;
  /** How many others must approve what changes it. */
  required_approvals: number;
  position: number;
  /** JSON: LineStop, the last one of this environment alone. */
  line: string | null;
  /** Of all this but the revision. */
  version: number;
  /** Random, made with the environment: see `Revision` in core. */
  incarnation: string;
  /** The revision's number. */
  number: number;
  /** The hash of `ruleset_items`: see `rulesets/content-hash.ts`. */
  hash: string;
  /** When the revision was committed. */
  committed_at: number;
  created_at: number;
}

/** What a flag is in all environments of its project. */
interface FlagTable {
  id: string;
  project_id: string;
  key: string;
  type: string;
  name: string;
  description: string;
  kind: string;
  /** JSON: string[]. */
  tags: string;
  /** JSON: Variant[]. */
  variants: string;
  bucket_key: string;
  client_visible: Bit;
  created_at: number;
  updated_at: number;
  archived_at: number | null;
  version: number;
  /** JSON Schema of the variants' values, or null. */
  schema: string | null;
  /** A person or team, in words, or null. */
  owner: string | null;
  /** JSON: {title, url}[], or null for none. */
  links: string | null;
  /** How long it is expected to live; 0: for good; null: as flags of its kind do. */
  lifetime_days: number | null;
  /** What a search looks in (`flags/search-text.ts`); null in rows that an older server wrote. */
  search_text: string | null;
}

/** A key that a flag had before it was renamed. Nobody else can take it. */
interface FormerFlagKeyTable {
  project_id: string;
  key: string;
  flag_id: string;
  renamed_at: number;
}

/** What a flag is in one environment. */
interface FlagEnvironmentTable {
  flag_id: string;
  environment_id: string;
  enabled: Bit;
  off_variant: string;
  safe_variant: string | null;
  /** JSON: Rule[]. */
  rules: string;
  /** JSON: Serve. */
  default_rule: string;
  version: number;
  updated_at: number;
  /** JSON: Prerequisite[], or null for none. */
  prerequisites: string | null;
  /** JSON: Target[], or null for none. */
  targets: string | null;
  slices: Bit;
}

/** What an environment serves, as it travels: its current revision's items. */
interface RulesetItemTable {
  environment_id: string;
  kind: string;
  key: string;
  json: string;
  /** The revision since which it is so; null: since before there was a history. */
  number: number | null;
}

/** What an item was at the revisions `from_number` to `to_number`, the latter not included. */
interface ItemHistoryTable {
  environment_id: string;
  kind: string;
  key: string;
  /** 0: since before there was a history. */
  from_number: number;
  to_number: number;
  json: string;
}

/** What is known of each revision of an environment, also of those that nobody can resume from any more. */
interface RevisionTable {
  environment_id: string;
  number: number;
  incarnation: string;
  hash: string;
  committed_at: number;
  /** Of the audit events of the transaction; null: it made none, or was the beginning of the history. */
  change_id: string | null;
  /** JSON: TouchedItems (see `history/touched.ts`), or null where nobody knows. */
  items: string | null;
  /** The incarnation that the number was counted by before it got a new one, such as after a restore. */
  former_incarnation: string | null;
}

/** Every kill and re-arm. */
interface KillHistoryTable {
  event_id: string;
  environment_id: string;
  flag_key: string;
  epoch: number;
  engaged: Bit;
  /** By the clock of the server at which it was put in force. */
  at: number;
}

/** How each kill came to be and how far it came. */
interface KillTimelineTable {
  /** The audit event that tells of the kill. */
  event_id: string;
  environment_id: string;
  flag_key: string;
  epoch: number;
  /** When it was decided, by the clock of the server that did. */
  at: number;
  /** JSON: see `kills/timeline.ts`. */
  document: string;
}

/** When an environment holds fire drills. */
interface FireDrillTable {
  environment_id: string;
  /** JSON: see `fire-drills/schemas.ts`. */
  settings: string;
  /** Null: only by hand. */
  due_at: number | null;
  updated_at: number;
}

interface FireDrillRunTable {
  id: string;
  environment_id: string;
  started_at: number;
  /** JSON: an actor. */
  started_by: string;
  outcome: string;
  /** JSON: what came of it; null while it is held. */
  result: string | null;
}

/** What led to each of an environment's latest revisions. */
interface ChangeTable {
  environment_id: string;
  number: number;
  hash: string;
  committed_at: number;
  /** JSON: ItemName[], of what was put or changed. Rows of the first versions hold whole items. */
  puts: string;
  /** JSON: ItemName[]. */
  deletes: string;
  /** When it was stored, by the clock of PostgreSQL; null on SQLite. */
  stored_at: number | null;
}

interface KeyTable {
  id: string;
  /** Null for admin keys. */
  environment_id: string | null;
  kind: string;
  name: string;
  /** The secret's first characters, to recognise it by. */
  prefix: string;
  /** SHA-256 of the secret, hex. */
  secret_hash: string;
  created_at: number;
  revoked_at: number | null;
  expires_at: number | null;
  /** Within the hour. */
  last_used_at: number | null;
  /** JSON: string[], the origins whose pages may use a client key, or null for any. */
  origins: string | null;
  /** The key that this one was made to take the place of. */
  replaces: string | null;
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

/** The latest kill or re-arm of a flag in an environment. */
interface KillTable {
  environment_id: string;
  flag_key: string;
  /** Orders the kills and re-arms of the flag: see `Kill` in core. */
  epoch: number;
  engaged: Bit;
  /** The audit event that tells of it. */
  event_id: string;
  actor_kind: string;
  actor_id: string;
  actor_name: string;
  request_id: string | null;
  reason: string;
  at: number;
  /** Of the transaction that wrote the row, from the counter `kills`: grows with every commit, so it says what is new. */
  number: number;
}

/** Numbers that grow with every commit which changes something that servers keep in memory. */
interface CounterTable {
  name: string;
  number: number;
}

/** A server that shares the database. It belongs to the installation, not to its content: nobody copies it. */
interface ServerTable {
  /** Made at each start. */
  id: string;
  /** Where the other servers reach it. */
  url: string;
  version: string;
  started_at: number;
  /** By the server's own clock; others only see that it changes. */
  seen_at: number;
}

/** What the servers of an installation know of each other, and nobody else. */
interface SecretTable {
  name: string;
  value: string;
}

/** What the vault's secrets are sealed under. */
interface DataKeyTable {
  id: string;
  /** Sealed under the master key. */
  sealed: string;
}

interface SetupTokenTable {
  /** SHA-256 of the token, hex. */
  token_hash: string;
  created_at: number;
}

/** A segment in one environment. Its keys are in `ruleset_items`. */
interface SegmentTable {
  environment_id: string;
  key: string;
  name: string;
  /** Attribute path whose value is looked up in the keys; null for `targetingKey`. */
  attribute: string | null;
  /** JSON: Condition, or null for none. */
  conditions: string | null;
  included_count: number;
  /** How many pages the included keys are cut into; 0 while they are in the segment's document. */
  included_pages: number;
  excluded_count: number;
  excluded_pages: number;
  version: number;
  created_at: number;
  updated_at: number;
  /** As a project's. */
  search_text: string | null;
}

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

interface AttributeSeenTable {
  environment_id: string;
  path: string;
  type: string;
  /** `server` or `page`. */
  source: string;
  first_seen: number;
  last_seen: number;
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

/** When something went wrong, so that its end is known for what it is. */
interface SignalEpisodeTable {
  source_id: string;
  /** See `signals/episode.ts`. */
  episode: string;
  fingerprint: string;
  starts_at: number;
  last_at: number;
}

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

/** An episode of an alert that a binding has acted on: once. */
interface BindingEpisodeTable {
  binding_id: string;
  /** See `signals/episode.ts`. */
  episode: string;
  acted_at: number;
  /** JSON: the flags that it holds the ramps of. */
  paused: string;
}

interface WebhookTable {
  id: string;
  project_id: string;
  name: string;
  /** Sealed. */
  url: string;
  /** `standard`, `slack` or `teams`. */
  format: string;
  /** JSON: which events it wants. */
  filter: string;
  enabled: Bit;
  /** Why it was turned off by itself. */
  disabled_reason: string | null;
  /** Sealed. */
  secret: string;
  /** Sealed; signs too until `previous_until`. */
  previous_secret: string | null;
  previous_until: number | null;
  /** The place in the project's audit chain up to which deliveries were made. */
  seen_seq: number;
  /** When deliveries began to fail; null while they do not. */
  failing_since: number | null;
  version: number;
  created_at: number;
  updated_at: number;
}

/** An event on its way to a webhook. */
interface WebhookDeliveryTable {
  id: string;
  webhook_id: string;
  event_id: string;
  /** `pending`, `delivered` or `failed`. */
  state: string;
  attempts: number;
  /** When it is to be tried; while a server tries it, when another one may. */
  due_at: number;
  last_at: number | null;
  last_status: number | null;
  last_error: string | null;
  last_answer: string | null;
  last_ms: number | null;
  created_at: number;
}

/** A change that people talk about before it is made. */
interface ChangeRequestTable {
  id: string;
  project_id: string;
  title: string;
  description: string;
  /** JSON: see `change-requests/content.ts`. */
  content: string;
  /** Of the content and of what it led to when it was proposed: what approvals are bound to. */
  content_hash: string;
  /** JSON: the versions of what it changes, as they were then. */
  bases: string;
  based_at: number;
  /** JSON: string[], the ids of who wrote the content. */
  authors: string;
  /** JSON: Actor. */
  created_by: string;
  /** See `change-requests/state.ts`. */
  state: string;
  /** Why it was rejected, or does not go with what is there. */
  reason: string | null;
  version: number;
  created_at: number;
  updated_at: number;
}

/** What someone said about a change request. */
interface ChangeRequestEntryTable {
  id: string;
  request_id: string;
  /** `comment`, `approval` or `rejection`. */
  kind: string;
  /** JSON: Actor. */
  actor: string;
  /** Of the request when it was said. */
  content_hash: string;
  body: string;
  created_at: number;
}

/** A time in which an environment is not changed. */
interface FreezeTable {
  id: string;
  environment_id: string;
  name: string;
  starts_at: number;
  ends_at: number;
  /** JSON: Actor. */
  created_by: string;
  created_at: number;
}

/** Changes that are made at a time. */
interface ScheduleTable {
  id: string;
  project_id: string;
  title: string;
  /** JSON: see `schedules/plan.ts`. */
  plan: string;
  /** How late it may still be done, for what is done once. */
  tolerance_ms: number;
  /** 1: whoever made it was allowed to do without the approval that the environment wants. */
  is_approved: Bit;
  /** `active`, `paused`, `done`, `failed`, `missed` or `cancelled`. */
  state: string;
  /** Why it failed. */
  reason: string | null;
  /** When it is to be done next; null when it has ended. */
  due_at: number | null;
  /** `start` or `end` of a window, `once` otherwise. */
  due_edge: string | null;
  /** JSON: Actor. */
  created_by: string;
  version: number;
  created_at: number;
  updated_at: number;
}

/** What became of a time at which a schedule was due: one row, whoever wrote it. */
interface ScheduleRunTable {
  schedule_id: string;
  due_at: number;
  edge: string;
  /** `applied`, `failed` or `missed`. */
  outcome: string;
  reason: string | null;
  ran_at: number;
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

/** What a release that is under way holds: another one on it cannot start. */
interface ReleaseTargetTable {
  environment_id: string;
  /** `flag:` and its id, `traffic:` or `migration:` and its key. */
  target: string;
  release_id: string;
}

/** A project's own way to release. */
interface ReleaseTemplateTable {
  project_id: string;
  key: string;
  /** JSON: ReleaseTemplateInput in `releases/templates/schemas.ts`. */
  definition: string;
  updated_at: number;
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

/** What a release moved, or moves, since it has begun. */
interface ReleaseMoveTable {
  release_id: string;
  environment_id: string;
  /** As `ReleaseTargetTable` has it. */
  target: string;
  began_at: number;
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

interface GateMeasurementTable {
  run_id: string;
  number: number;
  from_at: number;
  to_at: number;
  /** JSON: what it came to. */
  document: string;
}

export type GateRunRow = Selectable<GateRunTable>;
export type GateMeasurementRow = Selectable<GateMeasurementTable>;
/** How a database changes while it is in use, in one environment. */
interface MigrationPlanTable {
  id: string;
  environment_id: string;
  key: string;
  /** Of the flag that it drives. */
  flag_id: string | null;
  /** JSON: see `migration-plans/definition.ts`, with its name. */
  definition: string;
  /** JSON: what may be shown of its connection URLs. */
  databases: string;
  /** Sealed JSON: the URLs, and what calls to tools are signed with. */
  secrets: string | null;
  /** JSON: see `migration-plans/state.ts`. */
  state: string;
  /** Whether there is something to do. */
  is_moving: number;
  /** The server that does it, and until when others leave it alone. */
  holder: string | null;
  held_until: number | null;
  version: number;
  created_at: number;
  updated_at: number;
}

export type TrafficTargetRow = Selectable<TrafficTargetTable>;
/** One action of a plan. */
interface MigrationRunTable {
  /** The move, the place of the action in it, and the attempt. */
  id: string;
  plan_id: string;
  phase: string;
  direction: string;
  action: string;
  /** `running`, `succeeded` or `failed`. */
  outcome: string;
  started_at: number;
  ended_at: number | null;
  rows: number;
  total: number | null;
  output: string;
}

/** What someone said about a flag. */
interface FlagCommentTable {
  id: string;
  flag_id: string;
  /** Of the actor. */
  author_id: string;
  /** JSON: Actor. */
  author: string;
  body: string;
  created_at: number;
  edited_at: number | null;
}

/** A way to look at the list of a project's flags. */
interface FlagViewTable {
  id: string;
  project_id: string;
  name: string;
  /** JSON: FlagViewFilter in `views/schemas.ts`. */
  filter: string;
  /** 1: the project's; 0: its owner's alone. */
  shared: Bit;
  /** Of the actor. */
  owner_id: string;
  /** JSON: Actor. */
  owner: string;
  created_at: number;
  updated_at: number;
}

export type FlagCommentRow = Selectable<FlagCommentTable>;
export type FlagViewRow = Selectable<FlagViewTable>;
export type MigrationPlanRow = Selectable<MigrationPlanTable>;
export type MigrationRunRow = Selectable<MigrationRunTable>;
export type DataSourceRow = Selectable<DataSourceTable>;
export type SafeguardRow = Selectable<SafeguardTable>;
export type SafeguardVerdictRow = Selectable<SafeguardVerdictTable>;
export type UserRow = Selectable<UserTable>;
export type SessionRow = Selectable<SessionTable>;
export type PasswordLinkRow = Selectable<PasswordLinkTable>;
export type IdentityProviderRow = Selectable<IdentityProviderTable>;
export type SecondFactorRow = Selectable<SecondFactorTable>;
export type ProjectRow = Selectable<ProjectTable>;
export type EnvironmentRow = Selectable<EnvironmentTable>;
export type IdempotencyKeyRow = Selectable<IdempotencyKeyTable>;
export type FlagRow = Selectable<FlagTable>;
export type FlagEnvironmentRow = Selectable<FlagEnvironmentTable>;
export type KeyRow = Selectable<KeyTable>;
export type AuditEventRow = Selectable<AuditEventTable>;
export type KillRow = Selectable<KillTable>;
export type ServerRow = Selectable<ServerTable>;
export type RevisionRow = Selectable<RevisionTable>;
export type KillHistoryRow = Selectable<KillHistoryTable>;
export type FireDrillRow = Selectable<FireDrillTable>;
export type FireDrillRunRow = Selectable<FireDrillRunTable>;
export type KillTimelineRow = Selectable<KillTimelineTable>;
export type SegmentRow = Selectable<SegmentTable>;
export type ContextProofSecretRow = Selectable<ContextProofSecretTable>;
export type ContextSampleRow = Selectable<ContextSampleTable>;
export type AttributeSeenRow = Selectable<AttributeSeenTable>;
export type GroupRow = Selectable<GroupTable>;
export type ServiceAccountRow = Selectable<ServiceAccountTable>;
export type TokenRow = Selectable<TokenTable>;
export type RoleRow = Selectable<RoleTable>;
export type GrantRow = Selectable<GrantTable>;
export type DataKeyRow = Selectable<DataKeyTable>;
export type BindingRow = Selectable<BindingTable>;
export type WebhookRow = Selectable<WebhookTable>;
export type SignalSourceRow = Selectable<SignalSourceTable>;
export type SignalRow = Selectable<SignalTable>;
export type SignalEpisodeRow = Selectable<SignalEpisodeTable>;
export type WebhookDeliveryRow = Selectable<WebhookDeliveryTable>;
export type ChangeRequestRow = Selectable<ChangeRequestTable>;
export type ChangeRequestEntryRow = Selectable<ChangeRequestEntryTable>;
export type ScheduleRow = Selectable<ScheduleTable>;
export type ScheduleRunRow = Selectable<ScheduleRunTable>;
export type ReleaseRow = Selectable<ReleaseTable>;
export type ReleaseTemplateRow = Selectable<ReleaseTemplateTable>;
export type ReleaseDecisionRow = Selectable<ReleaseDecisionTable>;
export type FreezeRow = Selectable<FreezeTable>;
