import type { Selectable } from 'kysely';
import type { Bit } from '../booleans.ts';

/** Projects, and what people make in them. */
export interface FlagsTables {
  projects: ProjectTable;
  environments: EnvironmentTable;
  flags: FlagTable;
  flag_environments: FlagEnvironmentTable;
  former_flag_keys: FormerFlagKeyTable;
  segments: SegmentTable;
  keys: KeyTable;
  flag_comments: FlagCommentTable;
  flag_views: FlagViewTable;
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
export type ProjectRow = Selectable<ProjectTable>;

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
export type EnvironmentRow = Selectable<EnvironmentTable>;

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
export type FlagRow = Selectable<FlagTable>;

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
export type FlagEnvironmentRow = Selectable<FlagEnvironmentTable>;

/** A key that a flag had before it was renamed. Nobody else can take it. */
interface FormerFlagKeyTable {
  project_id: string;
  key: string;
  flag_id: string;
  renamed_at: number;
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
export type SegmentRow = Selectable<SegmentTable>;

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
export type KeyRow = Selectable<KeyTable>;

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
export type FlagCommentRow = Selectable<FlagCommentTable>;

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
export type FlagViewRow = Selectable<FlagViewTable>;
