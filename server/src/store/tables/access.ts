import type { Selectable } from 'kysely';
import type { Bit } from '../booleans.ts';

/** Who may come in, how they prove it, and what they may do. */
export interface AccessTables {
  users: UserTable;
  sessions: SessionTable;
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
  setup_tokens: SetupTokenTable;
}

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
export type UserRow = Selectable<UserTable>;

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
export type SessionRow = Selectable<SessionTable>;

/** A one-time link by which a person sets a password. */
interface PasswordLinkTable {
  /** SHA-256 of the token, hex. */
  token_hash: string;
  user_id: string;
  expires_at: number;
  /** 1: the person is asked for no second factor, and has none from then on. */
  drops_second_factor: Bit;
}
export type PasswordLinkRow = Selectable<PasswordLinkTable>;

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
export type SecondFactorRow = Selectable<SecondFactorTable>;

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
export type IdentityProviderRow = Selectable<IdentityProviderTable>;

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
export type GroupRow = Selectable<GroupTable>;

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
export type ServiceAccountRow = Selectable<ServiceAccountTable>;

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
export type TokenRow = Selectable<TokenTable>;

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
export type RoleRow = Selectable<RoleTable>;

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
export type GrantRow = Selectable<GrantTable>;

interface SetupTokenTable {
  /** SHA-256 of the token, hex. */
  token_hash: string;
  created_at: number;
}
