import type { Kysely, Transaction } from 'kysely';
import type { AccessTables } from './tables/access.ts';
import type { AuditTables } from './tables/audit.ts';
import type { ChangeRequestsTables } from './tables/change-requests.ts';
import type { ContextsTables } from './tables/contexts.ts';
import type { FlagsTables } from './tables/flags.ts';
import type { InstallationTables } from './tables/installation.ts';
import type { KillsTables } from './tables/kills.ts';
import type { MigrationPlansTables } from './tables/migration-plans.ts';
import type { ReleasesTables } from './tables/releases.ts';
import type { RulesetsTables } from './tables/rulesets.ts';
import type { SafeguardsTables } from './tables/safeguards.ts';
import type { SignalsTables } from './tables/signals.ts';
import type { WebhooksTables } from './tables/webhooks.ts';

/**
 * The database as SQL sees it. Conventions, the same on every engine: ids are text (see `new-id.ts`), times are
 * milliseconds since 1970 UTC, JSON is text, booleans are 0 or 1 (see `booleans.ts`).
 */
export interface Tables
  extends AccessTables,
    FlagsTables,
    RulesetsTables,
    AuditTables,
    ChangeRequestsTables,
    KillsTables,
    SignalsTables,
    SafeguardsTables,
    ReleasesTables,
    MigrationPlansTables,
    ContextsTables,
    WebhooksTables,
    InstallationTables {}

export type Database = Kysely<Tables>;
export type DatabaseTransaction = Transaction<Tables>;
/** What repositories take: they work inside and outside a transaction. */
export type Querier = Database | DatabaseTransaction;
